"""Sweeps: a function on all its inputs, as one hash. [DS-VEC-8]"""

from __future__ import annotations

import hashlib
from typing import Callable, Iterator

from .operations_party import Unsupported
from .operations_types import Malformed, Trace, count, integer, known, one_of
from .plan import STEPS
from .semantics import RING, Semantics
from .values import Width

MOST_ROWS = 2**22  # more would outlast a harness's limit
Rows = Iterator[str]


def signed(width: Width) -> range:
    return range(-width.half, width.half)


def drelu_rows(width: Width, step: str) -> Rows:
    bits = Semantics(width, RING).drelus(signed(width), step, signed(width))
    yield from (f"{x} {d}" for x, d in zip(signed(width), bits))


def truncation_rows(width: Width) -> Rows:
    for shift in range(width.bits):
        yield from (f"{shift} {x} {x >> shift}" for x in signed(width))


def activation_rows(width: Width, step: str, alpha: int, beta: int) -> Rows:
    semantics = Semantics(width, RING)
    for p, d in zip(signed(width), semantics.drelus(signed(width), step, signed(width))):
        y = semantics.result([(alpha * d + beta) * x for x in signed(width)], "activation")
        yield from (f"{p} {x} {value}" for x, value in zip(signed(width), y))


def reconstruct_rows(width: Width, step: str) -> Rows:
    bits = dict(zip(signed(width), Semantics(width, RING).drelus(signed(width), step, signed(width))))
    for s in range(width.modulus):
        for c in range(width.modulus):
            x = width.decode((s + c) % width.modulus)
            yield f"{s} {c} {x} {bits[x]}"


def arithmetic_rows(width: Width) -> Rows:
    mask = width.modulus - 1
    for a in range(width.modulus):
        for b in range(width.modulus):
            yield f"{a} {b} {(a + b) & mask} {(a - b) & mask} {a * b & mask}"


def carry_rows(bits: int) -> Rows:
    for a in range(1 << bits):
        for b in range(1 << bits):
            yield f"{a} {b} {(a + b) >> bits}"


def _plain_carry(fields: dict) -> tuple[int, Callable[[], Rows]]:
    known(fields, ("function", "bits"))
    bits = count(fields["bits"])
    return 2 * bits, lambda: carry_rows(bits)


def select(fields: dict) -> tuple[int, Callable[[], Rows]]:
    """The logarithm of about how many rows, and the rows."""
    function = fields["function"]
    if function == "carry":
        return _plain_carry(fields)
    names = {
        "drelu": ("step",),
        "truncation": (),
        "activation": ("step", "alpha", "beta"),
        "reconstruct": ("step",),
        "arithmetic": (),
    }
    if function not in names:
        raise Malformed(f"no sweep {function}")
    known(fields, ("function", "width", *names[function]))
    width = Width(count(fields["width"]))
    step = one_of(fields["step"], STEPS) if "step" in fields else ""
    if function == "drelu":
        return width.bits, lambda: drelu_rows(width, step)
    if function == "truncation":
        return width.bits + (width.bits - 1).bit_length(), lambda: truncation_rows(width)
    if function == "activation":
        alpha, beta = integer(fields["alpha"]), integer(fields["beta"])
        return 2 * width.bits, lambda: activation_rows(width, step, alpha, beta)
    if function == "reconstruct":
        return 2 * width.bits, lambda: reconstruct_rows(width, step)
    return 2 * width.bits, lambda: arithmetic_rows(width)


def sweep(fields: dict, _trace: Trace) -> dict:
    """[DS-VEC-8]"""
    size, rows = select(fields)
    if size > MOST_ROWS.bit_length() - 1:
        raise Unsupported(f"a sweep of about 2^{size} rows")
    number, first, digest = 0, [], hashlib.sha256()
    for row in rows():
        if number < 16:
            first.append(row)
        number += 1
        digest.update(row.encode("ascii") + b"\n")
    return {"rows": number, "first": first, "sha256": digest.hexdigest()}


OPERATIONS = {"sweep": sweep}
