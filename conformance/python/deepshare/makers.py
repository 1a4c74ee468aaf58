"""Makers: plans from the shapes of activation layers. [DS-PLAN-30] to [DS-PLAN-35]"""

from __future__ import annotations

from math import lcm
from typing import Optional, Sequence

from .plan import PROTOTYPE, Channel, Plan, PlanLayer, check, check_layer_size, check_ring, check_total
from .values import Refused, Shape

MOST_CHANNELS = 262_144
Place = tuple[int, int]  # layer, channel
Sources = dict[Place, Place]  # of each channel, its prototype
Calibration = Sequence[Sequence[Sequence[int]]]  # for each layer, for each sample, bits


def check_shapes(width: int, step: str, shapes: list[Shape]) -> None:
    """What every maker rejects before it allocates anything for a channel. [DS-PLAN-30]"""
    check_ring(width, step)
    for number, shape in enumerate(shapes):
        check_layer_size(number, shape)
    check_total(shapes)
    if sum(shape[0] for shape in shapes) > MOST_CHANNELS:
        raise Refused("maker/too-many-channels", f"more than {MOST_CHANNELS} channels")


def made(width: int, step: str, shapes: list[Shape], sources: Sources) -> Plan:
    """Default gates, public, at gate scale 0. [DS-PLAN-30]"""
    layers = []
    for number, shape in enumerate(shapes):
        channels = []
        for channel in range(shape[0]):
            place = number, channel
            channels.append(Channel(PROTOTYPE if sources[place] == place else sources[place]))
        layers.append(PlanLayer(shape, 0, False, channels))
    return check(Plan(width, step, layers))


def resolutions(shapes: list[Shape]) -> list[list[int]]:
    """Layers of one height and width, ordered by their first layers. [DS-PLAN-30]"""
    found: dict[tuple[int, int], list[int]] = {}
    for number, shape in enumerate(shapes):
        found.setdefault(shape[1:], []).append(number)
    return list(found.values())


def places_of(shapes: list[Shape], layers: Sequence[int]) -> list[Place]:
    """All channels of some layers, in order."""
    return [(layer, channel) for layer in layers for channel in range(shapes[layer][0])]


def check_prototypes(prototypes: int) -> None:
    if prototypes == 0:
        raise Refused("maker/no-prototypes", "no prototypes were asked for")


def groups(width: int, step: str, shapes: list[Shape], prototypes: int, contiguous: bool = False) -> Plan:
    """Every layer by itself. [DS-PLAN-31]"""
    check_shapes(width, step, shapes)
    check_prototypes(prototypes)
    sources: Sources = {}
    for layer, shape in enumerate(shapes):
        p = min(prototypes, shape[0])
        firsts = run_firsts(shape[0], p) if contiguous else [channel % p for channel in range(shape[0])]
        for channel, first in enumerate(firsts):
            sources[layer, channel] = layer, first
    return made(width, step, shapes, sources)


def run_firsts(channels: int, runs: int) -> list[int]:
    """For each channel the first one of its run. [DS-PLAN-31]"""
    each, longer = divmod(channels, runs)
    firsts: list[int] = []
    for run in range(runs):
        firsts += [len(firsts)] * (each + (run < longer))
    return firsts


def stage(width: int, step: str, shapes: list[Shape], prototypes: Optional[int] = None) -> Plan:
    """The prototypes of a resolution in its first layer. [DS-PLAN-32]"""
    check_shapes(width, step, shapes)
    if prototypes is not None:
        check_prototypes(prototypes)
    sources: Sources = {}
    for layers in resolutions(shapes):
        p = shapes[layers[0]][0] if prototypes is None else min(prototypes, shapes[layers[0]][0])
        for layer, channel in places_of(shapes, layers):
            sources[layer, channel] = layers[0], channel % p
    return made(width, step, shapes, sources)


def budget(width: int, step: str, shapes: list[Shape], drelus: int) -> Plan:
    """The most uniform plan with at most so many DReLUs. [DS-PLAN-33]"""
    check_shapes(width, step, shapes)
    found = resolutions(shapes)
    costs = [shapes[layers[0]][1] * shapes[layers[0]][2] for layers in found]
    if sum(costs) > drelus:
        raise Refused("maker/budget-below-floor", f"{drelus} DReLUs; the floor is {sum(costs)}")
    left, numbers = drelus - sum(costs), [1] * len(found)
    for resolution in offers(shapes, found):
        if costs[resolution] <= left:
            left -= costs[resolution]
            numbers[resolution] += 1
    sources: Sources = {}
    for layers, p in zip(found, numbers):
        places = places_of(shapes, layers)
        for q, place in enumerate(places):
            sources[place] = places[q % p]
    return made(width, step, shapes, sources)


def offers(shapes: list[Shape], found: list[list[int]]) -> list[int]:
    """The resolutions to which further prototypes are offered, by level, then by order. [DS-PLAN-33]"""
    firsts = [shapes[layers[0]][0] for layers in found]
    common = lcm(*firsts)
    levels = []
    for resolution, layers in enumerate(found):
        most = sum(shapes[layer][0] for layer in layers)
        levels += [(m * (common // firsts[resolution]), resolution) for m in range(2, most + 1)]
    return [resolution for _, resolution in sorted(levels)]


def agreement(
    width: int, step: str, shapes: list[Shape], prototypes: int, by_layer: bool, calibration: Calibration
) -> Plan:
    """Prototypes chosen from calibration data, one after the other. [DS-PLAN-34]"""
    check_shapes(width, step, shapes)
    check_prototypes(prototypes)
    check_calibration(shapes, calibration)
    sources: Sources = {}
    for layers in [[layer] for layer in range(len(shapes))] if by_layer else resolutions(shapes):
        signs = {place: channel_bits(shapes, calibration, place) for place in places_of(shapes, layers)}
        candidates = places_of(shapes, layers[:1])
        chosen = choose(signs, candidates, min(prototypes, len(candidates)))
        for place, own in signs.items():
            nearest = min(sorted(chosen), key=lambda other: (own ^ signs[other]).bit_count())
            sources[place] = place if place in chosen else nearest
    return made(width, step, shapes, sources)


def choose(signs: dict[Place, int], candidates: list[Place], number: int) -> list[Place]:
    """Greedily: the candidate that leaves the fewest differences; ties to the first. [DS-PLAN-34]"""
    chosen: list[Place] = []
    nearest: dict[Place, Optional[int]] = dict.fromkeys(signs)
    while len(chosen) < number:
        best: Optional[tuple[int, Place, dict]] = None
        for candidate in candidates:
            if candidate in chosen:
                continue
            now = {place: (own ^ signs[candidate]).bit_count() for place, own in signs.items()}
            now = {place: new if nearest[place] is None else min(new, nearest[place]) for place, new in now.items()}
            total = sum(now.values())
            if best is None or total < best[0]:
                best = total, candidate, now
        chosen.append(best[1])
        nearest = best[2]
    return chosen


def channel_bits(shapes: list[Shape], calibration: Calibration, place: Place) -> int:
    """All bits of a channel, of all samples, as one number."""
    layer, channel = place
    area, number = shapes[layer][1] * shapes[layer][2], 0
    for sample in calibration[layer]:
        text = "".join(map(str, sample[channel * area : (channel + 1) * area]))
        number = number << area | int(text, 2)
    return number


def check_calibration(shapes: list[Shape], calibration: Calibration) -> None:
    """[DS-PLAN-34] [DS-PLAN-35]"""
    if len(calibration) != len(shapes):
        raise Refused("maker/calibration-layers", f"data for {len(calibration)} layers instead of {len(shapes)}")
    if calibration and not calibration[0]:
        raise Refused("maker/no-samples", "calibration data without samples")
    for layer, samples in enumerate(calibration):
        if len(samples) != len(calibration[0]):
            raise Refused("maker/calibration-samples", f"layer {layer} has {len(samples)} samples")
        channels, height, width = shapes[layer]
        for sample in samples:
            if len(sample) != channels * height * width:
                raise Refused("maker/calibration-bits", f"layer {layer}: a sample of {len(sample)} bits")
