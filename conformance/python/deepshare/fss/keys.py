"""F_DCF in the protocol: Give sends each party its keys, Evaluate is local. [DS-FSS-1] [DS-FSS-6]"""

from __future__ import annotations

from typing import Generator

from ..dealing import Hand, dealt
from ..domain import Lengths, Plane, Ring, Value
from ..party import SERVER, Endpoint, Want
from ..values import Width
from .dcf import ROOT_BITS, Form, evaluate_keys, make_keys


def owners_of(keys: int) -> list[int]:
    """One payload element for each key."""
    return list(range(keys))


class KeyDealer:
    """Makes keys, numbered through all batches of the session. [DS-FSS-6]"""

    def __init__(self, hand: Hand) -> None:
        self._hand, self._next = hand, 0

    def roots(self, form: Form) -> Value:
        """One draw: s_0, then s_1, key after key. [DS-FSS-31]"""
        return self._hand.plane(2 * ROOT_BITS * form.keys)

    def make(self, form: Form, thresholds: list[int], payload: Value, roots: Value) -> tuple[Value, Value]:
        """Both parties' keys, as planes."""
        first, self._next = self._next, self._next + form.keys
        if isinstance(roots, Lengths):
            return Lengths(form.key_bits, 1), Lengths(form.key_bits, 1)
        numbers = [piece.number for piece in roots.cut([ROOT_BITS] * 2 * form.keys)]
        pair = make_keys(self._hand.endpoint.session, first, form, thresholds, payload.elements, numbers)
        server, client = (Plane(int.from_bytes(keys, "little"), form.key_bits) for keys in pair)
        return server, client


class KeyHolder:
    """A party's keys. It counts as the dealer does, and evaluates a batch once."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint, self._next = endpoint, 0

    def take(self, form: Form) -> Generator[Want, Value, tuple[int, Value]]:
        """The next batch: the number of its first key, and the keys."""
        keys = yield dealt("dcf/deal-keys", 1, form.key_bits, keys=True)
        first, self._next = self._next, self._next + form.keys
        return first, keys

    def evaluate(self, form: Form, batch: tuple[int, Value], xs: list[int]) -> Value:
        first, keys = batch
        if isinstance(keys, Lengths):
            return Lengths(len(form.owners), form.width)
        party = 0 if self._endpoint.role == SERVER else 1
        shares = evaluate_keys(self._endpoint.session, first, form, party, keys.pack(), xs)
        return Ring(Width(form.width), shares)
