"""Operations, the adapter, and the comparison with vector files."""

import copy
import hashlib
import json
import subprocess
import sys
import unittest
from pathlib import Path

from deepshare.comparison import check_topic
from deepshare.generation import complete
from deepshare.operations import FIELDS, REGISTRY, perform
from deepshare.operations_party import Unsupported
from deepshare.operations_types import Malformed, Trace
from deepshare.relations import holds
from deepshare.values import Refused
from tests.spec_network import TWO_LAYERS

ADAPTER = Path(__file__).parent.parent / "adapter.py"


def output(name, **fields):
    return perform(name, fields, Trace())


class Operations(unittest.TestCase):
    def refused(self, name, **fields):
        with self.assertRaises(Refused) as caught:
            output(name, **fields)
        return caught.exception.code

    def test_every_operation_has_fields(self):
        self.assertEqual(set(FIELDS), set(REGISTRY))

    def test_values(self):
        self.assertEqual(output("encode", width=4, integers=["-8", "7"]), {"elements": ["8", "7"]})
        self.assertEqual(output("decode", width=4, elements=["8", "7"]), {"integers": ["-8", "7"]})
        self.assertEqual(output("share", width=4, elements=["1"], server=["2"]), {"client": ["15"]})
        self.assertEqual(
            output("reconstruct", width=4, server=["2"], client=["7"]), {"elements": ["9"], "integers": ["-7"]})
        self.assertEqual(output("planes", width=3, elements=["6", "1", "4"]), {"planes": ["010", "100", "101"]})
        self.assertEqual(
            output("arithmetic", width=4, operator="multiply", left=["7"], right=["7"]), {"elements": ["1"]})
        self.assertEqual(self.refused("encode", width=4, integers=["8"]), "value/does-not-fit")
        self.assertEqual(
            self.refused("shared-input", width=8, x=["128"], seeds=["00" * 32]), "value/does-not-fit")
        self.assertEqual(self.refused("share", width=4, elements=["1"], server=[]), "value/length")
        self.assertEqual(self.refused("decode", width=65, elements=[]), "value/width")

    def test_packing(self):
        self.assertEqual(output("pack", width=4, shift=1, elements=["2", "14"]), {"bytes": "39"})
        self.assertEqual(output("unpack", width=4, shift=1, count=2, bytes="39"), {"elements": ["2", "14"]})
        self.assertEqual(output("pack-planes", planes=["101", "011"]), {"bytes": "35"})
        self.assertEqual(output("unpack-planes", count=2, length=3, bytes="35"), {"planes": ["101", "011"]})
        self.assertEqual(self.refused("unpack-planes", count=2, length=3, bytes="75"), "value/padding")

    def test_in_the_clear(self):
        both = {"width": 8, "semantics": "integer"}
        self.assertEqual(output("affine", **both, alpha="3", beta="-1", bits="1", x=["50"]), {"y": ["100"]})
        self.assertEqual(self.refused("affine", **both, alpha="2", beta="-1", bits="0", x=["-128"]), "semantics/overflow")
        self.assertEqual(
            output("affine", width=8, semantics="ring", alpha="2", beta="-1", bits="0", x=["-128"]), {"y": ["-128"]})
        self.assertEqual(output("truncation", **both, shift=1, x=["-7"]), {"y": ["-4"]})
        self.assertEqual(self.refused("truncation", **both, shift=8, x=[]), "value/shift")
        self.assertEqual(output("drelu", width=4, semantics="ring", step="positive", x=["-8", "0", "1"]), {"bits": "101"})
        dense = {"op": "dense", "shape": [2, 1, 1], "outputs": 1}
        self.assertEqual(
            output("linear", **both, map=dense, weights=["100", "-99"], x=["100", "100"] * 2, batch=2),
            {"shape": [1, 1, 1], "y": ["100", "100"]})
        self.assertEqual(self.refused("linear", **both, map=dense, weights=["1"], x=["1", "1"], batch=1), "value/length")

    def test_activation_steps(self):
        trace = Trace()
        given = {"plan": TWO_LAYERS["plan"], "semantics": "ring", "inputs": [["-1", "5"], ["6", "7"]]}
        self.assertEqual(perform("activation", given, trace), {"outputs": [["0", "0"], ["-6", "7"]]})
        self.assertEqual([(s["name"], s["value"]) for s in trace.steps], [("bits of layer 0 channel 0", "0")])

    def test_sweeps(self):
        found = output("sweep", function="carry", bits=1)
        rows = ["0 0 0", "0 1 0", "1 0 0", "1 1 1"]
        digest = hashlib.sha256("".join(row + "\n" for row in rows).encode()).hexdigest()
        self.assertEqual(found, {"rows": 4, "first": rows, "sha256": digest})
        self.assertEqual(output("sweep", function="drelu", width=2, step="positive")["first"], ["-2 1", "-1 0", "0 0", "1 1"])
        self.assertEqual(output("sweep", function="truncation", width=2)["rows"], 8)
        self.assertEqual(output("sweep", function="arithmetic", width=2)["first"][5], "1 1 2 0 1")
        self.assertEqual(output("sweep", function="reconstruct", width=2, step="nonnegative")["first"][3], "0 3 -1 0")
        found = output("sweep", function="activation", width=2, step="nonnegative", alpha="1", beta="0")
        self.assertEqual(found["first"][8:12], ["0 -2 -2", "0 -1 -1", "0 0 0", "0 1 1"])
        with self.assertRaises(Unsupported):
            output("sweep", function="arithmetic", width=32)

    def test_malformed(self):
        for name, fields in (
            ("encode", {"width": 4}), ("encode", {"width": 4, "integers": ["01"]}), ("user-seed", {"bytes": "AB"}),
            ("decode", {"width": 4, "elements": ["16"]}), ("plan", {}), ("coins", {"x": 1}),
        ):
            with self.assertRaises(Malformed):
                perform(name, fields, Trace())


SEEDS = ["00", "01", "02"]
DENSE = {"op": "dense", "shape": [2, 1, 1], "outputs": 2}
PLAN = copy.deepcopy(TWO_LAYERS["plan"]) | {"width": 64}
PRIVATE = {**PLAN, "layers": [PLAN["layers"][0], {**PLAN["layers"][1], "gates": "private"}]}
HALVES = {"server": ["5", str(2**64 - 9)], "client": ["0", "2"]}
SHARED = [
    ("shared-input", {"width": 64, "x": ["5", "-2"], "seeds": SEEDS}),
    ("shared-truncation", {"width": 8, "shift": 3, "x": {"server": ["100"], "client": ["136"]}, "seeds": SEEDS}),
    ("shared-truncation", {"width": 8, "shift": 0, "x": {"server": ["100"], "client": ["136"]}, "seeds": SEEDS}),
    ("shared-linear", {"width": 64, "map": DENSE, "weights": ["1", "2", "-3", "4"], "batch": 1, "x": HALVES,
                       "seeds": SEEDS}),
    ("shared-activation", {"plan": PLAN, "inputs": [HALVES, HALVES], "seeds": SEEDS}),
    ("shared-activation", {"plan": PRIVATE, "inputs": [HALVES, HALVES], "seeds": SEEDS}),
]


class Shared(unittest.TestCase):
    def test_relations(self):
        for name, fields in SHARED:
            case = complete({"operation": name, "input": fields})
            given = perform(name, fields, Trace())
            for relation in case["expect"]["relations"]:
                field, _, number = relation["field"].rstrip("]").partition("[")
                runs = given[field][int(number)] if number else given[field]
                self.assertEqual(len(runs), 3)
                self.assertTrue(holds(relation, runs), (name, relation))
        self.assertEqual(
            complete({"operation": "shared-truncation", "input": SHARED[1][1] | {"shift": 8}})["expect"],
            {"error": {"code": "value/shift", "at": {}}})

    def test_relations_can_fail(self):
        run = {"server": ["3"], "client": ["4"]}
        self.assertFalse(holds({"relation": "fresh"}, [run, run]))
        self.assertFalse(holds({"relation": "range", "width": 2}, [run]))
        self.assertFalse(holds({"relation": "reconstructs", "width": 4, "elements": ["6"]}, [run]))


class Adapter(unittest.TestCase):
    def answers(self, *lines):
        text = "".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines)
        ran = subprocess.run([sys.executable, str(ADAPTER)], input=text, capture_output=True, text=True, timeout=60)
        return [json.loads(line) for line in ran.stdout.splitlines()]

    def test_lines(self):
        answers = self.answers(
            {"id": 0, "operation": "describe", "input": {}},
            {"id": 1, "operation": "truncation", "input": {"width": 8, "semantics": "ring", "shift": 1, "x": ["-7"]}},
            {"id": 2, "operation": "truncation", "input": {"width": 8, "semantics": "ring", "shift": 8, "x": ["-7"]}},
            {"id": 3, "operation": "truncation", "input": {"width": 8}},
            {"id": 4, "operation": "shape", "input": {"backend": "ot", "network": TWO_LAYERS, "batch": 1}},
            {"id": 5, "operation": "public-digest", "input": {"pieces": [{"name": "a", "text": "é"}]}},
            {"id": 6, "operation": "user-seed", "input": {"bytes": ""}, "more": 1},
            "no request",
            '{"id": 7, "operation": "plan", "input": {"plan": {"format": "deepshare-plan/1", "width": 1.5}}}',
        )
        self.assertEqual([answer["id"] for answer in answers], [0, 1, 2, 3, 4, 5, 6, 0, 7])
        self.assertEqual(answers[0]["output"]["protocol"], "deepshare-adapter/1")
        self.assertEqual(answers[1]["output"], {"y": ["-4"]})
        self.assertEqual((answers[2]["error"]["code"], answers[2]["error"]["at"]), ("value/shift", {}))
        self.assertEqual(answers[3]["error"]["code"], "adapter/request")
        self.assertIn("unsupported", answers[4])
        self.assertEqual(list(answers[5]["steps"]), ["digest of a"])
        self.assertEqual([answers[i]["error"]["code"] for i in (6, 7)], ["adapter/request"] * 2)
        self.assertEqual(answers[8]["error"]["code"], "json/structure")

    def test_ids_that_are_no_counts(self):
        answers = self.answers(*({"id": number, "operation": "describe", "input": {}} for number in (2**53 - 1, 2**53, -1)))
        self.assertEqual([answer["id"] for answer in answers], [2**53 - 1, 0, 0])
        self.assertEqual([answer.get("error", {}).get("code") for answer in answers], [None, *["adapter/request"] * 2])


def hand_owned():
    party = {"backend": "gmw", "role": "client", "network": TWO_LAYERS, "batch": 1, "session": "5a" * 16,
             "images": [["5", "2"]],
             "seeds": {role: f"{number:02x}" * 32 for number, role in enumerate(("server", "client", "trusted"))}}
    cases = [("network", "network", {"network": TWO_LAYERS, "semantics": "ring", "input": ["5", "2"]}),
             ("too-long", "network", {"network": TWO_LAYERS, "semantics": "ring", "input": ["5"]}),
             ("party", "party", party), ("other", "shape", {"backend": "ot", "network": TWO_LAYERS, "batch": 1})]
    return {"topic": "t", "about": "", "notes": {}, "cases": [
        {"id": f"t/{name}", "comment": "", "clauses": ["DS-NET-1"], "level": "plaintext", "operation": operation,
         "input": given} for name, operation, given in cases]}


class Generation(unittest.TestCase):
    CANARY = {"width": 12, "elements": ["2748", "291"], "integers": ["-1348", "291"], "bits": "", "bytes": "bc3a12"}

    def vectors(self):
        cases = hand_owned()
        return {**cases, "canary": self.CANARY,
                "cases": [complete(case) for case in cases["cases"][:3]] + cases["cases"][3:]}

    def test_equal(self):
        report = check_topic(hand_owned(), self.vectors())
        self.assertIsNone(report.first, report.first)
        self.assertEqual((report.cases, sum(report.skipped.values())), (3, 1))

    def test_party_is_expanded(self):
        party = self.vectors()["cases"][2]
        self.assertEqual(party["input"]["network"]["part"], "public")
        self.assertEqual(party["expect"]["output"]["outputs"], [["7", "14"]])
        self.assertEqual(len(party["steps"]), len(party["expect"]["output"]["outgoing"]))

    def test_differences(self):
        for change, place in (
            (lambda v: v["cases"][0]["steps"][1].update(value=["3", "11"]), "t/network.steps[1].value[1]"),
            (lambda v: v["cases"][1]["expect"]["error"].update(code="x"), "t/too-long.expect.error.code"),
            (lambda v: v["cases"][2]["input"]["incoming"][0].update(frame="00"), "t/party.input.incoming[0].frame"),
            (lambda v: v["cases"][2]["steps"][0].update(clause="DS-IO-2"), "t/party.steps[0].clause"),
            (lambda v: v["canary"].update(bytes="bc3a13"), "canary.bytes[1]"),
            (lambda v: v["cases"].pop(), "ids"),
        ):
            vectors = self.vectors()
            vectors["canary"] = dict(vectors["canary"])
            change(vectors)
            self.assertIn(place, check_topic(hand_owned(), vectors).first)


if __name__ == "__main__":
    unittest.main()
