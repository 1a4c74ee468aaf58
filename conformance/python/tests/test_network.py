"""Networks: texts, rules, evaluation in both semantics."""

import copy
import unittest

from deepshare.evaluate import evaluate
from deepshare.linear import affine_map, convolution_map, dense_map, sum_pool_map
from deepshare.network import network_from_obj, network_from_text
from deepshare.values import Refused
from tests.spec_network import TWO_LAYERS, two_layers_by_hand

STATED = r"""{"format": "deepshare-network/1",
  "name": "a/b \"\u00e9\" \u0001\u001f\u007f\t\\", "input": {"shape": [1, 2, 2], "scale": 1},
  "layers": [
    {"name": "c", "op": "conv", "from": ["input"], "out_channels": 1, "kernel": [1, 1], "stride": [1, 1],
     "padding": [0, 0], "groups": 1, "weight_scale": 1, "weights": ["9007199254740991"], "bias": [9007199254740992]},
    {"name": "s", "op": "add", "from": ["c", "c"]},
    {"name": "p", "op": "sum_pool", "from": "s", "window": [1, 1], "stride": [1, 1]},
    {"name": "d", "op": "dense", "from": "p", "outputs": 1, "weight_scale": 0, "weights": [1, 0, -1, 2]},
    {"name": "e", "op": "broadcast", "from": "d", "size": [1, 2]},
    {"name": "f", "op": "conv", "from": ["e"], "out_channels": 1, "kernel": [1, 2], "stride": [1, 1],
     "padding": [0, 2], "dilation": [1, 3], "groups": 1, "weight_scale": 0, "weights": [1, 1]},
    {"name": "t", "op": "truncate", "from": "d", "shift": 1},
    {"name": "a", "op": "activation", "from": "t", "layer": 0}],
  "plan": {"format": "deepshare-plan/1", "width": 64, "step": "nonnegative", "layers": [
    {"shape": [1, 1, 1], "channels": [{"source": "linear"}]}]}}"""
CANONICAL = "".join([
    r'{"format":"deepshare-network/1","name":"a/b \"é\" \u0001\u001f', "\u007f", r'\t\\",',
    '"input":{"shape":[1,2,2],"scale":1},"layers":[',
    '{"name":"c","op":"conv","from":"input","out_channels":1,"kernel":[1,1],"stride":[1,1],"padding":[0,0],',
    '"groups":1,"weight_scale":1,"weights":[9007199254740991],"bias":["9007199254740992"]},',
    '{"name":"s","op":"add","from":["c","c"]},',
    '{"name":"p","op":"sum_pool","from":"s","window":[1,1],"stride":[1,1],"scale_bits":0},',
    '{"name":"d","op":"dense","from":"p","outputs":1,"weight_scale":0,"weights":[1,0,-1,2]},',
    '{"name":"e","op":"broadcast","from":"d","size":[1,2]},',
    '{"name":"f","op":"conv","from":"e","out_channels":1,"kernel":[1,2],"stride":[1,1],"padding":[0,2],',
    '"dilation":[1,3],"groups":1,"weight_scale":0,"weights":[1,1]},',
    '{"name":"t","op":"truncate","from":"d","shift":1},',
    '{"name":"a","op":"activation","from":"t","layer":0}],',
    '"plan":{"format":"deepshare-plan/1","width":64,"step":"nonnegative","layers":[',
    '{"shape":[1,1,1],"gate_scale":0,"gates":"public","channels":[{"source":"linear"}]}]}}', "\n",
])


def small(*layers, width=8, shape=(1, 1, 2), scale=0, plan=(), step="positive", **more):
    return {
        "format": "deepshare-network/1", "name": "n", "input": {"shape": list(shape), "scale": scale},
        "layers": list(layers),
        "plan": {"format": "deepshare-plan/1", "width": width, "step": step, "layers": list(plan)}, **more,
    }


def dense(name="a", operand="input", outputs=1, scale=0, **more):
    return {"name": name, "op": "dense", "from": operand, "outputs": outputs, "weight_scale": scale, **more}


def simple(op, name="b", operand="input", **fields):
    return {"name": name, "op": op, "from": operand, **fields}


class Texts(unittest.TestCase):
    def test_canonical(self):
        network = network_from_text(STATED)
        self.assertEqual(network.to_text(), CANONICAL)
        self.assertEqual(network_from_text(CANONICAL), network)
        public = network.public_part()
        self.assertEqual(network_from_text(public.to_text()), public)
        self.assertTrue(public.to_text().startswith('{"format":"deepshare-network/1","part":"public","name":'))

    def test_equal_public_parts(self):
        other = copy.deepcopy(TWO_LAYERS)
        other["layers"][0]["weights"][0] = 7
        self.assertEqual(
            network_from_obj(other).public_part().to_text(), network_from_obj(TWO_LAYERS).public_part().to_text())


class Refusals(unittest.TestCase):
    def test_rules(self):
        act = {"shape": [1, 1, 2], "channels": [{"source": "prototype"}]}
        private = {**act, "gates": "private", "channels": [{"source": "prototype", "gate": {"alpha": 1, "beta": 0}}]}
        use = simple("activation", layer=0)
        for code, value, at in (
            ("no-layers", small(), None),
            ("duplicate-name", small(dense(name="input")), "input"),
            ("duplicate-name", small(dense(), dense()), "a"),
            ("missing-field", small(simple("truncate")), "b"),
            ("foreign-field", small(simple("truncate", shift=0, layer=0)), "b"),
            ("unknown-operand", small(dense(operand="x")), "a"),
            ("operand-count", small(dense(operand=["input", "input"])), "a"),
            ("operand-count", small(simple("add")), "b"),
            ("geometry", small(dense(outputs=0)), "a"),
            ("geometry", small(dense(), shape=(1, 0, 2)), "input"),
            ("geometry", small(simple("sum_pool", window=[1, 3], stride=[1, 1])), "b"),
            ("weight-count", small(dense(weights=[1])), "a"),
            ("bias-count", small(dense(weights=[1, 1], bias=[])), "a"),
            ("parameter-range", small(dense(weights=[1, 128])), "a"),
            ("partial-weights", small(dense(weights=[1, 1]), dense("c")), "c"),
            ("partial-weights", small(dense(bias=[1])), "a"),
            ("public-parameters", small(dense(weights=[1, 1]), part="public"), None),
            ("public-parameters", small(use, plan=[private], part="public"), None),
            ("add-shapes", small(dense(), simple("add", operand=["a", "input"])), "b"),
            ("add-scales", small(dense(outputs=2, scale=1), dense("c", outputs=2), simple("add", operand=["a", "c"])), "b"),
            ("broadcast-shape", small(simple("broadcast", size=[2, 2])), "b"),
            ("geometry", small(simple("broadcast", size=[0, 2]), shape=(1, 1, 1)), "b"),
            ("scale", small(dense(), scale=65_536), "input"),
            ("scale", small(dense(scale=1), scale=65_535), "a"),
            ("shift", small(simple("truncate", shift=8), scale=9), "b"),
            ("shift", small(simple("truncate", shift=2), scale=1), "b"),
            ("activation-order", small(simple("activation", layer=1), plan=[act]), "b"),
            ("activation-count", small(simple("activation", layer=0)), None),
            ("activation-count", small(dense(), plan=[act]), None),
            ("activation-shape", small(use, plan=[act], shape=(1, 2, 1)), "b"),
        ):
            with self.assertRaises(Refused, msg=code) as caught:
                network_from_obj(value)
            self.assertEqual(caught.exception.code, f"network/{code}")
            self.assertEqual(caught.exception.at, {} if at is None else {"layer": at}, code)

    def test_structure(self):
        for value in (small(simple("pow")), small(dense(more=1)), small(part="whole"), small({"op": "add", "from": []}),
                      small(dense(operand=1)), small(dense(weights=[1.5, 2]))):
            with self.assertRaises(Refused) as caught:
                network_from_obj(value)
            self.assertEqual(caught.exception.code, "json/structure")
        with self.assertRaises(Refused) as caught:
            network_from_obj(small(width=1))
        self.assertEqual(caught.exception.code, "plan/width")


class Maps(unittest.TestCase):
    def conv(self, shape, outputs, kernel, stride=(1, 1), padding=(0, 0), dilation=(1, 1), groups=1):
        return convolution_map(shape, {"out_channels": outputs, "kernel": kernel, "stride": stride,
                                       "padding": padding, "dilation": dilation, "groups": groups})

    def test_chapter(self):
        map1 = self.conv((1, 2, 3), 1, (1, 2), stride=(1, 2), padding=(0, 1))
        self.assertEqual(map1.output_shape, (1, 2, 2))
        self.assertEqual(map1.apply([10, 1], [1, 2, 3, 4, 5, 6]), [1, 23, 4, 56])
        self.assertEqual(self.conv((2, 1, 2), 2, (1, 1), groups=2).apply([3, 5], [1, 2, 10, 20]), [3, 6, 50, 100])
        self.assertEqual(self.conv((1, 1, 4), 1, (1, 2), dilation=(1, 2)).apply([1, 10], [1, 2, 3, 4]), [31, 42])
        pool = sum_pool_map((1, 2, 4), {"window": (2, 2), "stride": (2, 2)})
        self.assertEqual(pool.apply([1], [1, 2, 3, 4, 5, 6, 7, 8]), [14, 22])
        self.assertEqual(affine_map((3, 1, 1), [1, 0, 1]).apply([-1, 1, 0, 2, 1], [7, 8, 9, 7, 0]), [7, 8, 0])
        self.assertEqual(dense_map((2, 1, 1), 1).apply([100, -99], [100, 100]), [100])

    def test_excluded(self):
        for call in (
            lambda: self.conv((1, 2, 3), 1, (1, 2), padding=(0, 2)), lambda: self.conv((3, 2, 3), 2, (1, 1), groups=2),
            lambda: self.conv((1, 1, 1), 1, (2, 1)), lambda: self.conv((1, 1, 1), 1, (1, 1), stride=(0, 1)),
        ):
            with self.assertRaises(Refused) as caught:
                call()
            self.assertEqual(caught.exception.code, "value/linear-map")


class Evaluation(unittest.TestCase):
    def test_two_layers(self):
        network = network_from_obj(TWO_LAYERS)
        for x in ([5, 2], [2, 5], [0, 0], [-1, -8], [-7, -7]):
            for kind in ("ring", "integer"):
                self.assertEqual(evaluate(network, kind, x), two_layers_by_hand(x))

    def refused(self, value, x, kind="integer"):
        with self.assertRaises(Refused) as caught:
            evaluate(network_from_obj(value), kind, x)
        return caught.exception.code, caught.exception.at

    def test_order_of_errors(self):
        act = {"shape": [2, 1, 1], "channels": [{"source": "prototype"}] * 2}
        value = small(simple("activation", layer=0), plan=[act], shape=(2, 1, 1))

        def at(checkpoint, channel, value, layer="b"):
            return "semantics/overflow", {"layer": layer, "checkpoint": checkpoint, "channel": channel, "row": 0,
                                          "column": 0, "value": str(value)}

        self.assertEqual(self.refused(value, [0, 128]), at("input", 1, 128, "input"))
        self.assertEqual(self.refused(value, [-128, -128]), at("step", 0, -129))
        self.assertEqual(evaluate(network_from_obj(value), "ring", [-128, 128]), [-128, -128])
        act["channels"] = [{"source": "prototype", "gate": {"alpha": 3, "beta": 1}}] * 2
        self.assertEqual(self.refused(value, [127, -128]), at("step", 1, -129))
        self.assertEqual(self.refused(value, [0, 127]), at("activation", 1, 508))
        self.assertEqual(self.refused(small(dense(weights=[64, 64])), [1, 1]), at("tensor", 0, 128, "a"))

    def test_not_evaluated(self):
        self.assertEqual(self.refused(small(dense()), []), ("semantics/no-weights", {"layer": "a"}))
        large = simple("broadcast", size=[2**14, 2**13])
        value = small(large, shape=(1, 1, 1))
        self.assertEqual(self.refused(value, []), ("semantics/too-large", {"layer": "b"}))
        self.assertEqual(self.refused({**value, "part": "public"}, []), ("semantics/no-weights", {"layer": "b"}))
        self.assertEqual(self.refused(small(dense(weights=[1, 1])), [1], "ring"), ("semantics/input-length", {}))


if __name__ == "__main__":
    unittest.main()
