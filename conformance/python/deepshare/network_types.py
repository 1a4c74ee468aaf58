"""The rules of valid networks that need names and types of earlier layers. [DS-NET-2] [DS-NET-3] [DS-NET-5]"""

from __future__ import annotations

from dataclasses import replace
from typing import Sequence

from .linear import make
from .network import INPUT, Layer
from .plan import Plan
from .values import LARGEST_SCALE, Refused, Shape, Width, check_shape


def refused(code: str, layer: str, message: str) -> Refused:
    """An error at a layer, which is "" if none is to be named."""
    return Refused(code, f"{layer}: {message}" if layer else message, {"layer": layer} if layer else {})


class Checker:
    """Takes layers in order and gives each its type; the first broken rule of a layer is an error."""

    def __init__(self, shape: Shape, scale: int, plan: Plan, public: bool) -> None:
        self.plan, self.width, self.public = plan, Width(plan.width), public
        self.layers: list[Layer] = []
        self._names = {INPUT: -1}
        self._types = {-1: (shape, scale)}
        self._activations = 0
        self._geometry(INPUT, shape)
        self._scale(INPUT, scale)

    def check_name(self, name: str) -> None:
        if name in self._names:
            raise refused("network/duplicate-name", name, "the name is taken")

    def operands(self, name: str, op: str, operands: Sequence[str]) -> list[int]:
        expected = 2 if op == "add" else 1
        if len(operands) != expected:
            raise refused("network/operand-count", name, f"{len(operands)} operands; {op} takes {expected}")
        for operand in operands:
            if operand not in self._names:
                raise refused("network/unknown-operand", name, f"no earlier layer {operand}")
        return [self._names[operand] for operand in operands]

    def add(self, layer: Layer) -> None:
        """A layer whose fields and operands are right."""
        shape, scale = {
            "conv": self._linear,
            "dense": self._linear,
            "add": self._addition,
            "sum_pool": self._pool,
            "broadcast": self._broadcast,
            "truncate": self._truncation,
            "activation": self._activation,
        }[layer.op](layer, *self._types[layer.operands[0]])
        self._scale(layer.name, scale)
        number = len(self.layers)
        self._names[layer.name], self._types[number] = number, (shape, scale)
        self.layers.append(replace(layer, shape=shape, scale=scale))
        if layer.is_linear:
            self._parameters(self.layers[number])

    def finish(self) -> list[Layer]:
        """What is known when all layers are there."""
        if not self.layers:
            raise refused("network/no-layers", "", "the network has no layers")
        if self._activations != len(self.plan.layers):
            message = f"{self._activations} activations; the plan has {len(self.plan.layers)} layers"
            raise refused("network/activation-count", "", message)
        linear = [layer for layer in self.layers if layer.is_linear]
        for layer in linear:
            if (layer.weights is None) != (linear[0].weights is None):
                raise refused("network/partial-weights", layer.name, "some linear layers have weights, others not")
        for layer in linear:
            if layer.weights is None and layer.bias is not None:
                raise refused("network/partial-weights", layer.name, "a bias without weights")
        return self.layers

    def _geometry(self, name: str, shape: Shape) -> None:
        """[DS-VAL-5]"""
        try:
            check_shape(shape)
        except Refused as broken:
            raise refused("network/geometry", name, broken.message) from None

    def _scale(self, name: str, scale: int) -> None:
        """[DS-VAL-7]"""
        if scale > LARGEST_SCALE:
            raise refused("network/scale", name, f"a scale of {scale}")

    def _map(self, layer: Layer, shape: Shape) -> Shape:
        try:
            return make(layer.op, shape, layer.fields).output_shape
        except Refused as broken:
            raise refused("network/geometry", layer.name, broken.message) from None

    def _linear(self, layer: Layer, shape: Shape, scale: int) -> tuple[Shape, int]:
        return self._map(layer, shape), scale + layer.fields["weight_scale"]

    def _pool(self, layer: Layer, shape: Shape, scale: int) -> tuple[Shape, int]:
        return self._map(layer, shape), scale + layer.fields["scale_bits"]

    def _addition(self, layer: Layer, shape: Shape, scale: int) -> tuple[Shape, int]:
        """[DS-LIN-9] [DS-VAL-7]"""
        other_shape, other_scale = self._types[layer.operands[1]]
        if other_shape != shape:
            raise refused("network/add-shapes", layer.name, f"{list(shape)} and {list(other_shape)}")
        if other_scale != scale:
            raise refused("network/add-scales", layer.name, f"{scale} and {other_scale}")
        return shape, scale

    def _broadcast(self, layer: Layer, shape: Shape, scale: int) -> tuple[Shape, int]:
        """[DS-LIN-11]"""
        if shape[1:] != (1, 1):
            raise refused("network/broadcast-shape", layer.name, f"{list(shape)} is broadcast")
        result = (shape[0], *layer.fields["size"])
        self._geometry(layer.name, result)
        return result, scale

    def _truncation(self, layer: Layer, shape: Shape, scale: int) -> tuple[Shape, int]:
        """[DS-TRUNC-1] [DS-VAL-7]"""
        shift = layer.fields["shift"]
        if shift >= self.width.bits or shift > scale:
            message = f"a shift of {shift} at scale {scale} and {self.width.bits} bits"
            raise refused("network/shift", layer.name, message)
        return shape, scale - shift

    def _activation(self, layer: Layer, shape: Shape, scale: int) -> tuple[Shape, int]:
        """[DS-NET-5]"""
        number = layer.fields["layer"]
        if number != self._activations:
            raise refused("network/activation-order", layer.name, f"plan layer {number} instead of {self._activations}")
        if number >= len(self.plan.layers):
            raise refused("network/activation-count", "", f"{layer.name}: the plan has no layer {number}")
        entry = self.plan.layers[number]
        if entry.shape != shape:
            message = f"{list(shape)} instead of the plan's {list(entry.shape)}"
            raise refused("network/activation-shape", layer.name, message)
        self._activations += 1
        return shape, scale + entry.gate_scale

    def _parameters(self, layer: Layer) -> None:
        """[DS-NET-2] [DS-NET-3] [DS-NET-7]"""
        if self.public and (layer.weights is not None or layer.bias is not None):
            raise refused("network/public-parameters", "", f"{layer.name}: a public part with weights or a bias")
        operand = self._types[layer.operands[0]][0]
        expected = make(layer.op, operand, layer.fields).weight_count
        if layer.weights is not None and len(layer.weights) != expected:
            raise refused("network/weight-count", layer.name, f"{len(layer.weights)} weights instead of {expected}")
        if layer.bias is not None and len(layer.bias) != layer.shape[0]:
            raise refused("network/bias-count", layer.name, f"{len(layer.bias)} biases instead of {layer.shape[0]}")
        for value in [*(layer.weights or ()), *(layer.bias or ())]:
            if not self.width.contains(value):
                raise refused("network/parameter-range", layer.name, f"{value} does not fit {self.width.bits} bits")
