"""What every dealer does: draw, split into shares, send to both parties."""

from __future__ import annotations

from typing import Protocol

from .domain import Lengths, Plane, Ring, Value
from .party import CLIENT, OFFLINE, SERVER, TRUSTED, Endpoint, Want
from .values import Width
from .xof import Coins


class Draws(Protocol):
    """Where a role takes its coins from. [DS-COIN-1]"""

    def plane(self, count: int) -> Value: ...

    def ring(self, width: Width, count: int) -> Value: ...


class SeedDraws:
    """Coins from a seed that is bound to the session. [DS-COIN-2]"""

    def __init__(self, protocol: str, party: str, seed: bytes) -> None:
        self._coins = Coins(protocol, party, seed)

    def plane(self, count: int) -> Plane:
        return Plane.of(self._coins.plane(count))

    def ring(self, width: Width, count: int) -> Ring:
        return Ring(width, list(self._coins.ring(width.bits, count)))


class LengthDraws:
    """Draws of a run on shapes."""

    def plane(self, count: int) -> Lengths:
        return Lengths(count, 1)

    def ring(self, width: Width, count: int) -> Lengths:
        return Lengths(count, width.bits)


class Hand:
    """The dealer's hand: its coins and its endpoint. It receives nothing. [DS-GMW-6]"""

    def __init__(self, endpoint: Endpoint, draws: Draws, width: Width) -> None:
        self.endpoint, self.draws, self.width = endpoint, draws, width

    def plane(self, count: int) -> Value:
        return self.draws.plane(count)

    def ring(self, count: int) -> Value:
        return self.draws.ring(self.width, count)

    def split_plane(self, value: Value) -> tuple[Value, Value]:
        """Shares of a plane, the server's uniform. [DS-VAL-4]"""
        server = self.plane(len(value))
        return server, value ^ server

    def split_ring(self, value: Value) -> tuple[Value, Value]:
        """Shares of a vector, the server's uniform. [DS-VAL-4]"""
        server = self.ring(len(value))
        return server, value - server

    def give(self, label: str, shares: tuple[Value, Value], phase: str = OFFLINE) -> None:
        """One frame to each party, the server's first. [DS-GMW-9]"""
        self.endpoint.send(SERVER, label, phase, shares[0])
        self.endpoint.send(CLIENT, label, phase, shares[1])

    def deal_bit(self, place: str, count: int) -> Value:
        """A random bit for each of `count` places, as a bit and in the ring; gives the bits. [DS-BIT-1]"""
        bit = self.plane(count)
        as_bit = self.split_plane(bit)
        as_ring = self.split_ring(bit.ring(self.width))
        self.give(f"{place}/deal-mask-bit", as_bit)
        self.give(f"{place}/deal-mask-ring", as_ring)
        return bit


def dealt(label: str, bits: int, count: int, keys: bool = False) -> Want:
    """The wish for a frame of the dealer's."""
    return Want(TRUSTED, label, OFFLINE, bits, count, keys)
