"""Changed frames and what they lead to."""

import unittest
from dataclasses import replace

from deepshare.generation import complete
from deepshare.tampering import FRAMES, tamper
from deepshare.wire import Header, read_frame, write_frame
from deepshare.values import Refused

from .spec_network import TWO_LAYERS

PAYLOAD = bytes.fromhex("bc3a12")
HEADER = Header(bytes.fromhex("5a" * 16), "online", 8, 15, "apply/epsilon", 3)
CODES = {
    "truncate": "cut", "cut-header": "cut", "extend": "cut", "wrong-version": "version", "wrong-session": "session",
    "wrong-phase": "phase", "no-phase": "phase", "zero-round": "round", "late-round": "round",
    "dealer-round": "round", "wrong-sequence": "sequence", "wrong-label": "step", "wrong-length": "length",
}


def frame_of(number):
    return bytes([number])


class Frames(unittest.TestCase):
    def test_codes(self):
        """Each change of a header breaks one rule of [DS-WIRE-5]."""
        for change, code in CODES.items():
            with self.assertRaises(Refused, msg=change) as caught:
                read_frame(HEADER, FRAMES[change](write_frame(HEADER, PAYLOAD)))
            self.assertEqual(caught.exception.code, f"frame/{code}", change)

    def test_rounds(self):
        """Round 3 may come where round 8 may, and not where nothing has been consumed."""
        frame = FRAMES["round-three"](write_frame(HEADER, PAYLOAD))
        self.assertEqual(read_frame(HEADER, frame)[0], 3)
        with self.assertRaises(Refused):
            read_frame(replace(HEADER, round=1), frame)

    def test_payloads(self):
        for change, payload in (("flip-padding", "bc3a92"), ("flip-bit", "bd3a12"), ("key-version", "023a12")):
            _, found = read_frame(HEADER, FRAMES[change](write_frame(HEADER, PAYLOAD)))
            self.assertEqual(found.hex(), payload, change)

    def test_points(self):
        header, payload = replace(HEADER, payload_bytes=40), bytes(range(40))
        for change, byte in (("no-point", b"\xff"), ("identity", b"\0")):
            _, found = read_frame(header, FRAMES[change](write_frame(header, payload)))
            self.assertEqual(found, byte * 32 + payload[32:], change)

    def test_order(self):
        for change, number, expected in (
            ("end", 1, [0]), ("end", 0, []), ("drop", 1, [0, 2]), ("repeat", 1, [0, 1, 1, 2]), ("swap", 1, [0, 2, 1]),
        ):
            frames = [frame_of(entry) for entry in range(3)]
            tamper(frames, number, change)
            self.assertEqual(frames, [frame_of(entry) for entry in expected], change)


class Cases(unittest.TestCase):
    def test_expanded(self):
        """What was sent before the error stands in the output, and each outgoing frame is a step."""
        seeds = {role: f"{number:02x}" * 32 for number, role in enumerate(("server", "client", "trusted"))}
        given = {"backend": "gmw", "role": "server", "network": TWO_LAYERS, "batch": 1, "session": "5a" * 16,
                 "seeds": seeds, "images": [["5", "2"]], "tamper": [{"from": "client", "number": 2, "change": "end"}]}
        case = complete({"operation": "party", "input": given})
        self.assertEqual(set(case["input"]), {"backend", "role", "network", "batch", "session", "seed", "incoming"})
        senders = [entry["from"] for entry in case["input"]["incoming"]]
        self.assertEqual(senders[:3], ["client", "client", "trusted"])
        self.assertEqual(case["expect"]["error"], {
            "code": "party/closed", "at": {"from": "client", "step": "and/leaves"}})
        outgoing = case["expect"]["output"]["outgoing"]
        self.assertEqual([step["value"]["frame"] for step in case["steps"]], [entry["frame"] for entry in outgoing])
        self.assertEqual(case["steps"][0]["name"], "0 to client linear/weights")


if __name__ == "__main__":
    unittest.main()
