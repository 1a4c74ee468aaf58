"""The backend `gmw`: gates and truncation, a party's side and the dealer's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generator, Optional, Sequence

from ..dealing import Draws, Hand, dealt
from ..domain import Lengths, Positions, Value, concat
from ..party import ONLINE, Endpoint, Want, peer_of
from ..values import Width
from .ands import DealerAnds, PartyAnds, exchange_planes
from .carry import carries, carry
from .linear_layers import DealerLinear, PartyLinear

Steps = Generator[Want, Value, Value]


class OpensThenServes:
    """An activation layer of `gmw`, for parties and dealer alike: open, then apply. [DS-ACT-2]"""

    def activate(
        self, x: Value, step: str, prototypes: Positions, gated: Positions, groups: list[Gates], selection: Positions
    ) -> Generator[Want, Value, tuple[Gates, Value]]:
        """Opens gates on the prototypes, then serves; the selection counts the new group last. [DS-ACT-2]"""
        own = yield from self.open(x.select(prototypes), step)
        y = yield from self.apply([*groups, own], selection, x.select(gated))
        return own, y


@dataclass
class Gates:
    """A group of gates that were opened together: shares of d and of its mask a, and delta once it is open.

    The dealer has the mask's bits in `mask_bit`, and marks delta as open by its length.
    """

    bit: Value
    mask_bit: Optional[Value] = None
    mask_ring: Optional[Value] = None
    delta: Optional[Value] = None

    def __len__(self) -> int:
        return len(self.bit)


def open_deltas(endpoint: Endpoint, groups: Sequence[Gates]) -> list[Gates]:
    """Sends the own shares of all deltas that are not open yet, a frame a group. [DS-GMW-3]"""
    closed = [group for group in groups if group.delta is None]
    for group in closed:
        group.delta = group.bit ^ group.mask_bit  # the own share, until the peer's has come
        endpoint.send(peer_of(endpoint.role), "apply/delta", ONLINE, group.delta)
    return closed


def take_deltas(endpoint: Endpoint, closed: Sequence[Gates]) -> Generator[Want, Value, None]:
    for group in closed:
        group.delta = group.delta ^ (yield Want(peer_of(endpoint.role), "apply/delta", ONLINE, 1, len(group)))


def select_product(delta: Value, x: Value, masked_product: Value, width: Width) -> Value:
    """delta x + (1 - 2 delta) (share of a x), element by element. [DS-GMW-4]"""
    bits = delta.ring(width)
    return bits * x + bits.one_minus_twice() * masked_product


def apply_gates(
    party: PartyLinear, groups: Sequence[Gates], selection: Positions, x: Value
) -> Steps:
    """y_j = d x_j for each element, by fresh b; the deltas travel in the same round. [DS-GMW-3] [DS-GMW-4]"""
    endpoint, bits = party.endpoint, party.width.bits
    b = yield dealt("apply/deal-elements", bits, len(x))
    ab = yield dealt("apply/deal-elements", bits, len(x))
    closed = open_deltas(endpoint, groups)
    eps = x - b
    endpoint.send(peer_of(endpoint.role), "apply/epsilon", ONLINE, eps)
    yield from take_deltas(endpoint, closed)
    eps = eps + (yield Want(peer_of(endpoint.role), "apply/epsilon", ONLINE, bits, len(x)))
    a = concat([group.mask_ring for group in groups]).select(selection)
    delta = concat([group.delta for group in groups]).select(selection)
    return select_product(delta, x, a * eps + ab, party.width)


def deal_elements(hand: Hand, groups: Sequence[Gates], selection: Positions, count: int) -> None:
    """Shares of b and of a b for each served element. [DS-GMW-4]"""
    b = hand.ring(count)
    a = concat([group.mask_bit for group in groups]).select(selection).ring(hand.width)
    b_shares, ab_shares = hand.split_ring(b), hand.split_ring(a * b)
    hand.give("apply/deal-elements", b_shares)
    hand.give("apply/deal-elements", ab_shares)


class GmwParty(OpensThenServes, PartyLinear):
    """The server's or the client's side."""

    def __init__(self, endpoint: Endpoint, draws: Draws, width: Width) -> None:
        super().__init__(endpoint, draws, width)
        self.ands = PartyAnds(endpoint)

    def open(self, x: Value, step: str) -> Generator[Want, Value, Gates]:
        """[DS-GMW-1] [DS-GMW-2]"""
        if step == "positive":
            x = self.public_constant(x, -1)
        planes = x.planes()
        out = yield from carry(self.ands, planes[:-1])
        bit = planes[-1] ^ out
        bit = ~bit if self.is_server else bit
        mask_bit, mask_ring = yield from self._dealt_bit("gate", len(x))
        return Gates(bit, mask_bit, mask_ring)

    def apply(self, groups: Sequence[Gates], selection: Positions, x: Value) -> Steps:
        return (yield from apply_gates(self, groups, selection, x))

    def truncate(self, x: Value, shift: int) -> Steps:
        """floor(x / 2^f), exact. [DS-TRUNC-2] [DS-TRUNC-3]"""
        if shift == 0:
            return x
        k = self.width.bits
        x = self.public_constant(x, 1 << (k - 1))
        c, w = yield from carries(self.ands, x.planes(), shift)
        c_mask = yield from self._dealt_bit("truncate", len(x))
        w_mask = yield from self._dealt_bit("truncate", len(x))
        own = [c ^ c_mask[0], w ^ w_mask[0]]
        other = yield from exchange_planes(self.endpoint, "truncate/carries", own)
        c = self._converted(own[0] ^ other[0], c_mask[1])
        w = self._converted(own[1] ^ other[1], w_mask[1])
        y = x.shifted(shift) + c - w.times(1 << (k - shift))
        return self.public_constant(y, -(1 << (k - 1 - shift)))

    def _dealt_bit(self, place: str, count: int) -> Generator[Want, Value, tuple[Value, Value]]:
        """Shares of a dealer's bit, as a bit and in the ring. [DS-BIT-1]"""
        as_bit = yield dealt(f"{place}/deal-mask-bit", 1, count)
        as_ring = yield dealt(f"{place}/deal-mask-ring", self.width.bits, count)
        return as_bit, as_ring

    def _converted(self, delta: Value, mask: Value) -> Value:
        """(1 - 2 delta) a_i, and delta added by the server. [DS-BIT-2]"""
        bits = delta.ring(self.width)
        share = bits.one_minus_twice() * mask
        return share + bits if self.is_server else share


class GmwDealer(OpensThenServes, DealerLinear):
    """The dealer's side: the same calls in the same order, on lengths of shares. [DS-GMW-8]"""

    def __init__(self, hand: Hand) -> None:
        super().__init__(hand)
        self.ands = DealerAnds(hand)

    def open(self, x: Value, _step: str) -> Generator[Want, Value, Gates]:
        yield from carry(self.ands, x.planes()[:-1])
        return Gates(Lengths(len(x), 1), self.hand.deal_bit("gate", len(x)))

    def apply(self, groups: Sequence[Gates], selection: Positions, x: Value) -> Steps:
        deal_elements(self.hand, groups, selection, len(x))
        return x
        yield  # a generator without wishes

    def truncate(self, x: Value, shift: int) -> Steps:
        """[DS-GMW-8]"""
        if shift > 0:
            yield from carries(self.ands, x.planes(), shift)
            self.hand.deal_bit("truncate", len(x))
            self.hand.deal_bit("truncate", len(x))
        return x
