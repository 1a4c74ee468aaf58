"""Networks: layers with types, and the public part. [DS-NET-1] to [DS-NET-7]

The file is read in network_text.py; the rules that need types are checked in network_types.py.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Optional

from .plan import Plan
from .values import Shape

INPUT = "input"
LINEAR_OPS = ("conv", "dense")  # the operations with weights


@dataclass(frozen=True)
class Layer:
    """`operands` are numbers of layers, -1 the input; `shape` and `scale` are the output's type."""

    name: str
    op: str
    operands: list[int]
    fields: dict[str, Any] = field(default_factory=dict)
    weights: Optional[list[int]] = None
    bias: Optional[list[int]] = None
    shape: Shape = (0, 0, 0)
    scale: int = 0

    @property
    def is_linear(self) -> bool:
        return self.op in LINEAR_OPS


@dataclass(frozen=True)
class Network:
    """A valid network. [DS-NET-1]"""

    name: str
    input_shape: Shape
    input_scale: int
    layers: list[Layer]
    plan: Plan
    public: bool = False

    def operand_shape(self, number: int) -> Shape:
        return self.input_shape if number == -1 else self.layers[number].shape

    def operand_scale(self, number: int) -> int:
        return self.input_scale if number == -1 else self.layers[number].scale

    def operand_name(self, number: int) -> str:
        return INPUT if number == -1 else self.layers[number].name

    @property
    def has_weights(self) -> bool:
        """Whether it can be evaluated: a whole network all of whose linear layers have weights. [DS-NET-7]"""
        return not self.public and all(layer.weights is not None for layer in self.layers if layer.is_linear)

    def public_part(self) -> "Network":
        """Without weights, biases and private gates. [DS-NET-7]"""
        layers = [replace(layer, weights=None, bias=None) for layer in self.layers]
        return replace(self, layers=layers, plan=self.plan.public_part(), public=True)

    def to_object(self) -> dict:
        from .network_text import network_to_object

        return network_to_object(self)

    def to_text(self) -> str:
        """The canonical text. [DS-FILE-3]"""
        from .network_text import network_to_text

        return network_to_text(self)


def network_from_text(text: str) -> Network:
    from .network_text import network_from_text as read

    return read(text)


def network_from_obj(value: Any) -> Network:
    from .network_text import network_from_object as read

    return read(value)
