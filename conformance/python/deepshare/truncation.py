"""Truncation: floor(x / 2^f). [DS-TRUNC-1]"""

from __future__ import annotations

from typing import Optional, Sequence

from .semantics import Place, Semantics
from .values import Refused, Width


def check_shift(width: Width, shift: int) -> None:
    if not 0 <= shift < width.bits:
        raise Refused("value/shift", f"a shift of {shift} at {width.bits} bits")


def truncate(semantics: Semantics, x: Sequence[int], shift: int, place: Optional[Place] = None) -> list[int]:
    """Rounds towards minus infinity; x are decoded, or integers."""
    check_shift(semantics.width, shift)
    return semantics.result([value >> shift for value in x], "tensor", place)
