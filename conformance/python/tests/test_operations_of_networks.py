"""A network with every operation, against its formulas written out."""

import random
import unittest

from deepshare.backends import BACKENDS
from deepshare.local import run_local
from deepshare.network import network_from_obj
from deepshare.party import ROLES

WIDTH = 20
SEEDS = {role: bytes([number + 5] * 32) for number, role in enumerate(ROLES)}
CONV = [3, -2, 1, 5, -4, 2, 7, -1]  # [2 outputs][1 input][2][2]
BIAS = [10, -20]
DENSE = [[1, -1, 2, 3, 0, 1, -2, 4], [5, 1, -3, 2, 2, -1, 1, 1]]


def network(gates):
    channels = [
        {"source": "prototype", "gate": {"alpha": 3, "beta": -1}},
        {"source": {"layer": 0, "channel": 0}, "gate": {"alpha": 2, "beta": 1}},
    ]
    later = [{"source": {"layer": 0, "channel": 0}}, {"source": "linear"}]
    shape = [2, 2, 2]
    return {
        "format": "deepshare-network/1", "name": "all operations", "input": {"shape": [1, 3, 3], "scale": 0},
        "layers": [
            {"name": "conv", "op": "conv", "from": "input", "out_channels": 2, "kernel": [2, 2], "stride": [1, 1],
             "padding": [0, 0], "groups": 1, "weight_scale": 0, "weights": CONV, "bias": BIAS},
            {"name": "act", "op": "activation", "from": "conv", "layer": 0},
            {"name": "pool", "op": "sum_pool", "from": "act", "window": [2, 2], "stride": [2, 2]},
            {"name": "wide", "op": "broadcast", "from": "pool", "size": [2, 2]},
            {"name": "sum", "op": "add", "from": ["act", "wide"]},
            {"name": "later", "op": "activation", "from": "sum", "layer": 1},
            {"name": "cut", "op": "truncate", "from": "later", "shift": 2},
            {"name": "out", "op": "dense", "from": "cut", "outputs": 2, "weight_scale": 0,
             "weights": DENSE[0] + DENSE[1]},
        ],
        "plan": {"format": "deepshare-plan/1", "width": WIDTH, "step": "nonnegative", "layers": [
            {"shape": shape, "gate_scale": 1, "gates": gates, "channels": channels},
            {"shape": shape, "gate_scale": 1, "gates": gates, "channels": later}]},
    }


def in_the_clear(image):
    """Small enough to stay in range, so on integers."""
    conv = [
        [sum(CONV[4 * o + 2 * a + b] * image[3 * (r + a) + c + b] for a in (0, 1) for b in (0, 1)) + BIAS[o]
         for r in (0, 1) for c in (0, 1)]
        for o in (0, 1)
    ]
    d = [int(x >= 0) for x in conv[0]]
    act = [[(3 * bit - 1) * x for bit, x in zip(d, conv[0])], [(2 * bit + 1) * x for bit, x in zip(d, conv[1])]]
    total = [[x + sum(channel) for x in channel] for channel in act]
    later = [[2 * bit * x for bit, x in zip(d, total[0])], [2 * x for x in total[1]]]
    cut = [x >> 2 for channel in later for x in channel]
    return [sum(w * x for w, x in zip(row, cut)) % 2**WIDTH for row in DENSE]


class AllOperations(unittest.TestCase):
    def test_outputs(self):
        rng = random.Random(2)
        images = [[rng.randrange(-9, 10) for _ in range(9)] for _ in range(3)]
        expected = [y for image in images for y in in_the_clear(image)]
        for gates in ("public", "private"):
            for backend in BACKENDS:
                output, _ = run_local(backend, network_from_obj(network(gates)), images, SEEDS)
                self.assertEqual(output.elements, expected, (backend, gates))


if __name__ == "__main__":
    unittest.main()
