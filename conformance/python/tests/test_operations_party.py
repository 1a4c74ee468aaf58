"""The operations on parties, on frames that a run in one process made."""

import unittest

from deepshare.backends import BACKENDS
from deepshare.local import run_local
from deepshare.network import network_from_obj
from deepshare.operations_party import OPERATIONS
from deepshare.party import ROLES
from deepshare.values import Refused
from tests.spec_network import TWO_LAYERS, two_layers_by_hand

SEEDS = {role: bytes([number] * 32) for number, role in enumerate(ROLES)}
SESSION = bytes([0x5A] * 16)
IMAGES = [[5, 2], [-7, -7]]


def public(network: dict) -> dict:
    """The public part: no weights, biases and private gates. [DS-NET-7]"""
    layers = [{k: v for k, v in layer.items() if k not in ("weights", "bias")} for layer in network["layers"]]
    return {**network, "part": "public", "layers": layers}


class Trace:
    def __init__(self):
        self.steps = []

    def note(self, name, clause, value):
        self.steps.append((name, clause, value))


class Party(unittest.TestCase):
    def setUp(self):
        network = network_from_obj(TWO_LAYERS)
        self.transcripts = {
            backend: run_local(backend, network, IMAGES, SEEDS, SESSION)[1] for backend in BACKENDS
        }

    def case(self, backend, role):
        incoming = [{"from": s.sender, "frame": s.frame.hex()}
                    for s in self.transcripts[backend] if s.receiver == role]
        case = {
            "backend": backend, "role": role, "network": TWO_LAYERS if role == "server" else public(TWO_LAYERS),
            "batch": 2, "session": SESSION.hex(), "seed": SEEDS[role].hex(), "incoming": incoming,
        }
        if role == "client":
            case["images"] = [[str(value) for value in image] for image in IMAGES]
        return case

    def test_same_frames(self):
        for backend in BACKENDS:
            for role in ROLES:
                trace = Trace()
                output = OPERATIONS["party"](self.case(backend, role), trace)
                sent = [{"to": s.receiver, "frame": s.frame.hex()}
                        for s in self.transcripts[backend] if s.sender == role]
                self.assertEqual(output["outgoing"], sent, (backend, role))
                self.assertEqual(len(trace.steps), len(sent))
                self.assertEqual("outputs" in output, role == "client")
                if role == "client":
                    expected = [[str(y % 2**16) for y in two_layers_by_hand(image)] for image in IMAGES]
                    self.assertEqual(output["outputs"], expected)

    def refused(self, case):
        with self.assertRaises(Refused) as caught:
            OPERATIONS["party"](case, Trace())
        return caught.exception

    def test_closed(self):
        case = self.case("gmw", "server")
        last = case["incoming"].pop()
        refused = self.refused(case)
        self.assertEqual((refused.code, refused.at["from"]), ("party/closed", last["from"]))
        self.assertTrue(refused.output["outgoing"])
        self.assertNotIn("outputs", refused.output)

    def test_every_kind_of_frame_error(self):
        position = {"frame/version": (0, 2), "frame/session": (3, 0), "frame/phase": (17, 3),
                    "frame/round": (18, 0), "frame/sequence": (22, 9), "frame/step": (31, 0x41)}
        for code, (at, byte) in position.items():
            case = self.case("gmw", "client")
            entry = next(e for e in case["incoming"] if e["from"] == "server")
            frame = bytearray.fromhex(entry["frame"])
            frame[at] = byte
            entry["frame"] = frame.hex()
            refused = self.refused(case)
            self.assertEqual((refused.code, refused.at), (code, {"from": "server", "step": "linear/weights"}))

    def test_padding_and_key_version(self):
        for label, at, code in (("and/leaves", -1, "frame/padding"), ("dcf/deal-keys", 39 + 13, "frame/key-version")):
            backend = "gmw" if label == "and/leaves" else "fss"
            case = self.case(backend, "client")
            entry = next(e for e in case["incoming"] if label.encode().hex() in e["frame"])
            frame = bytearray.fromhex(entry["frame"])
            frame[at] ^= 0x80
            entry["frame"] = frame.hex()
            self.assertEqual(self.refused(case).code, code)


class Others(unittest.TestCase):
    def test_shape(self):
        output = OPERATIONS["shape"]({"backend": "gmw", "network": public(TWO_LAYERS), "batch": 1}, Trace())
        self.assertEqual(output["frames"][0], {
            "phase": "session", "round": 2, "from": "server", "to": "client", "label": "linear/weights",
            "element_bits": 16, "count": 4})
        groups = [(frame["from"], frame["to"]) for frame in output["frames"]]
        self.assertEqual(list(dict.fromkeys(groups)), [
            ("server", "client"), ("client", "server"), ("trusted", "server"), ("trusted", "client")])
        self.assertEqual(sum(a != b for a, b in zip(groups, groups[1:])), 3)

    def test_carry(self):
        for width in range(1, 6):
            for a in range(1 << width):
                for b in range(1 << width):
                    server, client = (format(n, f"0{width}b")[::-1] for n in (a, b))
                    fields = {"server": server, "client": client}
                    self.assertEqual(OPERATIONS["carry"](fields, Trace()), {"carry": str((a + b) >> width)})
                    for split in range(1, width):
                        low = (a % (1 << split) + b % (1 << split)) >> split
                        output = OPERATIONS["carry"]({**fields, "split": split}, Trace())
                        self.assertEqual(output, {"carry": str((a + b) >> width), "low": str(low)})

    def test_dcf(self):
        fields = {"session": "5a" * 16, "number": "3", "bits": 2, "width": 4}
        made = OPERATIONS["dcf-keys"](
            {**fields, "thresholds": ["2"], "payloads": [["5"]], "roots": [["01" * 16, "02" * 16]]}, Trace())
        shares = [OPERATIONS["dcf-evaluate"](
            {**fields, "role": role, "payloads": [1], "keys": made[role], "x": ["1"]}, Trace())["elements"]
            for role in ("server", "client")]
        self.assertEqual(shares, [["10"], ["11"]])

    def test_dcf_steps(self):
        fields = {"session": "5a" * 16, "number": "3", "bits": 2, "width": 4}
        trace = Trace()
        made = OPERATIONS["dcf-keys"](
            {**fields, "thresholds": ["2"], "payloads": [["5"]], "roots": [["01" * 16, "02" * 16]]}, trace)
        self.assertEqual([step[0] for step in trace.steps], [
            "key 0 number", "key 0 level 0", "key 0 level 1", "key 0 end"])
        self.assertEqual(trace.steps[0][2], "3")
        self.assertEqual((trace.steps[1][2]["bits"], trace.steps[1][2]["masks"]), ("00", ["8"]))
        trace = Trace()
        asked = {**fields, "role": "client", "payloads": [1], "x": ["1"]}
        OPERATIONS["dcf-evaluate"]({**asked, "keys": made["client"]}, trace)
        self.assertEqual([step[0] for step in trace.steps], [
            "key 0 number", "key 0 level 0", "key 0 level 1", "key 0 sum"])
        self.assertEqual(trace.steps[3][2], ["5"])  # Y, whose negative is the share
        trace = Trace()
        with self.assertRaises(Refused) as caught:
            OPERATIONS["dcf-evaluate"]({**asked, "keys": "02" + made["client"][2:]}, trace)
        self.assertEqual((caught.exception.code, trace.steps), ("frame/key-version", []))


if __name__ == "__main__":
    unittest.main()
