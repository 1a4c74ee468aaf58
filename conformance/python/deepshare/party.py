"""Parties: wishes to receive, and the object through which a program sends. [DS-ROLE-1]

A party's program is a generator. It yields a `Want` and is resumed with the values; it sends through its `Endpoint`.
So the same program runs on given frames, in one process, and over sockets.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable, Generator, Optional

from . import wire
from .domain import Lengths, Plane, Ring, Value, bits_of
from .values import Refused, Width

SERVER, CLIENT, TRUSTED = "server", "client", "trusted"
ROLES = (TRUSTED, SERVER, CLIENT)  # in the order in which the local executor polls them [DS-ROLE-2]
OFFLINE, SESSION, ONLINE = "offline", "session", "online"

KEY_VERSION = 1
TRUSTED_ROUNDS = 2**31  # [DS-WIRE-5]

#: The clause that each step belongs to.
CLAUSES = {
    "and/deal-leaves": "DS-AND-1",
    "and/leaves": "DS-AND-2",
    "and/deal-products": "DS-AND-3",
    "and/products": "DS-AND-4",
    "gate/deal-mask-bit": "DS-GMW-2",
    "gate/deal-mask-ring": "DS-GMW-2",
    "apply/deal-elements": "DS-GMW-4",
    "apply/delta": "DS-GMW-3",
    "apply/epsilon": "DS-GMW-4",
    "truncate/deal-mask-bit": "DS-TRUNC-3",
    "truncate/deal-mask-ring": "DS-TRUNC-3",
    "truncate/carries": "DS-TRUNC-3",
    "linear/deal-weights": "DS-LIN-7",
    "linear/weights": "DS-LIN-7",
    "linear/deal-inputs": "DS-LIN-8",
    "linear/inputs": "DS-LIN-8",
    "input": "DS-IO-1",
    "output": "DS-IO-2",
    "gate/deal-masks": "DS-FSS-10",
    "gate/masked": "DS-FSS-10",
    "dcf/deal-keys": "DS-FSS-5",
    "gate/deal-tops": "DS-FSS-11",
    "gate/deal-top-products": "DS-FSS-12",
    "gate/deal-selected": "DS-FSS-13",
    "truncate/deal-masks": "DS-FSS-20",
    "truncate/deal-shifted": "DS-FSS-20",
    "truncate/masked": "DS-FSS-20",
}


@dataclass(frozen=True)
class Want:
    """A wish to receive `count` values of `bits` bits from `sender`: a plane if bits is 1, else a ring vector."""

    sender: str
    label: str
    phase: str
    bits: int
    count: int
    keys: bool = False  # comparison keys, whose version is checked [DS-FSS-5]

    @property
    def payload_bytes(self) -> int:
        return (self.bits * self.count + 7) // 8


#: A program: it yields wishes, is resumed with values, and returns its result.
Program = Generator[Want, Value, object]


@dataclass(frozen=True)
class Sent:
    """One entry of a transcript [DS-COST-1]; `frame` is None in a run on shapes."""

    phase: str
    round: int
    sender: str
    receiver: str
    label: str
    sequence: int
    value: Value
    frame: Optional[bytes]

    @property
    def element_bits(self) -> int:
        return bits_of(self.value)


def peer_of(role: str) -> str:
    return CLIENT if role == SERVER else SERVER


def pack_value(value: Value) -> bytes:
    """[DS-WIRE-1]"""
    return value.pack() if isinstance(value, Plane) else wire.pack(value.elements, value.width.bits)


def unpack_value(want: Want, payload: bytes) -> Value:
    """Step 4 of [DS-WIRE-5]: filling bits, then the version of comparison keys."""
    try:
        values = wire.unpack(payload, want.bits, want.count)
    except Refused as refused:
        code = {"value/padding": "frame/padding", "value/payload-length": "frame/length"}[refused.code]
        raise Refused(code=code, message=refused.message) from refused
    if want.keys and payload[0] != KEY_VERSION:
        raise Refused(code="frame/key-version", message=f"keys of version {payload[0]}")
    return Plane.of(values) if want.bits == 1 else Ring(Width(want.bits), values)


class Endpoint:
    """What a role sends through, and what it knows of its own clock and of the next frame from each sender."""

    def __init__(self, role: str, session: bytes, post: Callable[[Sent], None]) -> None:
        self.role, self.session = role, session
        self._post = post
        self._consumed: dict[str, int] = {}  # the highest round consumed, of each phase [DS-COST-3]
        self._sent: dict[str, int] = {}
        self._received: dict[str, int] = {}

    def send(self, to: str, label: str, phase: str, value: Value) -> None:
        """Sends one frame; never waits. [DS-WIRE-4]"""
        if len(value) * bits_of(value) >= 2**63:
            raise Refused(code="party/value", message=f"{label}: too many elements")  # [DS-COST-2]
        number = self._consumed.get(phase, 0) + 1
        sequence = self._sent.get(to, 0)
        self._sent[to] = sequence + 1
        frame = None
        if not isinstance(value, Lengths):
            payload = pack_value(value)
            frame = wire.write_frame(wire.Header(self.session, phase, number, sequence, label, len(payload)), payload)
        self._post(Sent(phase, number, self.role, to, label, sequence, value, frame))

    def expected(self, want: Want) -> wire.Header:
        """The next frame's header, with the highest round that its sender can have reached. [DS-WIRE-5]"""
        highest = TRUSTED_ROUNDS if want.sender == TRUSTED else self._consumed.get(want.phase, 0) + 2
        sequence = self._received.get(want.sender, 0)
        return wire.Header(self.session, want.phase, highest, sequence, want.label, want.payload_bytes)

    def accept(self, want: Want, frame: bytes) -> Value:
        """Checks a frame and takes its values. [DS-WIRE-5]"""
        try:
            number, payload = wire.read_frame(self.expected(want), frame)
            value = unpack_value(want, payload)
        except Refused as refused:
            raise self.refused(want, refused.code, refused.message) from refused
        self._count(want, number)
        return value

    def accept_sent(self, want: Want, sent: Sent) -> Value:
        """The same for an entry of the local executor, which has no frame in a run on shapes."""
        if sent.frame is not None:
            return self.accept(want, sent.frame)
        if (want.label, want.bits, want.count) != (sent.label, sent.element_bits, len(sent.value)):
            raise self.refused(want, "frame/step", f"found {sent.label} with {len(sent.value)} elements")
        self._count(want, sent.round)
        return sent.value

    def closed(self, want: Want) -> Refused:
        """[DS-WIRE-6]"""
        return self.refused(want, "party/closed", "the sender has ended")

    def refused(self, want: Want, code: str, message: str) -> Refused:
        text = f"{self.role} from {want.sender} at {want.label}: {message}"
        return Refused(code=code, at={"from": want.sender, "step": want.label}, message=text)

    def _count(self, want: Want, number: int) -> None:
        self._consumed[want.phase] = max(number, self._consumed.get(want.phase, 0))
        self._received[want.sender] = self._received.get(want.sender, 0) + 1
