"""Sharing plans: parts, counts, and the rules of valid ones. [DS-PLAN-1] to [DS-PLAN-28]"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from math import prod
from typing import Any, Iterator, Optional, Union

from .values import LARGEST_COUNT, Refused, Shape, Width

PROTOTYPE, LINEAR = "prototype", "linear"
NONNEGATIVE, POSITIVE = "nonnegative", "positive"
STEPS = (NONNEGATIVE, POSITIVE)
Source = Union[str, tuple[int, int]]  # "prototype", "linear", or (layer, channel) of a replicate's prototype
Gate = tuple[int, int]  # alpha, beta


@dataclass(frozen=True)
class Channel:
    """A gate source, and the affine gate where the plan states one. [DS-PLAN-3] [DS-PLAN-4]"""

    source: Source
    gate: Optional[Gate] = None


@dataclass(frozen=True)
class PlanLayer:
    """One activation layer. [DS-PLAN-1]"""

    shape: Shape
    gate_scale: int = 0
    private: bool = False
    channels: list[Channel] = field(default_factory=list)

    @property
    def area(self) -> int:
        return self.shape[1] * self.shape[2]

    def gate(self, channel: int) -> Optional[Gate]:
        """The stated or the default gate; None on a linear channel. [DS-PLAN-5]"""
        entry = self.channels[channel]
        return None if entry.source == LINEAR else entry.gate or (1 << self.gate_scale, 0)

    def public_part(self) -> "PlanLayer":
        """Without the gates of a private layer. [DS-PLAN-8]"""
        if not self.private:
            return self
        return replace(self, channels=[Channel(entry.source) for entry in self.channels])


@dataclass(frozen=True)
class Plan:
    """[DS-PLAN-1]"""

    width: int
    step: str
    layers: list[PlanLayer] = field(default_factory=list)

    def public_part(self) -> "Plan":
        """[DS-PLAN-8]"""
        return replace(self, layers=[layer.public_part() for layer in self.layers])

    def source_of(self, layer: int, channel: int) -> Optional[tuple[int, int]]:
        """(layer, channel) of the prototype whose bits a channel takes; None on a linear one. [DS-PLAN-3]"""
        source = self.layers[layer].channels[channel].source
        if source == LINEAR:
            return None
        return (layer, channel) if source == PROTOTYPE else source

    def counts(self) -> dict[str, int]:
        """[DS-PLAN-27]"""
        counted = [(layer.area, entry.source) for layer in self.layers for entry in layer.channels]
        return {
            "drelus": sum(area for area, source in counted if source == PROTOTYPE),
            "baseline": sum(prod(layer.shape) for layer in self.layers),
            "multiplexed": sum(area for area, source in counted if source != LINEAR),
            "linear": sum(area for area, source in counted if source == LINEAR),
        }

    def to_object(self) -> dict:
        from .plan_text import plan_to_object

        return plan_to_object(self)

    def to_text(self) -> str:
        """The canonical text. [DS-FILE-3]"""
        from .plan_text import plan_to_text

        return plan_to_text(self)


def check_ring(width: int, step: str) -> None:
    """Rules 1 of [DS-PLAN-9]."""
    if not 2 <= width <= 64:
        raise Refused("plan/width", f"a width of {width} bits")
    if step not in STEPS:
        raise Refused("plan/unknown-step", f"no step convention {step}")


def check_layer_size(number: int, shape: Shape) -> None:
    """[DS-PLAN-12] [DS-PLAN-13]"""
    if 0 in shape:
        raise Refused("plan/empty-shape", f"layer {number}: {list(shape)}", {"layer": number})
    if prod(shape) > LARGEST_COUNT:
        raise Refused("plan/shape-overflow", f"layer {number}: {list(shape)}", {"layer": number})


def check_total(shapes: list[Shape]) -> None:
    """[DS-PLAN-15]"""
    total = 0
    for number, shape in enumerate(shapes):
        total += prod(shape)
        if total > LARGEST_COUNT:
            raise Refused("plan/total-overflow", f"layer {number}: {total} elements so far", {"layer": number})


def check(plan: Plan) -> Plan:
    """The first broken rule in the order of [DS-PLAN-9] is an error."""
    check_ring(plan.width, plan.step)
    for number, layer in enumerate(plan.layers):
        check_layer_size(number, layer.shape)
        if layer.gate_scale > plan.width - 2:
            raise Refused("plan/gate-scale", f"layer {number}: {layer.gate_scale}", {"layer": number})
    check_total([layer.shape for layer in plan.layers])
    for number, layer in enumerate(plan.layers):
        _check_entries(plan, number, layer)
    return plan


def _check_entries(plan: Plan, number: int, layer: PlanLayer) -> None:
    """[DS-PLAN-16] to [DS-PLAN-25]"""
    if not layer.channels:
        raise Refused("plan/empty-layer", f"layer {number} lists no channels", {"layer": number})
    if len(layer.channels) != layer.shape[0]:
        message = f"layer {number} lists {len(layer.channels)} channels, its shape has {layer.shape[0]}"
        raise Refused("plan/channel-count", message, {"layer": number})
    for channel, entry in enumerate(layer.channels):
        for code, value in _broken(plan, number, layer, entry):
            at = {"layer": number, "channel": channel}
            raise Refused(code, f"layer {number}, channel {channel}: {value}", at)


def _broken(plan: Plan, number: int, layer: PlanLayer, entry: Channel) -> Iterator[tuple[str, Any]]:
    """The rules that an entry breaks, its source's first."""
    if isinstance(entry.source, tuple):
        yield from _broken_source(plan, number, layer, entry.source)
    if entry.gate is None:
        return
    width = Width(plan.width)
    if entry.source == LINEAR:
        yield "plan/gate-on-linear", "a gate on a linear channel"
    for name, value in zip(("alpha", "beta"), entry.gate):
        if not width.contains(value):
            yield f"plan/{name}-out-of-range", value


def _broken_source(plan: Plan, number: int, layer: PlanLayer, source: tuple[int, int]) -> Iterator[tuple[str, Any]]:
    """[DS-PLAN-18] to [DS-PLAN-22]; a rule without meaning after a broken one is never asked for."""
    if source[0] >= len(plan.layers):
        yield "plan/source-layer-out-of-range", source[0]
    if source[0] > number:
        yield "plan/source-layer-later", source[0]
    named = plan.layers[source[0]]
    if source[1] >= len(named.channels):
        yield "plan/source-channel-out-of-range", source[1]
    if named.shape[1:] != layer.shape[1:]:
        yield "plan/spatial-mismatch", f"{list(named.shape[1:])} and {list(layer.shape[1:])}"
    if named.channels[source[1]].source != PROTOTYPE:
        yield "plan/source-not-prototype", source


def plan_from_text(text: str) -> Plan:
    from .plan_text import plan_from_text as read

    return read(text)


def plan_from_object(value: Any) -> Plan:
    from .plan_text import plan_from_object as read

    return read(value)
