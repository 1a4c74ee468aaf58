"""Every value under every split, and frames that the specification lists."""

import unittest

from deepshare.backends import BACKENDS
from tests.script import frames, payload, run_script, spread


def all_splits(k):
    pairs = [(s, c) for s in range(1 << k) for c in range(1 << k)]
    return {"server": [s for s, _ in pairs], "client": [c for _, c in pairs]}


def clear(shares, k):
    return [(s + c) % (1 << k) for s, c in zip(shares["server"], shares["client"])]


def gated(xs, k, minus):
    half = 1 << (k - 1)
    return [x if (x - minus) % (1 << k) < half else 0 for x in xs]


class EverySplit(unittest.TestCase):
    def check(self, backend, k, steps, expected):
        shares = all_splits(k)
        server, client, _ = run_script(backend, k, shares, steps)
        found = [(s + c) % (1 << k) for s, c in zip(server.elements, client.elements)]
        self.assertEqual(found, expected(clear(shares, k)), (backend, k, steps[0][:2]))

    def test_gates(self):
        for backend in BACKENDS:
            for k in (2, 3, 4, 5) if backend == "gmw" else (2, 3):
                n = 1 << (2 * k)
                for step, minus in (("nonnegative", 0), ("positive", 1)):
                    want = lambda xs: gated(xs, k, minus)
                    first = ("activate", step, range(n), range(n))
                    mixed = ("activate", step, range(n // 2), spread([(n, n // 2), (n // 2, n // 2)]))
                    self.check(backend, k, [first], want)
                    self.check(backend, k, [first, ("apply", range(n))], want)
                    self.check(backend, k, [first, mixed], want)
                    self.check(backend, k, [("open", step), ("apply", range(n))], want)

    def test_truncation(self):
        for backend in BACKENDS:
            for k in (2, 3, 4, 5) if backend == "gmw" else (2, 3):
                half = 1 << (k - 1)
                for f in range(k):
                    floor = lambda x: ((x - (x >= half) * 2 * half) >> f) % (1 << k)
                    self.check(backend, k, [("truncate", f)], lambda xs: [floor(x) for x in xs])


class Frames(unittest.TestCase):
    def test_gmw_dealer_bytes(self):
        """One gate at k = 2 from the dealer's coins. [DS-GMW-8]"""
        from deepshare.xof import Coins, session_seed

        seed = bytes([9] * 32)
        coins = Coins("gmw", "trusted", session_seed(seed, bytes(16)))
        u, v, c0, a, a0 = (coins.plane(1)[0] for _ in range(5))
        r0 = coins.ring(2, 1)[0]
        _, _, transcript = run_script("gmw", 2, {"server": [1], "client": [2]}, [("open", "nonnegative")], seed)
        sent = [(s.receiver, s.label, payload(s)) for s in transcript if s.sender == "trusted"]
        two = lambda value: f"{value:02x}"
        self.assertEqual(sent, [
            ("server", "and/deal-leaves", two(u | c0 << 1)),
            ("client", "and/deal-leaves", two(v | (u & v ^ c0) << 1)),
            ("server", "gate/deal-mask-bit", two(a0)),
            ("client", "gate/deal-mask-bit", two(a ^ a0)),
            ("server", "gate/deal-mask-ring", two(r0)),
            ("client", "gate/deal-mask-ring", two((a - r0) & 3)),
        ])

    def test_gmw_rounds(self):
        """The transcript of one element at k = 2. [DS-COST-3]"""
        steps = [("activate", "nonnegative", [0], [0])]
        _, _, transcript = run_script("gmw", 2, {"server": [1], "client": [2]}, steps)
        online = [(s.round, s.sender, s.label) for s in transcript if s.phase == "online"]
        self.assertEqual(online, [
            (1, "server", "and/leaves"),
            (1, "client", "and/leaves"),
            (2, "client", "apply/delta"),
            (2, "client", "apply/epsilon"),
            (2, "server", "apply/delta"),
            (2, "server", "apply/epsilon"),
        ])

    def test_gmw_frames(self):
        """A gate and a truncation at k = 4, from the block of [DS-GMW-9]."""
        steps = [("activate", "nonnegative", [0], [0]), ("truncate", 2)]
        _, _, transcript = run_script("gmw", 4, {"server": [1], "client": [2]}, steps)
        gate = [("and/deal-leaves", 6), ("and/deal-products", 2), ("and/deal-products", 2),
                ("gate/deal-mask-bit", 1), ("gate/deal-mask-ring", 4),
                ("apply/deal-elements", 4), ("apply/deal-elements", 4)]
        mask = [("truncate/deal-mask-bit", 1), ("truncate/deal-mask-ring", 4)]
        cut = [("and/deal-leaves", 8), ("and/deal-products", 6), ("and/deal-products", 2), *mask, *mask]
        exchanged = [("and/leaves", 3), ("and/products", 1), ("and/products", 1), ("apply/delta", 1),
                     ("apply/epsilon", 4), ("and/leaves", 4), ("and/products", 2), ("and/products", 2),
                     ("truncate/carries", 2)]
        for party, peer in (("server", "client"), ("client", "server")):
            self.assertEqual(frames(transcript, "trusted", party), gate + cut)
            self.assertEqual(frames(transcript, party, peer), exchanged)

    def test_fss_bytes(self):
        """One activation in bytes, k = 2. [DS-FSS-32]"""
        steps = [("activate", "nonnegative", [0], [0])]
        server, client, transcript = run_script("fss", 2, {"server": [1], "client": [2]}, steps, bytes([9] * 32))
        same = "df1ad46d1774d736a5bc5f90c82b5da8e801"
        keys = [f"01{root}{same}" for root in (
            "880c65a22eafba29c4329deb8b8b55a5", "148c9821fb8b8c7d3ae6c47bbdade6d0")]
        expected = ["01", "00", *keys, "00", "00", "02", "02", "02", "02"]
        self.assertEqual([payload(s) for s in transcript if s.sender == "trusted"], expected[:8])
        self.assertEqual([payload(s) for s in transcript if s.label == "gate/masked"], expected[8:])
        self.assertEqual((server.elements, client.elements), ([0], [0]))

    def test_fss_frames(self):
        """A gate, a later use, a mixed layer and a truncation, both forms, at k = 8 and f = 3. [DS-FSS-32]"""
        first = ("activate", "nonnegative", [0], [0, 0])
        mixed = ("activate", "nonnegative", [0], [1, 0])
        for backend in ("fss", "fss-select"):
            steps = [first, mixed, ("apply", [0, 1]), ("truncate", 3)]
            _, _, transcript = run_script(backend, 8, {"server": [1, 5], "client": [2, 9]}, steps)
            for party, peer in (("server", "client"), ("client", "server")):
                self.assertEqual(frames(transcript, "trusted", party), fss_dealt(backend))
                self.assertEqual(frames(transcript, party, peer), fss_sent(backend))


def fss_keys(n, w, gates, count):
    return ("dcf/deal-keys", 8 + gates * (128 + 130 * n) + count * (n + 1) * w)


def fss_dealt(backend):
    masks = [("gate/deal-mask-bit", 1), ("gate/deal-mask-ring", 8)]
    elements = [("apply/deal-elements", 16)] * 2
    cut = [("truncate/deal-masks", 16), fss_keys(3, 8, 2, 2), fss_keys(8, 8, 2, 2), ("truncate/deal-shifted", 16)]
    selected = lambda count: [("gate/deal-selected", 8 * count)]
    if backend == "fss":
        layer = lambda served: [("gate/deal-masks", 16), fss_keys(7, 8, 1, 1 + served), ("gate/deal-tops", 8),
                                ("gate/deal-top-products", 8 * served)]
        return layer(2) + layer(1) + masks + selected(1) + masks + elements + cut
    layer = [("gate/deal-masks", 16), fss_keys(7, 2, 1, 1), ("gate/deal-tops", 1)] + masks + selected(2)
    return layer + layer + elements + cut


def fss_sent(backend):
    delta, masked = ("apply/delta", 1), ("gate/masked", 16)
    after = [("apply/epsilon", 16), ("truncate/masked", 16)]
    return [masked, delta, masked, delta, *after]


if __name__ == "__main__":
    unittest.main()
