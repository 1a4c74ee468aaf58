"""The types of operations' inputs and outputs. [DS-VEC-4]"""

from __future__ import annotations

import re
from typing import Any, Iterable, Mapping, Sequence

from .values import LARGEST_COUNT, Width

ROLES = ("server", "client", "trusted")
_ELEMENT = re.compile(r"0|[1-9][0-9]*", re.ASCII)
_INTEGER = re.compile(r"0|-?[1-9][0-9]*", re.ASCII)
_BYTES = re.compile(r"(?:[0-9a-f]{2})*", re.ASCII)


class Malformed(Exception):
    """An input that this chapter's types exclude: no case, but a request that cannot be read. [DS-ADAPT-3]"""


class Trace:
    """Collects the named intermediate values of a case. [DS-VEC-2]"""

    def __init__(self) -> None:
        self.steps: list[dict] = []

    def note(self, name: str, clause: str, value: Any) -> None:
        self.steps.append({"name": name, "clause": clause, "value": value})


def _matching(pattern: re.Pattern, value: Any, what: str) -> str:
    if type(value) is not str or not pattern.fullmatch(value):
        raise Malformed(f"{what} expected, not {value!r}")
    return value


def count(value: Any) -> int:
    if type(value) is not int or not 0 <= value <= LARGEST_COUNT:
        raise Malformed(f"a count is expected, not {value!r}")
    return value


def text(value: Any) -> str:
    if type(value) is not str:
        raise Malformed(f"a text is expected, not {value!r}")
    return value


def items(value: Any) -> list:
    if type(value) is not list:
        raise Malformed(f"a list is expected, not {value!r}")
    return value


def one_of(value: Any, names: Sequence[str]) -> str:
    if value not in names:
        raise Malformed(f"one of {', '.join(names)} is expected, not {value!r}")
    return value


def integer(value: Any) -> int:
    return int(_matching(_INTEGER, value, "an integer as a string is"))


def integers(value: Any) -> list[int]:
    return [integer(entry) for entry in items(value)]


def unsigned(value: Any, bits: int) -> int:
    """An integer of a field that has so many bits on the wire."""
    number = integer(value)
    if not 0 <= number < 1 << bits:
        raise Malformed(f"{number} is not within 0 to 2^{bits} - 1")
    return number


def elements(value: Any, width: Width) -> list[int]:
    found = [int(_matching(_ELEMENT, entry, "an element as a string is")) for entry in items(value)]
    for element in found:
        if element >= width.modulus:
            raise Malformed(f"{element} is no element of a ring of {width.bits} bits")
    return found


def bits(value: Any) -> list[int]:
    if type(value) is not str or set(value) - {"0", "1"}:
        raise Malformed(f"bits are expected, not {value!r}")
    return [int(digit) for digit in value]


def data(value: Any, length: int = -1) -> bytes:
    """Bytes, of a certain length if one is given."""
    found = bytes.fromhex(_matching(_BYTES, value, "bytes as small hexadecimal digits are"))
    if length not in (-1, len(found)):
        raise Malformed(f"{len(found)} bytes instead of {length}")
    return found


def shares(value: Any, width: Width) -> tuple[list[int], list[int]]:
    known(value, ("server", "client"))
    return elements(value["server"], width), elements(value["client"], width)


def known(value: Any, required: Iterable[str], optional: Iterable[str] = ()) -> Mapping[str, Any]:
    """An object with these fields and no others."""
    required = list(required)
    if type(value) is not dict:
        raise Malformed(f"an object is expected, not {value!r}")
    for name in required:
        if name not in value:
            raise Malformed(f"the field {name} is missing")
    for name in value:
        if name not in required and name not in optional:
            raise Malformed(f"the field {name} is unknown")
    return value


def strings(values: Iterable[int]) -> list[str]:
    """Elements or integers."""
    return [str(value) for value in values]


def bit_text(values: Iterable[int]) -> str:
    return "".join(str(value) for value in values)


def shares_object(server: Iterable[int], client: Iterable[int]) -> dict:
    return {"server": strings(server), "client": strings(client)}
