"""What party programs compute on: planes, ring vectors, and lengths alone.

A program never branches on a value [DS-VAL-6], so it is written once, with the operators of these classes. `Plane`
and `Ring` hold values. `Lengths` stands for either where only the length is known: for the dealer's view of the
parties' shares, and for runs on shapes [DS-COST-1].
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Iterable, Sequence, Union

from .values import Refused, Width

Positions = Sequence[int]


def _same(left: "Value", right: "Value") -> None:
    if len(left) != len(right):
        raise Refused(code="value/length", message=f"{len(left)} and {len(right)} elements")


@dataclass(frozen=True)
class Plane:
    """One bit for each of `count` elements; bit i of `number` is that of element i. [DS-VAL-3]"""

    number: int
    count: int

    @staticmethod
    def of(bits: Iterable[int]) -> "Plane":
        text = "".join("1" if bit else "0" for bit in bits)
        return Plane(int(text[::-1] or "0", 2), len(text))

    def bits(self) -> list[int]:
        return [int(digit) for digit in self._text()]

    def __len__(self) -> int:
        return self.count

    def __xor__(self, other: "Plane") -> "Plane":
        _same(self, other)
        return Plane(self.number ^ other.number, self.count)

    def __and__(self, other: "Plane") -> "Plane":
        _same(self, other)
        return Plane(self.number & other.number, self.count)

    def __invert__(self) -> "Plane":
        return Plane(self.number ^ ((1 << self.count) - 1), self.count)

    def select(self, positions: Positions) -> "Plane":
        text = self._text()
        chosen = "".join([text[position] for position in positions])
        return Plane(int(chosen[::-1] or "0", 2), len(chosen))

    def cut(self, counts: Iterable[int]) -> list["Plane"]:
        pieces, at = [], 0
        for count in counts:
            pieces.append(Plane((self.number >> at) & ((1 << count) - 1), count))
            at += count
        return pieces

    def ring(self, width: Width) -> "Ring":
        """The bits as elements 0 and 1."""
        return Ring(width, self.bits())

    def pack(self) -> bytes:
        """[DS-WIRE-1]"""
        return self.number.to_bytes((self.count + 7) // 8, "little")

    def _text(self) -> str:
        return format(self.number, f"0{self.count}b")[::-1] if self.count else ""


@dataclass(frozen=True)
class Ring:
    """A vector over R_k, of representatives. [DS-VAL-1]"""

    width: Width
    elements: list[int]

    def __len__(self) -> int:
        return len(self.elements)

    def _map(self, elements: Iterable[int]) -> "Ring":
        mask = self.width.modulus - 1
        return Ring(self.width, [element & mask for element in elements])

    def __add__(self, other: "Ring") -> "Ring":
        _same(self, other)
        return self._map(a + b for a, b in zip(self.elements, other.elements))

    def __sub__(self, other: "Ring") -> "Ring":
        _same(self, other)
        return self._map(a - b for a, b in zip(self.elements, other.elements))

    def __mul__(self, other: "Ring") -> "Ring":
        """Element by element."""
        _same(self, other)
        return self._map(a * b for a, b in zip(self.elements, other.elements))

    def times(self, factor: int) -> "Ring":
        return self._map(element * factor for element in self.elements)

    def plus(self, constant: int) -> "Ring":
        return self._map(element + constant for element in self.elements)

    def plus_each(self, constants: Sequence[int]) -> "Ring":
        return self._map(a + b for a, b in zip(self.elements, constants, strict=True))

    def one_minus_twice(self) -> "Ring":
        """1 - 2 x, which is 1 or -1 for bits."""
        return self.times(-2).plus(1)

    def shifted(self, shift: int) -> "Ring":
        """The logical shift: zeros come in."""
        return self._map(element >> shift for element in self.elements)

    def plane(self, position: int) -> Plane:
        """Plane number `position` [DS-VAL-3]."""
        return Plane.of((element >> position) & 1 for element in self.elements)

    def planes(self) -> list[Plane]:
        return [self.plane(position) for position in range(self.width.bits)]

    def low(self, bits: int) -> list[int]:
        """The numbers that the low bits are; of public or dealt values only."""
        return [element & ((1 << bits) - 1) for element in self.elements]

    def select(self, positions: Positions) -> "Ring":
        return Ring(self.width, [self.elements[position] for position in positions])

    def cut(self, counts: Iterable[int]) -> list["Ring"]:
        pieces, at = [], 0
        for count in counts:
            pieces.append(Ring(self.width, self.elements[at : at + count]))
            at += count
        return pieces

    def as_width(self, width: Width) -> "Ring":
        """The representatives modulo 2^k of a narrower ring."""
        return Ring(width, [element % width.modulus for element in self.elements])


@dataclass(frozen=True)
class Lengths:
    """A plane (bits 1) or a ring vector of which only the length is known. [DS-COST-1]"""

    count: int
    bits_each: int

    def __len__(self) -> int:
        return self.count

    @property
    def width(self) -> Width:
        return Width(self.bits_each)

    def _binary(self, other: "Value") -> "Lengths":
        _same(self, other)
        return self

    __xor__ = __and__ = __add__ = __sub__ = __mul__ = _binary

    def __invert__(self) -> "Lengths":
        return self

    def _unary(self, _public: object = None) -> "Lengths":
        return self

    times = plus = plus_each = shifted = one_minus_twice = _unary

    def plane(self, _position: int) -> "Lengths":
        return Lengths(self.count, 1)

    def planes(self) -> list["Lengths"]:
        return [Lengths(self.count, 1)] * self.bits_each

    def low(self, _bits: int) -> "Lengths":
        return self

    def select(self, positions: Positions) -> "Lengths":
        return Lengths(len(positions), self.bits_each)

    def cut(self, counts: Iterable[int]) -> list["Lengths"]:
        return [Lengths(count, self.bits_each) for count in counts]

    def ring(self, width: Width) -> "Lengths":
        return Lengths(self.count, width.bits)

    def as_width(self, width: Width) -> "Lengths":
        return Lengths(self.count, width.bits)


Value = Union[Plane, Ring, Lengths]


def concat(pieces: Sequence[Value]) -> Value:
    """All pieces, one after the other; at least one."""
    first = pieces[0]
    if any(isinstance(piece, Lengths) for piece in pieces):
        return Lengths(sum(len(piece) for piece in pieces), bits_of(first))
    if isinstance(first, Plane):
        number, count = 0, 0
        for piece in pieces:
            number |= piece.number << count
            count += piece.count
        return Plane(number, count)
    return Ring(first.width, [element for piece in pieces for element in piece.elements])


def bits_of(value: Value) -> int:
    """How many bits an element of it has on the wire."""
    if isinstance(value, Plane):
        return 1
    return value.bits_each if isinstance(value, Lengths) else value.width.bits
