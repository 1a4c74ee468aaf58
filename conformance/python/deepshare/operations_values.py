"""Operations on values and packed payloads. [DS-VEC-7]"""

from __future__ import annotations

from .operations_types import (
    Malformed, Trace, bit_text, bits, count, data, elements, integers, items, one_of, strings)
from .truncation import check_shift
from .values import Refused, Width, planes_of
from .wire import pack, unpack

OPERATORS = {"add": lambda a, b: a + b, "subtract": lambda a, b: a - b, "multiply": lambda a, b: a * b}


def width_of(fields: dict) -> Width:
    return Width(count(fields["width"]))


def check_equal(left: list, right: list) -> None:
    if len(left) != len(right):
        raise Refused("value/length", f"{len(left)} and {len(right)} elements")


def encode(fields: dict, _trace: Trace) -> dict:
    """[DS-VAL-2]"""
    width = width_of(fields)
    return {"elements": strings(width.encode(value) for value in integers(fields["integers"]))}


def decode(fields: dict, _trace: Trace) -> dict:
    """[DS-VAL-2]"""
    width = width_of(fields)
    return {"integers": strings(width.decode(value) for value in elements(fields["elements"], width))}


def arithmetic(fields: dict, _trace: Trace) -> dict:
    """[DS-VAL-1]"""
    width, operator = width_of(fields), OPERATORS[one_of(fields["operator"], tuple(OPERATORS))]
    left, right = elements(fields["left"], width), elements(fields["right"], width)
    check_equal(left, right)
    return {"elements": strings(width.encode_wrapping(operator(a, b)) for a, b in zip(left, right))}


def planes(fields: dict, _trace: Trace) -> dict:
    """[DS-VAL-3]"""
    width = width_of(fields)
    return {"planes": [bit_text(plane) for plane in planes_of(elements(fields["elements"], width), width.bits)]}


def share(fields: dict, _trace: Trace) -> dict:
    """The client's share of x is x - x0. [DS-VAL-4]"""
    width = width_of(fields)
    x, server = elements(fields["elements"], width), elements(fields["server"], width)
    check_equal(x, server)
    return {"client": strings(width.encode_wrapping(a - b) for a, b in zip(x, server))}


def reconstruct(fields: dict, _trace: Trace) -> dict:
    """[DS-VAL-4]"""
    width = width_of(fields)
    server, client = elements(fields["server"], width), elements(fields["client"], width)
    check_equal(server, client)
    x = [width.encode_wrapping(a + b) for a, b in zip(server, client)]
    return {"elements": strings(x), "integers": strings(map(width.decode, x))}


def pack_elements(fields: dict, _trace: Trace) -> dict:
    """The k - shift high bits of multiples of 2^shift. [DS-WIRE-1]"""
    width, shift = width_of(fields), count(fields["shift"])
    check_shift(width, shift)
    values = elements(fields["elements"], width)
    if any(value % (1 << shift) for value in values):
        raise Malformed(f"an element is no multiple of 2^{shift}")
    return {"bytes": pack([value >> shift for value in values], width.bits - shift).hex()}


def unpack_elements(fields: dict, _trace: Trace) -> dict:
    """[DS-WIRE-2] [DS-WIRE-3]"""
    width, shift = width_of(fields), count(fields["shift"])
    check_shift(width, shift)
    values = unpack(data(fields["bytes"]), width.bits - shift, count(fields["count"]))
    return {"elements": strings(value << shift for value in values)}


def pack_planes(fields: dict, _trace: Trace) -> dict:
    """Plane after plane, not padded in between. [DS-WIRE-1]"""
    given = [bits(plane) for plane in items(fields["planes"])]
    for plane in given[1:]:
        check_equal(given[0], plane)
    return {"bytes": pack([bit for plane in given for bit in plane], 1).hex()}


def unpack_planes(fields: dict, _trace: Trace) -> dict:
    """[DS-WIRE-2] [DS-WIRE-3]"""
    number, length = count(fields["count"]), count(fields["length"])
    found = unpack(data(fields["bytes"]), 1, number * length)
    return {"planes": [bit_text(found[at * length : (at + 1) * length]) for at in range(number)]}


OPERATIONS = {
    "encode": encode,
    "decode": decode,
    "arithmetic": arithmetic,
    "planes": planes,
    "share": share,
    "reconstruct": reconstruct,
    "pack": pack_elements,
    "unpack": unpack_elements,
    "pack-planes": pack_planes,
    "unpack-planes": unpack_planes,
}
