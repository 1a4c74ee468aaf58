"""All backends give what the network gives, and send as much as the specification's formulas say."""

import random
import unittest

from deepshare.backends import BACKENDS
from deepshare.local import run_local, run_shapes
from deepshare.network import network_from_obj
from deepshare.party import ROLES
from tests.spec_network import TWO_LAYERS, three_activations, two_layers_by_hand

SEEDS = {role: bytes([number] * 32) for number, role in enumerate(ROLES)}


def bits_sent(transcript, sender, phase):
    return sum(s.element_bits * len(s.value) for s in transcript if (s.sender, s.phase) == (sender, phase))


def described(transcript):
    return [(s.phase, s.round, s.sender, s.receiver, s.label, s.element_bits, len(s.value)) for s in transcript]


class TwoLayers(unittest.TestCase):
    """The network of [DS-NET-9]."""

    def test_outputs(self):
        network = network_from_obj(TWO_LAYERS)
        images = [[5, 2], [2, 5], [0, 0], [-1, -8], [-7, -7]]
        expected = [value % 2**16 for image in images for value in two_layers_by_hand(image)]
        for backend in BACKENDS:
            output, transcript = run_local(backend, network, images, SEEDS)
            self.assertEqual(output.elements, expected, backend)
            self.assertEqual(described(transcript), described(run_shapes(backend, network.public_part(), 5)))


class ThreeActivations(unittest.TestCase):
    """The costs of [DS-GMW-5] and [DS-FSS-14] of a plan, and values in the clear."""

    def test_values(self):
        rng = random.Random(1)
        for width in (2, 3, 8, 33, 64):
            for gates in ("public", "private"):
                for step in ("positive", "nonnegative"):
                    network = network_from_obj(three_activations(width, gates, step))
                    images = [[rng.randrange(2**width) for _ in range(12)] for _ in range(2)]
                    expected = [y for image in images for y in in_the_clear(image, width, step)]
                    for backend in BACKENDS:
                        output, _ = run_local(backend, network, images, SEEDS)
                        self.assertEqual(output.elements, expected, (backend, width, gates, step))

    def test_costs(self):
        for k in (2, 3, 8, 32, 64):
            for gates in ("public", "private"):
                network = network_from_obj(three_activations(k, gates)).public_part()
                private = int(gates == "private")
                transcript = run_shapes("gmw", network, 1)
                leaves = k - 1
                opened = 2 * leaves + 4 * (leaves - 1) - 2 * (leaves - 1).bit_length()
                each_way = (12 * (opened + 2) + 28 * 2 * k) // 2
                self.assertEqual(bits_sent(transcript, "server", "online"), each_way + 12 * k)
                self.assertEqual(bits_sent(transcript, "client", "online"), each_way + (12 + 20 * private) * k)
                self.assertEqual(bits_sent(transcript, "server", "session"), 5 * k * private)
                dealt = 2 * (12 * (opened + 1 + k) + 28 * 2 * k) + private * (20 + 24) * k
                self.assertEqual(bits_sent(transcript, "trusted", "offline"), dealt)
                for backend in ("fss", "fss-select"):
                    self.check_fss(backend, k, private, run_shapes(backend, network, 1))

    def check_fss(self, backend, k, private, transcript):
        payload = backend == "fss"
        each_way = 28 * k + (8 if payload else 12)
        self.assertEqual(bits_sent(transcript, "server", "online"), each_way + 12 * k)
        self.assertEqual(bits_sent(transcript, "client", "online"), each_way + (12 + 20 * private) * k)
        keys = lambda gates: 8 + gates * (128 + (k - 1) * 130)
        if payload:
            first = 12 * k + keys(8) + 20 * k * k + 20 * k
            third = 8 * k + keys(4) + 8 * k * k + 8 * k + 4 * k
        else:
            gate = 2 * k + 1 + 1 + k
            first, third = 12 * k + keys(8) + 8 * gate + 12 * k, 8 * k + keys(4) + 4 * gate + 8 * k
        second = 8 * 2 * k + (8 * (1 + k) if payload else 0)
        total = 2 * (first + second + third) + private * (20 + 24) * k
        self.assertEqual(bits_sent(transcript, "trusted", "offline"), total)


def in_the_clear(image, width, step):
    """The three layers in ring semantics, by [DS-DRELU-1] and [DS-DRELU-2]."""
    half, modulus = 2 ** (width - 1), 2**width
    bit = lambda x: int((x - (step == "positive")) % modulus < half)
    first, second = [bit(x) for x in image[:4]], [bit(x) for x in image[4:8]]
    a = [d * x for d, x in zip(first + second + first, image)]
    b = [d * x for d, x in zip(first + [1] * 4 + first, a)]
    new = [bit(x) for x in b[4:8]]
    return [d * x for d, x in zip(first + new + [1] * 4, b)]


if __name__ == "__main__":
    unittest.main()
