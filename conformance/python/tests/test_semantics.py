"""Protocols compute the ring semantics; integers agree wherever they have a result. [DS-NET-11] [DS-NET-12]"""

import random
import unittest

from deepshare.backends import BACKENDS
from deepshare.evaluate import evaluate
from deepshare.local import run_local
from deepshare.network import network_from_obj
from deepshare.values import Refused, Width
from tests.test_operations_of_networks import SEEDS, network


def taken_to(width, step, gates="public"):
    """The network of all operations over another ring, where its parameters fit."""
    given = network(gates)
    given["plan"] |= {"width": width, "step": step}
    return network_from_obj(given)


class Theorem(unittest.TestCase):
    def test_integers_agree(self):
        rng, results, errors = random.Random(5), 0, 0
        for width in (6, 9, 12, 16, 64):
            for step in ("nonnegative", "positive"):
                checked = taken_to(width, step)
                for _ in range(40):
                    x = [rng.randrange(-6, 7) for _ in range(9)]
                    try:
                        self.assertEqual(evaluate(checked, "integer", x), evaluate(checked, "ring", x))
                        results += 1
                    except Refused as refused:
                        self.assertEqual(refused.code, "semantics/overflow")
                        errors += 1
        self.assertGreater(results, 50)
        self.assertGreater(errors, 50)

    def test_protocols_compute_the_ring(self):
        rng = random.Random(6)
        for width in (6, 7, 13):
            for step in ("nonnegative", "positive"):
                for backend in BACKENDS:
                    whole = taken_to(width, step, rng.choice(("public", "private")))
                    images = [[rng.randrange(-(2**width), 2**width) for _ in range(9)] for _ in range(2)]
                    output, _ = run_local(backend, whole, images, SEEDS)
                    expected = [y for image in images for y in evaluate(whole, "ring", image)]
                    self.assertEqual([Width(width).decode(y) for y in output.elements], expected)


if __name__ == "__main__":
    unittest.main()
