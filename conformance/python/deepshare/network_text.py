"""Network files: reading and canonical text. [DS-NET-4] [DS-FILE-3]"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Callable, Optional

from .files import Fields, compact, count, integer, items, parse, structure, text, written_integer
from .network import Layer, Network
from .network_types import Checker, refused
from .plan import Plan, check
from .plan_text import plan_to_object, read_plan

FORMAT = "deepshare-network/1"


def _pair(value: Any) -> tuple[int, int]:
    values = [count(entry) for entry in items(value)]
    if len(values) != 2:
        raise structure(f"{len(values)} numbers instead of 2")
    return values[0], values[1]


def _integers(value: Any) -> list[int]:
    return [integer(entry) for entry in items(value)]


#: All fields of operations, in the order of canonical texts, each with its type.
FIELDS: dict[str, Callable[[Any], Any]] = {
    "out_channels": count,
    "kernel": _pair,
    "window": _pair,
    "stride": _pair,
    "padding": _pair,
    "dilation": _pair,
    "groups": count,
    "outputs": count,
    "scale_bits": count,
    "size": _pair,
    "shift": count,
    "layer": count,
    "weight_scale": count,
    "weights": _integers,
    "bias": _integers,
}
#: The fields that an operation needs, and those that it may have with their defaults.
OPERATIONS: dict[str, tuple[tuple[str, ...], dict[str, Any]]] = {
    "conv": (
        ("out_channels", "kernel", "stride", "padding", "groups", "weight_scale"),
        {"dilation": (1, 1), "weights": None, "bias": None},
    ),
    "dense": (("outputs", "weight_scale"), {"weights": None, "bias": None}),
    "add": ((), {}),
    "sum_pool": (("window", "stride"), {"scale_bits": 0}),
    "broadcast": (("size",), {}),
    "truncate": (("shift",), {}),
    "activation": (("layer",), {}),
}


@dataclass
class StatedLayer:
    """A layer as the file states it, each value of its field's type."""

    name: str
    op: str
    operands: list[str]
    stated: dict[str, Any]


def network_from_text(given: str) -> Network:
    return network_from_object(parse(given))


def network_from_object(value: Any) -> Network:
    """The structure of the whole file, then the plan's rules, then the network's."""
    fields = Fields(value, ("format", "name", "input", "layers", "plan"), ("part",))
    fields.constant("format", FORMAT)
    if "part" in fields:
        fields.constant("part", "public")
    name, given = fields.text("name"), Fields(fields["input"], ("shape", "scale"))
    shape, scale = given.counts("shape", 3), given.count("scale")
    stated = [_read_layer(layer) for layer in fields.list("layers")]
    plan = check(read_plan(fields["plan"]))
    public = "part" in fields
    if public:
        _check_public_plan(plan)
    checker = Checker(shape, scale, plan, public)
    for layer in stated:
        checker.add(_with_operands(checker, layer))
    return Network(name, shape, scale, checker.finish(), plan, public)


def _read_layer(value: Any) -> StatedLayer:
    """Fields of other operations are of the right type too; that they do not belong here is a rule. [DS-NET-2]"""
    fields = Fields(value, ("name", "op", "from"), FIELDS)
    if fields.text("op") not in OPERATIONS:
        raise structure(f"no operation {fields['op']}")
    operands = fields["from"]
    names = [text(name) for name in (operands if type(operands) is list else [operands])]
    stated = {name: read(fields[name]) for name, read in FIELDS.items() if name in fields}
    return StatedLayer(fields.text("name"), fields["op"], names, stated)


def _check_public_plan(plan: Plan) -> None:
    """[DS-NET-7]"""
    for layer in plan.layers:
        if layer.private and any(entry.gate is not None for entry in layer.channels):
            raise refused("network/public-parameters", "", "the plan has private gates")


def _with_operands(checker: Checker, layer: StatedLayer) -> Layer:
    """Names, fields and operands. [DS-NET-2]"""
    checker.check_name(layer.name)
    needed, optional = OPERATIONS[layer.op]
    for name in needed:
        if name not in layer.stated:
            raise refused("network/missing-field", layer.name, f"{layer.op} needs {name}")
    for name in layer.stated:
        if name not in needed and name not in optional:
            raise refused("network/foreign-field", layer.name, f"{layer.op} has no {name}")
    operands = checker.operands(layer.name, layer.op, layer.operands)
    fields = {**optional, **layer.stated}
    weights, bias = fields.pop("weights", None), fields.pop("bias", None)
    return Layer(layer.name, layer.op, operands, fields, weights, bias)


def network_to_object(network: Network) -> dict:
    """[DS-FILE-3]"""
    value: dict[str, Any] = {"format": FORMAT}
    if network.public:
        value["part"] = "public"
    value["name"] = network.name
    value["input"] = {"shape": list(network.input_shape), "scale": network.input_scale}
    value["layers"] = [_write_layer(network, layer) for layer in network.layers]
    value["plan"] = plan_to_object(network.plan)
    return value


def _write_layer(network: Network, layer: Layer) -> dict:
    names = [network.operand_name(operand) for operand in layer.operands]
    value: dict[str, Any] = {"name": layer.name, "op": layer.op, "from": names if layer.op == "add" else names[0]}
    stated = {**layer.fields, "weights": _written(layer.weights), "bias": _written(layer.bias)}
    if stated.get("dilation") == (1, 1):
        del stated["dilation"]
    for name in FIELDS:
        if stated.get(name) is not None:
            value[name] = list(stated[name]) if isinstance(stated[name], tuple) else stated[name]
    return value


def _written(integers: Optional[list[int]]) -> Optional[list]:
    return None if integers is None else [written_integer(value) for value in integers]


def network_to_text(network: Network) -> str:
    return compact(network_to_object(network))
