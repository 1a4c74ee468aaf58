"""Values, frames, coins: the examples of the chapters Values, Wire and Parties."""

import unittest

from deepshare.values import Refused, Width, check_shape, planes_of, position_of
from deepshare.wire import Header, pack, read_frame, unpack, write_frame
from deepshare.xof import Coins, public_digest, session_identifier, xof, xof_input


def code_of(call, *arguments):
    try:
        call(*arguments)
    except Refused as refused:
        return refused.code
    return None


class Values(unittest.TestCase):
    def test_width(self):
        k4 = Width(4)
        self.assertEqual([k4.decode(x) for x in range(16)], [*range(8), *range(-8, 0)])
        self.assertEqual(k4.encode_wrapping(-9), 7)
        self.assertEqual([k4.contains(v) for v in (-9, 8, -8)], [False, False, True])
        self.assertEqual([code_of(Width, bits) for bits in (1, 2, 64, 65)], ["value/width", None, None, "value/width"])
        self.assertEqual(code_of(k4.encode, 8), "value/does-not-fit")

    def test_planes_and_shapes(self):
        self.assertEqual(planes_of([6, 1, 4], 3), [[0, 1, 0], [1, 0, 0], [1, 0, 1]])
        self.assertEqual(position_of((2, 3, 4), 17), (1, 1, 1))
        self.assertEqual(code_of(check_shape, (1, 0, 1)), "value/empty-shape")
        self.assertEqual(code_of(check_shape, (2**53, 1, 1)), "value/shape-overflow")


class Wire(unittest.TestCase):
    HEADER = Header(bytes([0x5A] * 16), "online", 8, 15, "apply/epsilon", 3)

    def test_packing(self):
        for values, bits, hexadecimal in (
            ([0xABC, 0x123], 12, "bc3a12"), ([1, 2, 4], 3, "1101"), ([1, 0, 1, 0, 1, 1], 1, "35"), ([8191], 13, "ff1f"),
            ([], 5, ""),
        ):
            self.assertEqual(pack(values, bits).hex(), hexadecimal)
            self.assertEqual(unpack(bytes.fromhex(hexadecimal), bits, len(values)), values)
        self.assertEqual(code_of(unpack, b"\x75", 1, 6), "value/padding")
        self.assertEqual(code_of(unpack, b"\x35\x00", 1, 6), "value/payload-length")

    def test_frame(self):
        frame = write_frame(self.HEADER, bytes.fromhex("bc3a12"))
        expected = "01" + "5a" * 16 + "02080000000f000000000000000d6170706c792f657073696c6f6e0300000000000000bc3a12"
        self.assertEqual(frame.hex(), expected)
        self.assertEqual(read_frame(self.HEADER, frame), (8, bytes.fromhex("bc3a12")))

    def test_malformed(self):
        frame = write_frame(self.HEADER, bytes.fromhex("bc3a12"))

        def receive(given, *changes):
            given = bytearray(given)
            for at, byte in changes:
                given[at] = byte
            return code_of(read_frame, self.HEADER, bytes(given))

        for at, byte, code in (
            (0, 2, "version"), (1, 0, "session"), (17, 1, "phase"), (17, 4, "phase"), (18, 0, "round"), (18, 9, "round"),
            (22, 14, "sequence"), (31, 0x41, "step"), (31, 0xFF, "step"), (44, 4, "length"),
        ):
            self.assertEqual(receive(frame, (at, byte)), "frame/" + code)
        for given in (frame[:54], frame[:20], b"", frame + b"\0"):
            self.assertEqual(receive(given), "frame/cut")
        self.assertEqual(receive(frame, (1, 0), (17, 4)), "frame/phase")
        self.assertEqual(receive(frame, (1, 0), (17, 1)), "frame/session")
        self.assertEqual(receive(frame[:54], (1, 0), (17, 1)), "frame/session")
        self.assertEqual(receive(frame[:20], (1, 0), (17, 1)), "frame/cut")


class Random(unittest.TestCase):
    def test_xof(self):
        label = "gmw", "server", "test"
        self.assertEqual(len(xof_input(label, bytes([7] * 32), b"context", 5, 16)), 119)
        self.assertEqual(xof(label, bytes([7] * 32), b"context", 5, 16).hex(), "a21248837ee84c007ed1532f608fbce4")

    def test_coins(self):
        coins = Coins("gmw", "client", bytes([1] * 32))
        self.assertEqual(coins.ring(12, 2), [0xE30, 0x43F])
        self.assertEqual(coins.plane(3), [1, 0, 0])
        self.assertEqual((coins.plane(0), coins.ring(5, 0)), ([], []))

    def test_session(self):
        digest = public_digest([("backend", "gmw"), ("batch", "3")])
        self.assertEqual(digest.hex(), "ad5ff0baf571ccbb1b460977bb8154b6cc8b34530341dd6677f3411c487385e9")
        identifier = session_identifier(bytes(16), bytes([1] * 16), digest)
        self.assertEqual(identifier.hex(), "600994f209e6140fbd0f83d7b83d6aea")


if __name__ == "__main__":
    unittest.main()
