"""What live parties say before a session begins: greeting, hello, refusal. [DS-LIVE-2] to [DS-LIVE-6]"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable, Sequence, Union

from .party import CLIENT, SERVER, TRUSTED
from .values import Refused
from .xof import derive

MAGIC, VERSION = b"deepshare", 1
ROLE_CODES = {CLIENT: 1, SERVER: 2, TRUSTED: 3}
GREETING_BYTES, MESSAGE_BYTES = 11, 181
HELLO, REFUSAL = 1, 2
REASONS = {1: "live/busy", 2: "live/images", 3: "live/session"}

#: Reads that many bytes, or fewer if the stream ends.
Read = Callable[[int], bytes]
Pieces = Sequence[tuple[str, str]]


def refused(code: str, message: str) -> Refused:
    return Refused(code=code, message=message)


def greeting(role: str) -> bytes:
    """[DS-LIVE-2]"""
    return MAGIC + bytes([VERSION, ROLE_CODES[role]])


def read_greeting(read: Read) -> str:
    """Judges byte by byte, and takes no byte after one that is wrong. [DS-LIVE-2]"""
    for expected in MAGIC:
        if _byte(read) != expected:
            raise refused("live/magic", "the other side does not speak this protocol")
    if _byte(read) != VERSION:
        raise refused("live/version", "another version of the handshake")
    code = _byte(read)
    for role, number in ROLE_CODES.items():
        if code == number:
            return role
    raise refused("live/malformed", f"a role {code} that does not exist")


def _byte(read: Read) -> int:
    data = read(1)
    if not data:
        raise refused("live/closed", "the connection ended during the handshake")
    return data[0]


@dataclass(frozen=True)
class Hello:
    """Which session its sender wants. [DS-LIVE-3]"""

    images: int
    nonce: bytes
    digests: tuple[bytes, ...]

    def to_bytes(self) -> bytes:
        return bytes([HELLO]) + self.images.to_bytes(4, "little") + self.nonce + b"".join(self.digests)


@dataclass(frozen=True)
class Refusal:
    """[DS-LIVE-5]"""

    reason: int
    number: int = 0

    def to_bytes(self) -> bytes:
        return bytes([REFUSAL, self.reason]) + self.number.to_bytes(4, "little") + bytes(175)

    def error(self) -> Refused:
        return refused(REASONS[self.reason], f"the other side refuses, limit {self.number}")


BUSY, SESSION = Refusal(1), Refusal(3)


def too_many_images(most: int) -> Refusal:
    return Refusal(2, most)


def read_message(read: Read) -> Union[Hello, Refusal]:
    """A hello or a refusal, of 181 bytes. [DS-LIVE-3] [DS-LIVE-5]"""
    kind = _byte(read)
    if kind not in (HELLO, REFUSAL):
        raise refused("live/malformed", f"a message of kind {kind}")
    rest = read(MESSAGE_BYTES - 1)
    if len(rest) < MESSAGE_BYTES - 1:
        raise refused("live/closed", "the connection ended within a message")
    if kind == HELLO:
        digests = tuple(rest[20 + 32 * i : 52 + 32 * i] for i in range(5))
        return Hello(int.from_bytes(rest[:4], "little"), rest[4:20], digests)
    reason, number = rest[0], int.from_bytes(rest[1:5], "little")
    if reason not in REASONS or any(rest[5:]) or (number and reason != 2):
        raise refused("live/malformed", f"a refusal of reason {reason}")
    return Refusal(reason, number)


def read_hello(read: Read) -> Hello:
    """A hello; a refusal is the error that it states."""
    message = read_message(read)
    if isinstance(message, Refusal):
        raise message.error()
    return message


def piece_digests(pieces: Pieces) -> tuple[bytes, ...]:
    """The digests of the five pieces. [DS-SESSION-2]"""
    return tuple(derive(bytes(32), ("session", "trusted", name), text.encode()) for name, text in pieces)


def agree(pieces: Pieces, other: Sequence[bytes]) -> None:
    """Names the first piece that differs. [DS-SESSION-2]"""
    for (name, _), own, theirs in zip(pieces, piece_digests(pieces), other):
        if own != theirs:
            raise refused("party/public-part", f"{name} differs")
