"""Who serves whom: positions of a layer's elements, and selections of gates. [DS-ACT-2]"""

from __future__ import annotations

from dataclasses import dataclass

from .plan import Channel, Plan, PlanLayer


def positions(shape: tuple[int, int, int], channels: list[int], batch: int) -> list[int]:
    """The elements of some channels, image by image, in the order of [DS-VAL-5]."""
    count, area = shape[0], shape[1] * shape[2]
    return [
        (image * count + channel) * area + place
        for image in range(batch)
        for channel in channels
        for place in range(area)
    ]


def source_of(layer: int, channel: int, entry: Channel) -> tuple[int, int] | None:
    """(layer, channel) of the prototype whose bits a channel takes; None for a linear channel. [DS-PLAN-3]"""
    if entry.source == "linear":
        return None
    if entry.source == "prototype":
        return layer, channel
    return entry.source


def prototypes_of(layer: PlanLayer) -> list[int]:
    return [number for number, entry in enumerate(layer.channels) if entry.source == "prototype"]


@dataclass(frozen=True)
class Routing:
    """One activation layer for a batch.

    `groups` are the earlier layers that it uses, in order; gates of the selection are numbered through them and then
    the layer's own.
    """

    prototypes: list[int]
    gated: list[int]
    groups: list[int]
    selection: list[int]


def route(plan: Plan, number: int, batch: int) -> Routing:
    """[DS-ACT-2]"""
    layer = plan.layers[number]
    shape, area = tuple(layer.shape), layer.shape[1] * layer.shape[2]
    sources = {c: source_of(number, c, entry) for c, entry in enumerate(layer.channels)}
    gated = [channel for channel, source in sources.items() if source is not None]
    groups = sorted({sources[channel][0] for channel in gated} - {number})
    starts, total = {}, 0
    for group in [*groups, number]:
        starts[group] = total
        total += len(prototypes_of(plan.layers[group])) * area * batch
    places = {
        (group, channel): place
        for group in [*groups, number]
        for place, channel in enumerate(prototypes_of(plan.layers[group]))
    }
    counts = {group: len(prototypes_of(plan.layers[group])) for group in [*groups, number]}
    selection = [
        starts[sources[channel][0]] + (image * counts[sources[channel][0]] + places[sources[channel]]) * area + place
        for image in range(batch)
        for channel in gated
        for place in range(area)
    ]
    own = prototypes_of(layer)
    return Routing(positions(shape, own, batch), positions(shape, gated, batch), groups, selection)
