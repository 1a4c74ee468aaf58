"""Plans: rules in their order, counts, texts, makers."""

import unittest

from deepshare.makers import agreement, budget, groups, run_firsts, stage
from deepshare.plan import plan_from_object, plan_from_text
from deepshare.values import Refused

P, L = {"source": "prototype"}, {"source": "linear"}


def replica(layer, channel, **more):
    return {"source": {"layer": layer, "channel": channel}, **more}


def layer(channels, shape=None, **more):
    return {"shape": shape or [len(channels), 1, 1], "channels": channels, **more}


def plan(*layers, width=8, step="positive", **more):
    return {"format": "deepshare-plan/1", "width": width, "step": step, "layers": list(layers), **more}


def gate(alpha, beta):
    return {"alpha": alpha, "beta": beta}


CANONICAL = """{
  "format": "deepshare-plan/1",
  "width": 64,
  "step": "positive",
  "layers": [
    {
      "shape": [
        2,
        1,
        1
      ],
      "gate_scale": 0,
      "gates": "public",
      "channels": [
        {
          "source": "prototype"
        },
        {
          "source": {
            "layer": 0,
            "channel": 0
          },
          "gate": {
            "alpha": 2,
            "beta": "-36028797018963968"
          }
        }
      ]
    }
  ]
}
"""


class Refusals(unittest.TestCase):
    def refused(self, code, value, **at):
        read = plan_from_text if isinstance(value, str) else plan_from_object
        with self.assertRaises(Refused) as caught:
            read(value)
        self.assertEqual((caught.exception.code, caught.exception.at), (code, at))

    def test_rules(self):
        big = [2**27, 2**26, 1]
        for code, value, at in (
            ("plan/width", plan(width=65, step="x"), {}),
            ("plan/unknown-step", plan(layer([P], [0, 1, 1]), step="x"), {}),
            ("plan/empty-shape", plan(layer([P]), layer([P], [1, 0, 1])), {"layer": 1}),
            ("plan/shape-overflow", plan(layer([P], big)), {"layer": 0}),
            ("plan/gate-scale", plan(layer([P], gate_scale=7)), {"layer": 0}),
            ("plan/total-overflow", plan(*[layer([], [2**26, 2**26, 1])] * 2), {"layer": 1}),
            ("plan/empty-layer", plan(layer([], [1, 1, 1])), {"layer": 0}),
            ("plan/channel-count", plan(layer([P, P], [1, 1, 1])), {"layer": 0}),
            ("plan/source-layer-out-of-range", plan(layer([replica(1, 0)])), {"layer": 0, "channel": 0}),
            ("plan/source-layer-later", plan(layer([replica(1, 9)]), layer([P])), {"layer": 0, "channel": 0}),
            ("plan/source-channel-out-of-range", plan(layer([P, replica(0, 2)])), {"layer": 0, "channel": 1}),
            ("plan/spatial-mismatch", plan(layer([L], [1, 2, 1]), layer([replica(0, 0)])), {"layer": 1, "channel": 0}),
            ("plan/source-not-prototype", plan(layer([replica(0, 0)])), {"layer": 0, "channel": 0}),
            ("plan/gate-on-linear", plan(layer([{**L, "gate": gate(200, 0)}])), {"layer": 0, "channel": 0}),
            ("plan/alpha-out-of-range", plan(layer([{**P, "gate": gate("128", 999)}])), {"layer": 0, "channel": 0}),
            ("plan/beta-out-of-range", plan(layer([{**P, "gate": gate(127, -129)}])), {"layer": 0, "channel": 0}),
        ):
            self.refused(code, value, **at)

    def test_structure(self):
        for value in (
            plan(more=1), [], plan(width="8"), plan(width=-1), plan(layer([P], gates="secret")), plan(layer([P], [1, 1])),
            plan(layer([{"source": "other"}])), plan(layer([{**P, "gate": None}])), plan(layer([P], gate_scale=True)),
            plan(layer([{**P, "gate": gate("+1", 0)}])), plan(layer([{**P, "gate": gate("-0", 0)}])),
            plan(layer([{**P, "gate": gate("9223372036854775808", 0)}])), plan(layer([{**P, "gate": gate(1, "01")}])),
        ):
            self.refused("json/structure", value)
        for text in ('{"format": 1, "format": 2}', '{"format": 1e2}', '{"width": -0}', '{"width": 99999999999999999999}'):
            self.refused("json/structure", text)
        for text in ("", "{", "{} {}", "[1e999]", "[NaN]", "[01]", '["\\ud800"]', "[" * 200 + "]" * 200, "\ufeff{}"):
            self.refused("json/syntax", text)
        self.refused("json/too-large", " " * (2**26 + 1))


class Plans(unittest.TestCase):
    def test_text(self):
        read = plan_from_text(
            '{"layers": [{"channels": [{"source": "prototype"}, {"gate": {"beta": "-36028797018963968", "alpha": "2"},'
            '"source": {"channel": 0, "layer": 0}}], "shape": [2, 1, 1]}], "step": "positive", "width": 64,'
            '"format": "deepshare-plan/1"}')
        self.assertEqual(read.to_text(), CANONICAL)
        self.assertEqual(plan_from_text(read.to_text()), read)
        self.assertTrue(plan_from_object(plan()).to_text().endswith('"layers": []\n}\n'))

    def test_public_part(self):
        given = layer([P, replica(0, 0, gate=gate(4, -2)), L], [3, 8, 8], gate_scale=1, gates="private")
        whole = plan_from_object(plan(given, width=32))
        self.assertEqual([whole.layers[0].gate(c) for c in range(3)], [(2, 0), (4, -2), None])
        public = whole.public_part()
        self.assertEqual(public.layers[0].gate(1), (2, 0))
        self.assertEqual(public.counts(), whole.counts())
        self.assertEqual(whole.counts(), {"drelus": 64, "baseline": 192, "multiplexed": 128, "linear": 64})


class Makers(unittest.TestCase):
    RESNET = [(c, s, s) for n, c, s in ((5, 64, 32), (4, 128, 16), (4, 256, 8), (4, 512, 4)) for _ in range(n)]

    def code(self, maker, *arguments):
        with self.assertRaises(Refused) as caught:
            maker(8, "positive", *arguments)
        return caught.exception.code

    def sources(self, made):
        """For each layer the channels' sources; a prototype is its own."""
        return [[made.source_of(l, c) for c in range(entry.shape[0])] for l, entry in enumerate(made.layers)]

    def test_resnet(self):
        full = stage(64, "nonnegative", self.RESNET)
        self.assertEqual((full.counts()["drelus"], full.counts()["baseline"]), (122_880, 557_056))
        self.assertEqual(stage(64, "nonnegative", self.RESNET, 1).counts()["drelus"], 1_360)
        self.assertEqual(budget(64, "nonnegative", self.RESNET, 122_880), full)
        self.assertEqual(budget(64, "nonnegative", self.RESNET, 557_056).counts()["drelus"], 557_056)
        self.assertEqual(self.code(budget, self.RESNET, 1_359), "maker/budget-below-floor")

    def test_groups(self):
        self.assertEqual(run_firsts(7, 3), [0, 0, 0, 3, 3, 5, 5])
        self.assertEqual(self.sources(groups(8, "positive", [(3, 1, 1)], 2)), [[(0, 0), (0, 1), (0, 0)]])
        self.assertEqual(self.sources(groups(8, "positive", [(3, 1, 1)], 2, True)), [[(0, 0), (0, 0), (0, 2)]])
        self.assertEqual(self.code(groups, [(3, 1, 1)], 0), "maker/no-prototypes")
        self.assertEqual(self.code(groups, [(2**18 + 1, 1, 1)], 1), "maker/too-many-channels")

    def test_budget_order(self):
        # Levels of further prototypes: 2/2 of the first resolution, 2/4, 3/4, 4/4 of the second; the last costs 2.
        shapes = [(2, 1, 1), (4, 1, 2)]
        drelus = [budget(8, "positive", shapes, n).counts()["drelus"] for n in range(3, 11)]
        self.assertEqual(drelus, [3, 4, 5, 6, 7, 8, 8, 10])
        self.assertEqual([entry.source for entry in budget(8, "positive", shapes, 8).layers[0].channels][1], "prototype")

    def test_agreement(self):
        shapes, data = [(3, 1, 2)], [[[1, 0, 1, 1, 1, 1]]]
        made = agreement(8, "positive", shapes, 1, True, data)
        self.assertEqual(self.sources(made), [[(0, 1)] * 3])
        two = [(2, 1, 1), (2, 1, 1)]
        made = agreement(8, "positive", two, 2, False, [[[0, 1]], [[1, 0]]])
        self.assertEqual(self.sources(made), [[(0, 0), (0, 1)], [(0, 1), (0, 0)]])
        for code, data in (
            ("calibration-layers", []), ("no-samples", [[]]), ("calibration-bits", [[[1]]]),
        ):
            self.assertEqual(self.code(agreement, shapes, 1, True, data), f"maker/{code}")
        self.assertEqual(self.code(agreement, two, 1, True, [[[0, 0]], []]), "maker/calibration-samples")


if __name__ == "__main__":
    unittest.main()
