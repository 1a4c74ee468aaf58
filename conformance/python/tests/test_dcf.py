"""The key by hand of [DS-FSS-6], and every threshold and input."""

import unittest

from deepshare.fss.dcf import Form, evaluate_keys, make_keys
from deepshare.values import Refused

SESSION = bytes([0x5A] * 16)


class Keys(unittest.TestCase):
    def test_by_hand(self):
        form = Form(2, 4, 1, [0])
        roots = [int.from_bytes(bytes([value] * 16), "little") for value in (1, 2)]
        server, client = make_keys(SESSION, 3, form, [2], [5], roots)
        expected = "01" * 17 + "8bed7e471f4b7d11051e3badd6ee9720" + "e0437d7df56b5ec4d510f2b42d6df8ac91d2"
        self.assertEqual(server.hex(), expected)
        shares = [[evaluate_keys(SESSION, 3, form, b, keys, [x])[0] for b, keys in enumerate((server, client))]
                  for x in range(4)]
        self.assertEqual(shares, [[8, 13], [10, 11], [6, 10], [10, 6]])

    def test_every_threshold_and_input(self):
        for n, w in ((1, 2), (3, 9), (5, 64)):
            keys, beta = 1 << n, [(17 * i + 3) % (1 << w) for i in range(2 << n)]
            owners = [i * 5 % keys for i in range(2 * keys)]
            form = Form(n, w, keys, owners)
            roots = [i * 2**90 + 7 * i + 1 for i in range(2 * keys)]
            pair = make_keys(SESSION, 0, form, list(range(keys)), beta, roots)
            for x in range(1 << n):
                shares = [evaluate_keys(SESSION, 0, form, b, pair[b], [x] * keys) for b in range(2)]
                sums = [(a + b) % (1 << w) for a, b in zip(*shares)]
                self.assertEqual(sums, [b if x < owner else 0 for b, owner in zip(beta, owners)])

    def test_refused(self):
        with self.assertRaises(Refused) as caught:
            Form(65, 2, 1, [0])
        self.assertEqual(caught.exception.code, "value/input-bits")
        with self.assertRaises(Refused) as caught:
            evaluate_keys(SESSION, 0, Form(1, 2, 1, [0]), 0, bytes([2] * 60), [0])
        self.assertEqual(caught.exception.code, "value/key-version")


if __name__ == "__main__":
    unittest.main()
