"""Linear maps: which products of a weight and an input add up to which output. [DS-LIN-1] to [DS-LIN-6]

A map is evaluated on plain integers, so it serves the ring, the integers, and shares alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import Any, Iterator, Mapping, Optional, Sequence

from .values import LARGEST_COUNT, Refused, Shape, check_shape


def excluded(message: str) -> Refused:
    return Refused("value/linear-map", message)


@dataclass(frozen=True)
class Axis:
    """One axis of a window: how an output place and a tap give an input place. [DS-LIN-3]"""

    size: int
    kernel: int
    stride: int
    padding: int = 0
    dilation: int = 1

    def __post_init__(self) -> None:
        if 0 in (self.kernel, self.stride, self.dilation):
            raise excluded("kernel, stride and dilation are at least 1")
        if self.padding >= self.extent:
            raise excluded(f"a padding of {self.padding} is not less than the extent {self.extent}")
        if self.extent > self.size + 2 * self.padding:
            raise excluded(f"the extent {self.extent} does not fit {self.size} with a padding of {self.padding}")

    @property
    def extent(self) -> int:
        return self.dilation * (self.kernel - 1) + 1

    @property
    def outputs(self) -> int:
        return (self.size + 2 * self.padding - self.extent) // self.stride + 1

    def taps(self, output: int) -> list[tuple[int, int]]:
        """(tap, input place) within the input; the rest is the zeros of the padding."""
        start = output * self.stride - self.padding
        places = [(tap, start + tap * self.dilation) for tap in range(self.kernel)]
        return [(tap, place) for tap, place in places if 0 <= place < self.size]


@dataclass(frozen=True)
class LinearMap:
    """`rows` and `columns` are the axes of a convolution or a pool; `gated` are the channels of an affine map."""

    op: str
    input_shape: Shape
    output_shape: Shape
    weight_count: int
    input_count: int
    rows: Optional[Axis] = None
    columns: Optional[Axis] = None
    groups: int = 1
    gated: tuple[bool, ...] = ()

    def __post_init__(self) -> None:
        """The last two rules of [DS-LIN-12]; the others are checked where the map is made."""
        check_shape(self.output_shape)
        if max(self.weight_count, self.input_count) > LARGEST_COUNT:
            raise Refused("value/shape-overflow", "too many weights or inputs")

    def products(self) -> Iterator[tuple[int, int, int]]:
        """All (output, weight, input) whose products add up."""
        return {
            "dense": self._dense,
            "conv": self._convolution,
            "sum_pool": self._pool,
            "affine": self._affine,
        }[self.op]()

    def apply(self, weights: Sequence[int], x: Sequence[int]) -> list[int]:
        """map(W, x) of one input, on integers. [DS-LIN-1]"""
        if len(weights) != self.weight_count or len(x) != self.input_count:
            message = f"{len(weights)} weights and {len(x)} inputs; {self.weight_count} and {self.input_count} expected"
            raise Refused("value/length", message)
        y = [0] * prod(self.output_shape)
        if self.op == "dense":
            for o in range(len(y)):
                row = weights[o * len(x) : (o + 1) * len(x)]
                y[o] = sum(w * value for w, value in zip(row, x))
            return y
        for output, weight, place in self.products():
            y[output] += weights[weight] * x[place]
        return y

    def _dense(self) -> Iterator[tuple[int, int, int]]:
        """[DS-LIN-4]"""
        for o in range(self.output_shape[0]):
            for j in range(self.input_count):
                yield o, o * self.input_count + j, j

    def _windows(self) -> Iterator[tuple[int, list[tuple[int, int]]]]:
        """For each output place of a channel the (tap, input place) pairs, both as one number."""
        rows, columns = self.rows, self.columns
        across = [columns.taps(c) for c in range(columns.outputs)]
        for r in range(rows.outputs):
            down = rows.taps(r)
            for c in range(columns.outputs):
                pairs = [(a * columns.kernel + b, y * columns.size + z) for a, y in down for b, z in across[c]]
                yield r * columns.outputs + c, pairs

    def _convolution(self) -> Iterator[tuple[int, int, int]]:
        """[DS-LIN-3]"""
        inputs, outputs = self.input_shape[0], self.output_shape[0]
        each = inputs // self.groups
        area, taps = self.input_shape[1] * self.input_shape[2], self.rows.kernel * self.columns.kernel
        places = prod(self.output_shape[1:])
        windows = list(self._windows())
        for o in range(outputs):
            first = o // (outputs // self.groups) * each
            for i in range(each):
                weight, start = (o * each + i) * taps, (first + i) * area
                for place, pairs in windows:
                    for tap, at in pairs:
                        yield o * places + place, weight + tap, start + at

    def _pool(self) -> Iterator[tuple[int, int, int]]:
        """[DS-LIN-5]; the one weight is the public 1."""
        area, places = self.input_shape[1] * self.input_shape[2], prod(self.output_shape[1:])
        windows = list(self._windows())
        for c in range(self.input_shape[0]):
            for place, pairs in windows:
                for _, at in pairs:
                    yield c * places + place, 0, c * area + at

    def _affine(self) -> Iterator[tuple[int, int, int]]:
        """beta x + alpha d x; d x stands after x, alpha after beta, of gated channels only. [DS-LIN-6]"""
        channels, area = self.input_shape[0], self.input_shape[1] * self.input_shape[2]
        second = channels
        for c in range(channels):
            for place in range(area):
                yield c * area + place, c, c * area + place
            if self.gated[c]:
                for place in range(area):
                    yield c * area + place, second, second * area + place
                second += 1


def dense_map(shape: Shape, outputs: int) -> LinearMap:
    """[DS-LIN-4]"""
    check_shape(shape)
    inputs = prod(shape)
    return LinearMap("dense", shape, (outputs, 1, 1), outputs * inputs, inputs)


def convolution_map(shape: Shape, fields: Mapping[str, Any]) -> LinearMap:
    """[DS-LIN-3] [DS-LIN-12]"""
    check_shape(shape)
    outputs, groups, dilation = fields["out_channels"], fields["groups"], fields.get("dilation", (1, 1))
    if groups == 0 or shape[0] % groups or outputs % groups:
        raise excluded(f"{groups} groups do not divide {shape[0]} and {outputs} channels")
    rows, columns = (
        Axis(shape[1 + i], fields["kernel"][i], fields["stride"][i], fields["padding"][i], dilation[i])
        for i in range(2)
    )
    output = (outputs, rows.outputs, columns.outputs)
    check_shape(output)
    if rows.kernel * columns.kernel > LARGEST_COUNT:
        raise Refused("value/shape-overflow", f"a kernel of {rows.kernel} by {columns.kernel}")
    weights = outputs * (shape[0] // groups) * rows.kernel * columns.kernel
    return LinearMap("conv", shape, output, weights, prod(shape), rows, columns, groups)


def sum_pool_map(shape: Shape, fields: Mapping[str, Any]) -> LinearMap:
    """[DS-LIN-5]"""
    check_shape(shape)
    rows, columns = (Axis(shape[1 + i], fields["window"][i], fields["stride"][i]) for i in range(2))
    output = (shape[0], rows.outputs, columns.outputs)
    return LinearMap("sum_pool", shape, output, 1, prod(shape), rows, columns)


def affine_map(shape: Shape, gated: Sequence[bool]) -> LinearMap:
    """[DS-LIN-6]"""
    check_shape(shape)
    if len(gated) != shape[0]:
        raise Refused("value/length", f"{len(gated)} flags for {shape[0]} channels")
    both = shape[0] + sum(map(bool, gated))
    return LinearMap("affine", shape, shape, both, both * shape[1] * shape[2], gated=tuple(map(bool, gated)))


def make(op: str, shape: Shape, fields: Mapping[str, Any]) -> LinearMap:
    """The map of an operation of a network file, on its operand's shape."""
    if op == "dense":
        return dense_map(shape, fields["outputs"])
    return convolution_map(shape, fields) if op == "conv" else sum_pool_map(shape, fields)
