"""Bits of coins in shares of outputs, and steps of long payloads."""

import unittest

from deepshare.generation import bits_of_multiple, complete
from deepshare.values import Width

from .spec_network import TWO_LAYERS

SEEDS = {role: f"{number:02x}" * 32 for number, role in enumerate(("server", "client", "trusted"))}


class Fresh(unittest.TestCase):
    def test_multiples(self):
        """As many values as a multiple of a uniform element has. [DS-VEC-14]"""
        width = Width(4)
        for alpha in range(-20, 20):
            values = {alpha * r % 16 for r in range(16)}
            self.assertEqual(2 ** bits_of_multiple(width, alpha), len(values), alpha)


class Payloads(unittest.TestCase):
    def test_decoded(self):
        """Steps have payloads up to 256 bytes decoded. [DS-VEC-7]"""
        for batch in (1, 200):
            given = {"backend": "gmw", "role": "client", "network": TWO_LAYERS, "batch": batch, "session": "5a" * 16,
                     "seeds": SEEDS, "images": [["5", "2"]] * batch}
            steps = complete({"operation": "party", "input": given})["steps"]
            lengths = [len(step["value"]["payload"]) // 2 for step in steps]
            self.assertEqual(max(lengths) > 256, batch == 200)
            for step, length in zip(steps, lengths):
                decoded = "bits" in step["value"] or "elements" in step["value"]
                self.assertEqual(decoded, length <= 256, step["name"])


if __name__ == "__main__":
    unittest.main()
