"""A party of `fss` and `fss-select`."""

from __future__ import annotations

from typing import Generator, Sequence

from ..dealing import Draws, dealt
from ..domain import Positions, Value, concat
from ..gmw.backend import Gates, apply_gates, open_deltas, select_product, take_deltas
from ..gmw.linear_layers import PartyLinear
from ..party import ONLINE, Endpoint, Want, peer_of
from ..values import Width
from .dcf import Form
from .dealer import payload_form
from .keys import KeyHolder, owners_of
from .layer import Layer

Steps = Generator[Want, Value, Value]
Opened = Generator[Want, Value, tuple[Gates, Value]]


class FssParty(PartyLinear):
    """The server's or the client's side, in the payload form or the select form. [DS-FSS-30]"""

    def __init__(self, endpoint: Endpoint, draws: Draws, width: Width, payload_form: bool) -> None:
        super().__init__(endpoint, draws, width)
        self._payload_form = payload_form
        self._keys = KeyHolder(endpoint)

    def open(self, x: Value, step: str) -> Generator[Want, Value, Gates]:
        """Bits alone. [DS-FSS-11]"""
        bits, count = self.width.bits, len(x)
        mask = yield dealt("gate/deal-masks", bits, count)
        form, keys, top = yield from self._bit_material(count)
        hidden = yield from self._open_masked("gate/masked", x + mask)
        return Gates(self._bit(form, keys, top, hidden, step))

    def activate(
        self, x: Value, step: str, prototypes: Positions, gated: Positions, groups: list[Gates], selection: Positions
    ) -> Opened:
        layer = Layer(prototypes, gated, sum(len(group) for group in groups), selection)
        run = self._activate_payload if self._payload_form else self._activate_select
        return (yield from run(layer, x, step, groups))

    def apply(self, groups: Sequence[Gates], selection: Positions, x: Value) -> Steps:
        """[DS-FSS-14]"""
        yield from self._take_bits(groups)
        return (yield from apply_gates(self, groups, selection, x))

    def truncate(self, x: Value, shift: int) -> Steps:
        """One round, exact. [DS-FSS-20]"""
        if shift == 0:
            return x
        k, count = self.width.bits, len(x)
        mask = yield dealt("truncate/deal-masks", k, count)
        low, whole = (Form(bits, k, count, owners_of(count)) for bits in (shift, k))
        low_keys = yield from self._keys.take(low)
        whole_keys = yield from self._keys.take(whole)
        shifted = yield dealt("truncate/deal-shifted", k, count)
        own = self.public_constant(x, 1 << (k - 1)) + mask
        hidden = yield from self._open_masked("truncate/masked", own)
        c = self._keys.evaluate(low, low_keys, hidden.low(shift))
        w = self._keys.evaluate(whole, whole_keys, hidden.low(k))
        y = w.times(1 << (k - shift)) - shifted - c
        public = hidden.shifted(shift).plus(-(1 << (k - 1 - shift)))
        return y + public if self.is_server else y

    def _activate_payload(self, layer: Layer, x: Value, step: str, groups: list[Gates]) -> Opened:
        """One key, one evaluation and one opening for all elements of a gate. [DS-FSS-12]"""
        k = self.width.bits
        mask = yield dealt("gate/deal-masks", k, len(layer.cover))
        form = payload_form(k, layer)
        keys = yield from self._keys.take(form)
        top = yield dealt("gate/deal-tops", k, len(layer.prototypes))
        top_products = yield dealt("gate/deal-top-products", k, len(layer.own))
        selected = None
        if groups:
            yield from self._take_bits(groups)
            selected = yield dealt("gate/deal-selected", k, len(layer.others))
        closed = open_deltas(self.endpoint, groups)
        covered = x.select(layer.cover)
        hidden = yield from self._open_masked("gate/masked", covered + mask, closed)

        s, y = self._public_bit(hidden.select(layer.prototypes_in_cover), step)
        paid, paid_masks = self._keys.evaluate(form, keys, y).cut([len(layer.prototypes), len(layer.own)])
        u = top + paid
        bit = u.plane(0)
        group = Gates(bit ^ s if self.is_server else bit)

        elements, opened = covered.select(layer.gated_in_cover), hidden.select(layer.gated_in_cover)
        u_x = u.select(layer.own_gates) * opened.select(layer.own) - (top_products + paid_masks)
        # d x = s x + (1 - 2s) (u x^ - u r): the form of a select with s in delta's place.
        results = [select_product(s.select(layer.own_gates), elements.select(layer.own), u_x, self.width)]
        if groups:
            others = self._select(
                groups, layer.other_gates, elements.select(layer.others), opened.select(layer.others), selected
            )
            results.append(others)
        return group, concat(results).select(layer.order)

    def _activate_select(self, layer: Layer, x: Value, step: str, groups: list[Gates]) -> Opened:
        """The gate's bit first, then delta, by which all products are selected. [DS-FSS-13]"""
        k, count = self.width.bits, len(layer.prototypes)
        mask = yield dealt("gate/deal-masks", k, len(layer.cover))
        form, keys, top = yield from self._bit_material(count)
        yield from self._take_bits(groups)
        own_bit = yield dealt("gate/deal-mask-bit", 1, count)
        own_ring = yield dealt("gate/deal-mask-ring", k, count)
        selected = yield dealt("gate/deal-selected", k, len(layer.selection))
        closed = open_deltas(self.endpoint, groups)
        covered = x.select(layer.cover)
        hidden = yield from self._open_masked("gate/masked", covered + mask, closed)

        bit = self._bit(form, keys, top, hidden.select(layer.prototypes_in_cover), step)
        group = Gates(bit, own_bit, own_ring)
        yield from take_deltas(self.endpoint, open_deltas(self.endpoint, [group]))
        elements, opened = covered.select(layer.gated_in_cover), hidden.select(layer.gated_in_cover)
        return group, self._select([*groups, group], layer.selection, elements, opened, selected)

    def _bit_material(self, count: int) -> Generator[Want, Value, tuple[Form, tuple[int, Value], Value]]:
        """Keys that pay a bit, and shares of t. [DS-FSS-11]"""
        form = Form(self.width.bits - 1, 2, count, owners_of(count))
        keys = yield from self._keys.take(form)
        top = yield dealt("gate/deal-tops", 1, count)
        return form, keys, top

    def _take_bits(self, groups: Sequence[Gates]) -> Generator[Want, Value, None]:
        """The masks a of groups that have none yet. [DS-FSS-14]"""
        for group in groups:
            if group.mask_bit is None:
                group.mask_bit = yield dealt("gate/deal-mask-bit", 1, len(group))
                group.mask_ring = yield dealt("gate/deal-mask-ring", self.width.bits, len(group))

    def _open_masked(self, label: str, own: Value, closed: Sequence[Gates] = ()) -> Steps:
        """Opens masked elements; deltas that were sent before travel in the same round. [DS-FSS-10]"""
        other = peer_of(self.endpoint.role)
        self.endpoint.send(other, label, ONLINE, own)
        yield from take_deltas(self.endpoint, closed)
        return own + (yield Want(other, label, ONLINE, self.width.bits, len(own)))

    def _public_bit(self, hidden: Value, step: str) -> tuple[Value, list[int]]:
        """s and y of the opened elements; under `positive` those of x^ - 1. [DS-FSS-10]"""
        if step == "positive":
            hidden = hidden.plus(-1)
        top = self.width.bits - 1
        return ~hidden.plane(top), hidden.low(top)

    def _bit(self, form: Form, keys: tuple[int, Value], top: Value, hidden: Value, step: str) -> Value:
        """The share of d = s xor t xor [y < r']. [DS-FSS-11]"""
        s, y = self._public_bit(hidden, step)
        bit = self._keys.evaluate(form, keys, y).plane(0) ^ top
        return bit ^ s if self.is_server else bit

    def _select(
        self, groups: Sequence[Gates], selection: Positions, x: Value, hidden: Value, selected: Value
    ) -> Value:
        """delta x + (1 - 2 delta)(a x^ + (- a r)). [DS-FSS-13]"""
        a = concat([group.mask_ring for group in groups]).select(selection)
        delta = concat([group.delta for group in groups]).select(selection)
        return select_product(delta, x, a * hidden + selected, self.width)
