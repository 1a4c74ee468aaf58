"""Activation layers in the clear. [DS-GATE-2] [DS-ACT-1]"""

from __future__ import annotations

from typing import Callable, Optional, Sequence

from .plan import LINEAR, PROTOTYPE, Plan
from .semantics import Place, Semantics
from .values import Refused

Bits = dict[tuple[int, int], list[int]]  # of each (layer, channel) that is a prototype
NoteBits = Callable[[int, int, list[int]], None]  # layer, channel and bits, as soon as all of the channel's are there


def affine(
    semantics: Semantics, alpha: int, beta: int, bits: Sequence[int], x: Sequence[int], place: Optional[Place] = None
) -> list[int]:
    """(alpha d + beta) x; only the result is a checkpoint. [DS-GATE-2]"""
    if len(bits) != len(x):
        raise Refused("value/length", f"{len(bits)} bits for {len(x)} elements")
    return semantics.result([(alpha * bit + beta) * value for bit, value in zip(bits, x)], "activation", place)


def activation(
    semantics: Semantics,
    plan: Plan,
    number: int,
    x: Sequence[int],
    bits: Bits,
    place: Optional[Place] = None,
    note: NoteBits = lambda layer, channel, found: None,
) -> list[int]:
    """y of one layer; the bits of its prototypes are added to `bits`, for later layers. [DS-ACT-1]"""
    layer = plan.layers[number]
    area = layer.area
    channels = [x[c * area : (c + 1) * area] for c in range(len(layer.channels))]
    for c, entry in enumerate(layer.channels):
        if entry.source == PROTOTYPE:
            indices = range(c * area, (c + 1) * area)
            bits[number, c] = semantics.drelus(channels[c], plan.step, indices, place)
            note(number, c, bits[number, c])
    y: list[int] = []
    for c, entry in enumerate(layer.channels):
        if entry.source == LINEAR:
            y += [value << layer.gate_scale for value in channels[c]]
        else:
            alpha, beta = layer.gate(c)
            own = bits[plan.source_of(number, c)]
            y += [(alpha * bit + beta) * value for bit, value in zip(own, channels[c])]
    return semantics.result(y, "activation", place)
