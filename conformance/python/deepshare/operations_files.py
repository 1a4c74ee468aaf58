"""Operations on plan and network files, and makers. [DS-VEC-7]"""

from __future__ import annotations

from typing import Any, Callable

from .makers import agreement, budget, groups, stage
from .network import network_from_obj, network_from_text
from .operations_types import Malformed, Trace, bits, count, items, one_of, text
from .plan import plan_from_object, plan_from_text


def read_either(fields: dict, name: str, from_text: Callable, from_object: Callable) -> Any:
    """An object, or a text of it. [DS-VEC-7]"""
    if (name in fields) == ("text" in fields):
        raise Malformed(f"exactly one of {name} and text is expected")
    return from_text(text(fields["text"])) if "text" in fields else from_object(fields[name])


def plan_file(fields: dict, _trace: Trace) -> dict:
    """[DS-PLAN-9] [DS-PLAN-27] [DS-FILE-3]"""
    plan = read_either(fields, "plan", plan_from_text, plan_from_object)
    return {"counts": plan.counts(), "text": plan.to_text(), "public": plan.public_part().to_text()}


def network_file(fields: dict, _trace: Trace) -> dict:
    """[DS-NET-2] [DS-FILE-3]"""
    network = read_either(fields, "network", network_from_text, network_from_obj)
    layers = [{"name": layer.name, "shape": list(layer.shape), "scale": layer.scale} for layer in network.layers]
    return {"layers": layers, "text": network.to_text(), "public": network.public_part().to_text()}


def read_shape(value: Any) -> tuple[int, ...]:
    shape = tuple(count(entry) for entry in items(value))
    if len(shape) != 3:
        raise Malformed("a shape has three numbers")
    return shape


def make_plan(fields: dict, _trace: Trace) -> dict:
    """[DS-PLAN-30] to [DS-PLAN-35]"""
    maker, given = text(fields["maker"]), set(fields) - {"maker", "width", "step", "shapes"}
    common = count(fields["width"]), text(fields["step"]), [read_shape(shape) for shape in items(fields["shapes"])]

    def expect(*names: str) -> list[Any]:
        if given != set(names):
            raise Malformed(f"{maker} takes {', '.join(names)}, not {', '.join(sorted(given))}")
        return [fields[name] for name in names]

    if maker in ("groups-modulo", "groups-contiguous"):
        (prototypes,) = expect("prototypes")
        plan = groups(*common, count(prototypes), contiguous=maker == "groups-contiguous")
    elif maker == "stage":
        wanted = count(expect("prototypes")[0]) if given else None
        plan = stage(*common, wanted)
    elif maker == "budget":
        plan = budget(*common, count(expect("drelus")[0]))
    elif maker == "agreement":
        prototypes, scope, samples = expect("prototypes", "scope", "bits")
        calibration = [[bits(sample) for sample in items(layer)] for layer in items(samples)]
        by_layer = one_of(scope, ("layer", "resolution")) == "layer"
        plan = agreement(*common, count(prototypes), by_layer, calibration)
    else:
        raise Malformed(f"no maker {maker}")
    return {"plan": plan.to_object()}


OPERATIONS = {"plan": plan_file, "network-file": network_file, "make-plan": make_plan}
