"""JSON texts: reading with all of [DS-FILE-1] and [DS-FILE-2], and the pieces of canonical texts [DS-FILE-3]."""

from __future__ import annotations

import json
import math
import re
from typing import Any, Iterable, Optional

from .values import LARGEST_COUNT, Refused

LARGEST_FILE = 64 * 2**20  # bytes [DS-FILE-2]
DEEPEST = 127  # nested lists and objects; the text gives no number
_INTEGER = re.compile(r"0|-?[1-9][0-9]*", re.ASCII)
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_DEPTH = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.DOTALL)


def structure(message: str) -> Refused:
    return Refused("json/structure", message)


class NoInteger:
    """A number of a JSON text that no field takes: a fraction, negative zero, or beyond 64 bits. [DS-PLAN-29]"""

    def __init__(self, text: str) -> None:
        self.text = text
        if math.isinf(float(text)):
            raise Refused("json/syntax", "a number beyond double precision")

    def __repr__(self) -> str:
        return self.text


def _read_integer(text: str) -> Any:
    if len(text) > 20 or text == "-0":
        return NoInteger(text)
    value = int(text)
    return value if -(2**63) <= value < 2**63 else NoInteger(text)


def _read_constant(text: str) -> None:
    raise Refused("json/syntax", f"{text} is not JSON")


def _check_depth(text: str) -> None:
    depth = 0
    for match in _DEPTH.finditer(text):
        mark = match.group()
        depth += (mark in "[{") - (mark in "]}")
        if depth > DEEPEST:
            raise Refused("json/syntax", f"nested more than {DEEPEST} deep")


def _utf8(text: str) -> bytes:
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        raise Refused("json/syntax", "half of a surrogate pair") from None


def _check_strings(value: Any) -> None:
    """Escapes may write half of a surrogate pair, which no text in UTF-8 has."""
    if isinstance(value, str):
        _utf8(value)
    elif isinstance(value, (list, dict)):
        for entry in value:
            _check_strings(entry)
        for entry in value.values() if isinstance(value, dict) else ():
            _check_strings(entry)


def parse(text: str) -> Any:
    """The value of a JSON text. Syntax first; then duplicate fields. [DS-FILE-1] [DS-FILE-2]"""
    if len(text) > LARGEST_FILE or len(_utf8(text)) > LARGEST_FILE:
        raise Refused("json/too-large", "more than 64 MiB")
    _check_depth(text)
    duplicates: list[str] = []

    def pairs(found: list[tuple[str, Any]]) -> dict:
        fields: dict[str, Any] = {}
        for name, value in found:
            if name in fields:
                duplicates.append(name)
            fields[name] = value
        return fields

    try:
        value = json.loads(
            text,
            object_pairs_hook=pairs,
            parse_int=_read_integer,
            parse_float=NoInteger,
            parse_constant=_read_constant,
        )
    except ValueError as error:
        raise Refused("json/syntax", str(error)) from None
    if _SURROGATE.search(text):
        _check_strings(value)
    if duplicates:
        raise structure(f"the field {duplicates[0]} stands there twice")
    return value


class Fields:
    """The fields of one object, each of which is asked for by its type."""

    def __init__(self, value: Any, required: Iterable[str], optional: Iterable[str] = ()) -> None:
        if type(value) is not dict:
            raise structure("an object is expected")
        required, allowed = list(required), {*required, *optional}
        for name in value:
            if name not in allowed:
                raise structure(f"unknown field {name}")
        for name in required:
            if name not in value:
                raise structure(f"missing field {name}")
        self.value = value

    def __contains__(self, name: str) -> bool:
        return name in self.value

    def __getitem__(self, name: str) -> Any:
        return self.value[name]

    def text(self, name: str) -> str:
        return text(self.value[name])

    def count(self, name: str, default: Optional[int] = None) -> int:
        if name not in self.value and default is not None:
            return default
        return count(self.value[name])

    def counts(self, name: str, length: int) -> tuple[int, ...]:
        """A list of so many counts."""
        values = items(self.value[name])
        if len(values) != length:
            raise structure(f"{name}: {len(values)} numbers instead of {length}")
        return tuple(count(value) for value in values)

    def list(self, name: str) -> list:
        return items(self.value[name])

    def constant(self, name: str, expected: str) -> None:
        if self.text(name) != expected:
            raise structure(f"{name}: {self.value[name]} instead of {expected}")


def text(value: Any) -> str:
    if type(value) is not str:
        raise structure("a string is expected")
    return value


def items(value: Any) -> list:
    if type(value) is not list:
        raise structure("a list is expected")
    return value


def count(value: Any) -> int:
    """A JSON number from 0 to 2^53 - 1."""
    if type(value) is not int or not 0 <= value <= LARGEST_COUNT:
        raise structure(f"a count is expected, not {value!r}")
    return value


def integer(value: Any) -> int:
    """A number or a decimal string, of 64 bits. [DS-PLAN-29]"""
    if type(value) is str and len(value) <= 20 and _INTEGER.fullmatch(value):
        value = int(value)
    if type(value) is not int or not -(2**63) <= value < 2**63:
        raise structure(f"an integer of 64 bits is expected, not {value!r}")
    return value


def written_integer(value: int) -> Any:
    """A number below 2^53 in magnitude, else a string. [DS-FILE-3]"""
    return value if abs(value) <= LARGEST_COUNT else str(value)


def indented(value: Any) -> str:
    """The form of a plan file. [DS-FILE-3]"""
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def compact(value: Any) -> str:
    """The form of a network file. [DS-FILE-3]"""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False) + "\n"
