"""Rings, shapes, and the one kind of error. [DS-VAL-1] to [DS-VAL-7]"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import Optional, Sequence

LARGEST_COUNT = 2**53 - 1  # [DS-VAL-5]
LARGEST_SCALE = 65_535  # [DS-VAL-7]
Shape = tuple[int, int, int]


class Refused(Exception):
    """An error of the specification: a code, a place, a message, and what was given out before. [DS-VEC-3]"""

    def __init__(self, code: str, message: str = "", at: Optional[dict] = None, output: Optional[dict] = None) -> None:
        super().__init__(f"{message} [{code}]")
        self.code, self.message = code, message
        self.at: dict = at or {}
        self.output = output


@dataclass(frozen=True)
class Width:
    """The ring of integers modulo 2^k. [DS-VAL-1]"""

    bits: int

    def __post_init__(self) -> None:
        if not 2 <= self.bits <= 64:
            raise Refused("value/width", f"a width of {self.bits} bits; it is 2 to 64")

    @property
    def modulus(self) -> int:
        return 1 << self.bits

    @property
    def half(self) -> int:
        """2^(k-1), the first integer that does not fit."""
        return 1 << (self.bits - 1)

    def decode(self, x: int) -> int:
        """The two's-complement value of a representative. [DS-VAL-2]"""
        return x - self.modulus if x >= self.half else x

    def encode_wrapping(self, v: int) -> int:
        """Any integer, modulo 2^k. [DS-VAL-2]"""
        return v % self.modulus

    def contains(self, v: int) -> bool:
        return -self.half <= v < self.half

    def encode(self, v: int) -> int:
        """An integer in range as an element. [DS-VAL-2]"""
        if not self.contains(v):
            raise Refused("value/does-not-fit", f"{v} does not fit {self.bits} bits")
        return v % self.modulus


def planes_of(elements: Sequence[int], bits: int) -> list[list[int]]:
    """Bit planes, the least significant first. [DS-VAL-3]"""
    return [[(element >> position) & 1 for element in elements] for position in range(bits)]


def check_shape(shape: Sequence[int]) -> None:
    """At least one and at most 2^53 - 1 elements. [DS-VAL-5]"""
    if 0 in shape:
        raise Refused("value/empty-shape", f"the shape {list(shape)} has no elements")
    if prod(shape) > LARGEST_COUNT:
        raise Refused("value/shape-overflow", f"the shape {list(shape)} has too many elements")


def position_of(shape: Shape, index: int) -> Shape:
    """(channel, row, column) of an element's number. [DS-VAL-5]"""
    _, height, width = shape
    return index // (height * width), index // width % height, index % width
