"""Maps that are refused, in the order of [DS-LIN-12]."""

import unittest

from deepshare.linear import affine_map, convolution_map, dense_map, sum_pool_map
from deepshare.values import Refused

LARGE = 2**53 - 1


def convolution(shape=(2, 2, 3), **changed):
    fields = {"out_channels": 2, "kernel": [1, 2], "stride": [1, 1], "padding": [0, 0], "groups": 1}
    return lambda: convolution_map(shape, {**fields, **changed})


class Refusals(unittest.TestCase):
    def test_codes(self):
        for code, make in (
            ("length", lambda: affine_map((3, 1, 1), [True, False])),
            ("linear-map", convolution(groups=0)),
            ("linear-map", convolution(shape=(3, 2, 3), groups=2)),
            ("linear-map", convolution(out_channels=3, groups=2)),
            ("linear-map", convolution(padding=[0, 2])),
            ("linear-map", convolution(stride=[0, 1])),
            ("linear-map", convolution(kernel=[3, 1])),
            ("linear-map", convolution(out_channels=0, kernel=[3, 1])),  # an axis comes before no outputs
            ("linear-map", lambda: sum_pool_map((1, 2, 2), {"window": [2, 3], "stride": [1, 1]})),
            ("empty-shape", convolution(out_channels=0)),
            ("empty-shape", lambda: dense_map((2, 1, 1), 0)),
            ("shape-overflow", lambda: dense_map((2, 1, 1), LARGE)),  # too many weights
            ("shape-overflow", lambda: dense_map((1, 1, 1), LARGE + 1)),
            ("shape-overflow", convolution(shape=(1, 1, 1), out_channels=LARGE, padding=[0, 1])),
        ):
            with self.assertRaises(Refused, msg=code) as caught:
                make()
            self.assertEqual(caught.exception.code, f"value/{code}")

    def test_largest(self):
        self.assertEqual(dense_map((1, 1, 1), LARGE).weight_count, LARGE)


if __name__ == "__main__":
    unittest.main()
