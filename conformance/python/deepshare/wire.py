"""Packing and frames. [DS-WIRE-1] to [DS-WIRE-5]"""

from __future__ import annotations

from dataclasses import dataclass

from .values import Refused

VERSION = 1
PHASES = ("offline", "session", "online", "ideal")  # a phase's code is its place here [DS-WIRE-4]


def pack(values: list[int], bits: int) -> bytes:
    """`bits` bits a value, the lowest first; zeros fill the last byte. [DS-WIRE-1]"""
    text = "".join([format(value, f"0{bits}b")[::-1] for value in values])
    return int(text[::-1] or "0", 2).to_bytes((len(text) + 7) // 8, "little")


def unpack(data: bytes, bits: int, count: int) -> list[int]:
    """The reverse; another length and non-zero filling are refused. [DS-WIRE-2] [DS-WIRE-3]"""
    total = bits * count
    expected = (total + 7) // 8
    if len(data) != expected:
        raise Refused("value/payload-length", f"{len(data)} bytes instead of {expected}")
    number = int.from_bytes(data, "little")
    if number >> total:
        raise Refused("value/padding", "a filling bit is set")
    if total == 0:
        return [0] * count
    text = format(number, f"0{total}b")[::-1]
    return [int(text[at : at + bits][::-1], 2) for at in range(0, total, bits)]


@dataclass(frozen=True)
class Header:
    """A frame's header; of an expected frame `round` is the highest that may come. [DS-WIRE-4]"""

    session: bytes
    phase: str
    round: int
    sequence: int
    label: str
    payload_bytes: int

    def to_bytes(self) -> bytes:
        label = self.label.encode("ascii")
        return b"".join([
            bytes([VERSION]),
            self.session,
            bytes([PHASES.index(self.phase)]),
            self.round.to_bytes(4, "little"),
            self.sequence.to_bytes(8, "little"),
            bytes([len(label)]),
            label,
            self.payload_bytes.to_bytes(8, "little"),
        ])


def write_frame(header: Header, payload: bytes) -> bytes:
    """[DS-WIRE-4]"""
    return header.to_bytes() + payload


class Parser:
    """Takes a frame's bytes one field after the other. [DS-WIRE-5]"""

    def __init__(self, frame: bytes) -> None:
        self.frame, self.at = frame, 0

    def take(self, count: int) -> bytes:
        if self.at + count > len(self.frame):
            raise Refused("frame/cut", "the frame ends inside its header")
        self.at += count
        return self.frame[self.at - count : self.at]

    def number(self, count: int) -> int:
        return int.from_bytes(self.take(count), "little")

    def rest(self) -> bytes:
        return self.frame[self.at :]


@dataclass(frozen=True)
class Stated:
    """The fields that a header states; its label as bytes, which need not be ASCII."""

    session: bytes
    phase: str
    round: int
    sequence: int
    label: bytes
    payload_bytes: int


def parse_header(parser: Parser) -> Stated:
    """Step 1 of [DS-WIRE-5]."""
    version = parser.number(1)
    if version != VERSION:
        raise Refused("frame/version", f"version {version} instead of {VERSION}")
    session = parser.take(16)
    code = parser.number(1)
    if code >= len(PHASES):
        raise Refused("frame/phase", f"no phase has the code {code}")
    number, sequence = parser.number(4), parser.number(8)
    label = parser.take(parser.number(1))
    return Stated(session, PHASES[code], number, sequence, label, parser.number(8))


def compare_header(expected: Header, stated: Stated) -> None:
    """Step 2 of [DS-WIRE-5]."""
    if stated.session != expected.session:
        raise Refused("frame/session", "a frame of another session")
    if stated.phase != expected.phase:
        raise Refused("frame/phase", f"phase {stated.phase} instead of {expected.phase}")
    if not 1 <= stated.round <= expected.round:
        raise Refused("frame/round", f"round {stated.round}, not within 1 to {expected.round}")
    if stated.sequence != expected.sequence:
        raise Refused("frame/sequence", f"sequence {stated.sequence} instead of {expected.sequence}")
    if stated.label != expected.label.encode("ascii"):
        raise Refused("frame/step", f"step {stated.label!r} instead of {expected.label}")
    if stated.payload_bytes != expected.payload_bytes:
        raise Refused("frame/length", f"{stated.payload_bytes} bytes instead of {expected.payload_bytes}")


def read_frame(expected: Header, frame: bytes) -> tuple[int, bytes]:
    """The round and the payload of the next frame. [DS-WIRE-5]"""
    parser = Parser(frame)
    stated = parse_header(parser)
    compare_header(expected, stated)
    payload = parser.rest()
    if len(payload) != expected.payload_bytes:
        raise Refused("frame/cut", f"{len(payload)} bytes follow the header instead of {expected.payload_bytes}")
    return stated.round, payload
