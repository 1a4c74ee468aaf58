"""The extendable-output function, seeds, coins, digests. [DS-XOF-1] to [DS-XOF-3], [DS-COIN-2], [DS-SESSION-1]"""

from __future__ import annotations

import hashlib
from typing import Iterable

from .wire import unpack

SPECIFICATION = "deepshare/1"
ZERO_SEED = bytes(32)
Label = tuple[str, str, str]  # protocol, party, purpose


def _number(value: int) -> bytes:
    return value.to_bytes(8, "little")


def _string(data: bytes) -> bytes:
    return _number(len(data)) + data


def xof_input(label: Label, seed: bytes, context: bytes, counter: int, length: int) -> bytes:
    """The bytes that are hashed. [DS-XOF-1]"""
    strings = b"".join(_string(part.encode("utf-8")) for part in (SPECIFICATION, *label))
    return strings + seed + _string(context) + _number(counter) + _number(length)


def xof(label: Label, seed: bytes, context: bytes, counter: int, length: int) -> bytes:
    """SHAKE128 of the input. [DS-XOF-1]"""
    return hashlib.shake_128(xof_input(label, seed, context, counter, length)).digest(length)


def derive_input(seed: bytes, label: Label, context: bytes) -> bytes:
    """The bytes that are hashed. [DS-XOF-3]"""
    return xof_input(label, seed, context, 0, 32)


def derive(seed: bytes, label: Label, context: bytes) -> bytes:
    """A seed from a seed. [DS-XOF-3]"""
    return xof(label, seed, context, 0, 32)


SESSION_SEED: Label = ("session", "trusted", "session seed")
USER_SEED: Label = ("session", "trusted", "user seed")
SESSION_ID: Label = ("session", "trusted", "session id")


def session_seed(seed: bytes, session: bytes) -> bytes:
    """A role's seed bound to a session. [DS-COIN-4]"""
    return derive(seed, SESSION_SEED, session)


def user_seed(data: bytes) -> bytes:
    """The seed that a user's bytes stand for. [DS-XOF-3]"""
    return derive(ZERO_SEED, USER_SEED, data)


def session_identifier(server_nonce: bytes, client_nonce: bytes, digest: bytes) -> bytes:
    """[DS-SESSION-1]"""
    return xof(SESSION_ID, ZERO_SEED, server_nonce + client_nonce + digest, 0, 16)


def piece_digest(name: str, text: str) -> bytes:
    """[DS-SESSION-2]"""
    return derive(ZERO_SEED, ("session", "trusted", name), text.encode("utf-8"))


def public_digest(pieces: Iterable[tuple[str, str]]) -> bytes:
    """The digest of the digests of all pieces. [DS-SESSION-2]"""
    digests = b"".join(piece_digest(name, text) for name, text in pieces)
    return derive(ZERO_SEED, ("session", "trusted", "public part"), digests)


class Coins:
    """Coins from a seed: each draw is one call with the next counter. [DS-COIN-2]"""

    def __init__(self, protocol: str, party: str, seed: bytes) -> None:
        self._label: Label = (protocol, party, "coins")
        self.coin_seed = derive(seed, (protocol, party, "coin seed"), b"")
        self._counter = 0

    def _draw(self, bits: int, count: int) -> list[int]:
        total = bits * count
        data = xof(self._label, self.coin_seed, b"", self._counter, (total + 7) // 8)
        self._counter += 1
        number = int.from_bytes(data, "little") & ((1 << total) - 1)
        return unpack(number.to_bytes(len(data), "little"), bits, count)

    def plane(self, n: int) -> list[int]:
        return self._draw(1, n)

    def ring(self, k: int, n: int) -> list[int]:
        return self._draw(k, n)
