"""Operations on what is computed, in the clear. [DS-VEC-7]"""

from __future__ import annotations

from math import prod
from typing import Any

from .activation import Bits, activation, affine
from .evaluate import evaluate
from .linear import LinearMap, affine_map, make
from .network import Layer
from .network import network_from_obj as read_network
from .network_text import FIELDS
from .operations_types import (
    Malformed, Trace, bit_text, bits, count, integer, integers, items, known, one_of, strings)
from .operations_values import width_of
from .plan import STEPS, plan_from_object
from .semantics import INTEGER, RING, Place, Semantics
from .truncation import check_shift, truncate
from .values import Refused, Width

#: The fields of a map, beside `op` and `shape`: those of the operation without scales, weights and bias.
MAP_FIELDS = {
    "conv": (("out_channels", "kernel", "stride", "padding", "groups"), ("dilation",)),
    "dense": (("outputs",), ()),
    "sum_pool": (("window", "stride"), ()),
    "affine": (("gated",), ()),
}
#: The clause of a layer's step.
LAYER_CLAUSES = {
    "conv": "DS-LIN-3",
    "dense": "DS-LIN-4",
    "add": "DS-LIN-9",
    "sum_pool": "DS-LIN-5",
    "broadcast": "DS-LIN-11",
    "truncate": "DS-TRUNC-1",
    "activation": "DS-ACT-1",
}


def semantics_of(fields: dict, width: Width) -> Semantics:
    return Semantics(width, one_of(fields["semantics"], (RING, INTEGER)))


def drelu(fields: dict, _trace: Trace) -> dict:
    """[DS-DRELU-1] to [DS-DRELU-3]"""
    width, step = width_of(fields), one_of(fields["step"], STEPS)
    x = integers(fields["x"])
    for value in x:
        width.encode(value)
    return {"bits": bit_text(semantics_of(fields, width).drelus(x, step, range(len(x))))}


def affine_gate(fields: dict, _trace: Trace) -> dict:
    """[DS-GATE-2]"""
    semantics = semantics_of(fields, width_of(fields))
    alpha, beta, x = integer(fields["alpha"]), integer(fields["beta"]), integers(fields["x"])
    y = affine(semantics, alpha, beta, bits(fields["bits"]), semantics.result(x, "input"))
    return {"y": strings(y)}


def truncation(fields: dict, _trace: Trace) -> dict:
    """[DS-TRUNC-1]"""
    semantics, shift = semantics_of(fields, width_of(fields)), count(fields["shift"])
    check_shift(semantics.width, shift)
    return {"y": strings(truncate(semantics, semantics.result(integers(fields["x"]), "input"), shift))}


def read_map(value: Any) -> LinearMap:
    """[DS-LIN-1]"""
    op = one_of(value.get("op") if type(value) is dict else None, tuple(MAP_FIELDS))
    needed, optional = MAP_FIELDS[op]
    known(value, ("op", "shape", *needed), optional)
    shape = [count(entry) for entry in items(value["shape"])]
    if len(shape) != 3:
        raise Malformed("a shape has three numbers")
    if op == "affine":
        return affine_map(tuple(shape), bits(value["gated"]))
    try:
        stated = {name: FIELDS[name](value[name]) for name in (*needed, *optional) if name in value}
    except Refused as refused:
        raise Malformed(refused.message) from None
    return make(op, tuple(shape), stated)


def apply_batch(linear: LinearMap, weights: list[int], x: list[int], batch: int) -> list[int]:
    """One image after the other. [DS-LIN-2]"""
    each = linear.input_count
    if len(x) != batch * each:
        raise Refused("value/length", f"{len(x)} elements instead of {batch} times {each}")
    if len(weights) != linear.weight_count:
        raise Refused("value/length", f"{len(weights)} weights instead of {linear.weight_count}")
    return [y for m in range(batch) for y in linear.apply(weights, x[m * each : (m + 1) * each])]


def linear_layer(fields: dict, _trace: Trace) -> dict:
    """[DS-LIN-1] [DS-LIN-2]"""
    semantics, linear = semantics_of(fields, width_of(fields)), read_map(fields["map"])
    weights, x, batch = integers(fields["weights"]), integers(fields["x"]), count(fields["batch"])
    y = apply_batch(linear, weights, x, batch)
    semantics.parameters(weights, "weights")
    semantics.result(x, "input")
    return {"shape": list(linear.output_shape), "y": strings(semantics.result(y, "tensor"))}


def layer_inputs(plan: Any, given: list) -> None:
    if len(given) != len(plan.layers):
        raise Refused("value/length", f"inputs for {len(given)} layers instead of {len(plan.layers)}")


def activation_layers(fields: dict, trace: Trace) -> dict:
    """[DS-ACT-1]"""
    plan = plan_from_object(fields["plan"])
    semantics, given = semantics_of(fields, Width(plan.width)), items(fields["inputs"])
    layer_inputs(plan, given)
    known_bits: Bits = {}

    def note(number: int, channel: int, found: list[int]) -> None:
        trace.note(f"bits of layer {number} channel {channel}", "DS-ACT-1", bit_text(found))

    outputs = []
    for number, (layer, x) in enumerate(zip(plan.layers, map(integers, given))):
        if len(x) != prod(layer.shape):
            raise Refused("value/length", f"layer {number}: {len(x)} elements instead of {prod(layer.shape)}")
        place = Place(number, layer.shape)
        x = semantics.result(x, "input", place)
        outputs.append(strings(activation(semantics, plan, number, x, known_bits, place, note)))
    return {"outputs": outputs}


def network(fields: dict, trace: Trace) -> dict:
    """[DS-NET-10] [DS-NET-11]"""
    read, kind = read_network(fields["network"]), one_of(fields["semantics"], (RING, INTEGER))

    def note(layer: Layer, y: list[int]) -> None:
        trace.note(layer.name, LAYER_CLAUSES[layer.op], strings(y))

    return {"output": strings(evaluate(read, kind, integers(fields["input"]), note))}


OPERATIONS = {
    "drelu": drelu,
    "affine": affine_gate,
    "truncation": truncation,
    "linear": linear_layer,
    "activation": activation_layers,
    "network": network,
}
