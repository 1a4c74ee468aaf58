"""The dealer of `fss` and `fss-select`. The order of draws is that of [DS-FSS-31]."""

from __future__ import annotations

from typing import Generator, Sequence

from ..dealing import Hand
from ..domain import Lengths, Positions, Value, concat
from ..gmw.backend import Gates, deal_elements
from ..gmw.linear_layers import DealerLinear
from ..party import Want
from ..values import Width
from .dcf import Form
from .keys import KeyDealer, owners_of
from .layer import Layer

Steps = Generator[Want, Value, Value]


class FssDealer(DealerLinear):
    """It draws masks, makes keys, sends, and receives nothing. [DS-FSS-30]"""

    def __init__(self, hand: Hand, payload_form: bool) -> None:
        super().__init__(hand)
        self._payload_form = payload_form
        self._keys = KeyDealer(hand)

    def open(self, x: Value, _step: str) -> Generator[Want, Value, Gates]:
        """Bits alone. [DS-FSS-11]"""
        r, shares = self._masks(len(x))
        self.hand.give("gate/deal-masks", shares)
        self._give_bit_keys(r)
        return Gates(Lengths(len(x), 1))
        yield  # a generator without wishes

    def activate(
        self, x: Value, _step: str, prototypes: Positions, gated: Positions, groups: list[Gates], selection: Positions
    ) -> Generator[Want, Value, tuple[Gates, Value]]:
        layer = Layer(prototypes, gated, sum(len(group) for group in groups), selection)
        own = Gates(Lengths(len(prototypes), 1))
        r, shares = self._masks(len(layer.cover))
        self.hand.give("gate/deal-masks", shares)
        served = r.select(layer.gated_in_cover)
        if self._payload_form:
            self._give_payload_keys(layer, r.select(layer.prototypes_in_cover), served.select(layer.own))
            if groups:
                self._give_bits(groups)
                self._give_selected(groups, layer.other_gates, served.select(layer.others))
        else:
            self._give_bit_keys(r.select(layer.prototypes_in_cover))
            self._give_bits([*groups, own])
            self._give_selected([*groups, own], selection, served)
        return own, x.select(gated)
        yield  # a generator without wishes

    def apply(self, groups: Sequence[Gates], selection: Positions, x: Value) -> Steps:
        """[DS-FSS-14]"""
        self._give_bits(groups)
        deal_elements(self.hand, groups, selection, len(x))
        return x
        yield  # a generator without wishes

    def truncate(self, x: Value, shift: int) -> Steps:
        """[DS-FSS-20]"""
        if shift > 0:
            k, count = self.width.bits, len(x)
            r, shares = self._masks(count)
            low = Form(shift, k, count, owners_of(count))
            whole = Form(k, k, count, owners_of(count))
            low_roots, whole_roots = self._keys.roots(low), self._keys.roots(whole)
            one = (r - r).plus(1)
            self.hand.give("truncate/deal-masks", shares)
            self.hand.give("dcf/deal-keys", self._keys.make(low, r.low(shift), one, low_roots))
            self.hand.give("dcf/deal-keys", self._keys.make(whole, r.low(k), one, whole_roots))
            self.hand.give("truncate/deal-shifted", self.hand.split_ring(r.shifted(shift)))
        return x
        yield  # a generator without wishes

    def _masks(self, count: int) -> tuple[Value, tuple[Value, Value]]:
        """A mask of each element, and its shares. [DS-FSS-10]"""
        r = self.hand.ring(count)
        return r, self.hand.split_ring(r)

    def _give_bit_keys(self, r: Value) -> None:
        """One key a gate, which pays 1 over R_2; then shares of t as bits. [DS-FSS-11]"""
        k, count = self.width.bits, len(r)
        form = Form(k - 1, 2, count, owners_of(count))
        roots = self._keys.roots(form)
        one = (r - r).plus(1).as_width(Width(form.width))
        self.hand.give("dcf/deal-keys", self._keys.make(form, r.low(k - 1), one, roots))
        self.hand.give("gate/deal-tops", self.hand.split_plane(r.plane(k - 1)))

    def _give_payload_keys(self, layer: Layer, r: Value, served: Value) -> None:
        """One key a gate, which pays (1 - 2t)(1, r_1, .., r_m); then shares of t and of t r_j. [DS-FSS-12]"""
        k = self.width.bits
        form = payload_form(k, layer)
        roots = self._keys.roots(form)
        t = r.plane(k - 1).ring(self.width)
        t_served = t.select(layer.own_gates)
        payload = concat([t.one_minus_twice(), t_served.one_minus_twice() * served])
        self.hand.give("dcf/deal-keys", self._keys.make(form, r.low(k - 1), payload, roots))
        self.hand.give("gate/deal-tops", self.hand.split_ring(t))
        self.hand.give("gate/deal-top-products", self.hand.split_ring(t_served * served))

    def _give_bits(self, groups: Sequence[Gates]) -> None:
        """A mask a for each group that has none yet. [DS-FSS-14]"""
        for group in groups:
            if group.mask_bit is None:
                group.mask_bit = self.hand.deal_bit("gate", len(group))

    def _give_selected(self, groups: Sequence[Gates], selection: Positions, r: Value) -> None:
        """Shares of - a r_j. [DS-FSS-13]"""
        a = concat([group.mask_bit for group in groups]).select(selection).ring(self.width)
        self.hand.give("gate/deal-selected", self.hand.split_ring((a * r).times(-1)))


def payload_form(k: int, layer: Layer) -> Form:
    """The form of a layer's keys: (1 - 2t) of all gates first, then the served elements. [DS-FSS-12]"""
    gates = len(layer.prototypes)
    return Form(k - 1, k, gates, [*range(gates), *layer.own_gates])
