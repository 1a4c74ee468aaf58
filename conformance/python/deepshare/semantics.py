"""The two semantics: the ring, which wraps, and the integers, which are checked. [DS-INT-1] to [DS-INT-4]

In both a value is a signed integer; in the ring it is the decoded one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional, Sequence, Union

from .values import Refused, Shape, Width, position_of

RING, INTEGER = "ring", "integer"


@dataclass(frozen=True)
class Place:
    """Where values are checked: a layer and its shape. Operations without layers name no place. [DS-INT-4]"""

    layer: Union[str, int]
    shape: Shape

    def at(self, checkpoint: str, index: int, value: int) -> dict:
        channel, row, column = position_of(self.shape, index)
        place = {"channel": channel, "row": row, "column": column}
        return {"layer": self.layer, "checkpoint": checkpoint, **place, "value": str(value)}


class Semantics:
    """One of the two, at a width."""

    def __init__(self, width: Width, kind: str) -> None:
        self.width, self.checks = width, kind == INTEGER

    def result(self, values: Sequence[int], checkpoint: str, place: Optional[Place] = None) -> list[int]:
        """Values at a checkpoint: reduced in the ring, checked on integers. [DS-INT-1]"""
        if not self.checks:
            return [self.width.decode(self.width.encode_wrapping(value)) for value in values]
        for index, value in enumerate(values):
            self._check(value, checkpoint, place, index)
        return list(values)

    def parameters(self, values: Sequence[int], name: str, layer: Optional[str] = None) -> list[int]:
        """Weights or biases at the checkpoint `Parameter`. [DS-INT-3]"""
        for index, value in enumerate(values):
            if self.checks and not self.width.contains(value):
                at = {} if layer is None else {
                    "layer": layer, "checkpoint": "parameter", "list": name, "index": index, "value": str(value)}
                message = f"{value}, number {index} of {name}, does not fit {self.width.bits} bits"
                raise Refused("semantics/parameter", message, at)
        return list(values)

    def drelus(self, x: Sequence[int], step: str, indices: Sequence[int], place: Optional[Place] = None) -> list[int]:
        """The bits of values at a checkpoint; `indices` are their numbers in the tensor. [DS-DRELU-1]"""
        if step == "nonnegative":
            return [int(value >= 0) for value in x]
        bits = []
        for index, value in zip(indices, x):
            if self.checks:
                self._check(value - 1, "step", place, index)
            bits.append(int(self.width.decode(self.width.encode_wrapping(value - 1)) >= 0))
        return bits

    def _check(self, value: int, checkpoint: str, place: Optional[Place], index: int) -> None:
        if self.width.contains(value):
            return
        at = place.at(checkpoint, index, value) if place else {}
        message = f"{value} does not fit {self.width.bits} bits at the checkpoint {checkpoint} {at}"
        raise Refused("semantics/overflow", message, at)
