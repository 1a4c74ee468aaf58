"""Linear layers with the server's weights, input and output: what all backends with a dealer share."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import Generator, Optional

from ..dealing import Draws, Hand, dealt
from ..domain import Lengths, Ring, Value
from ..linear import LinearMap
from ..party import CLIENT, OFFLINE, ONLINE, SERVER, SESSION, TRUSTED, Endpoint, Want
from ..values import Width

Steps = Generator[Want, Value, Value]


def input_count(linear: LinearMap) -> int:
    """Elements of one input; for the affine map x of all channels and d x of the gated ones [DS-LIN-6]."""
    return linear.input_count


def output_count(linear: LinearMap) -> int:
    return prod(linear.output_shape)


def apply_map(linear: LinearMap, weights: Value, x: Value, batch: int) -> Value:
    """map(W, x) in the ring, image by image. [DS-LIN-2]"""
    if isinstance(weights, Lengths) or isinstance(x, Lengths):
        return Lengths(batch * output_count(linear), x.width.bits)
    outputs: list[int] = []
    for image in x.cut([input_count(linear)] * batch):
        outputs += linear.apply(weights.elements, image.elements)
    mask = x.width.modulus - 1
    return Ring(x.width, [output & mask for output in outputs])


@dataclass
class Weights:
    """Prepared weights of one layer: the server has W, the client F = W - B, the dealer B. [DS-LIN-7]"""

    linear: LinearMap
    own: Value


class PartyLinear:
    """The part of a party's backend that is the same for all backends with a dealer."""

    def __init__(self, endpoint: Endpoint, draws: Draws, width: Width) -> None:
        self.endpoint, self.draws, self.width = endpoint, draws, width
        self.is_server = endpoint.role == SERVER

    def weights(self, linear: LinearMap, own: Optional[Value]) -> Generator[Want, Value, Weights]:
        """Once a session; `own` is W at the server and None at the client. [DS-LIN-7]"""
        count, bits = linear.weight_count, self.width.bits
        if self.is_server:
            b = yield Want(TRUSTED, "linear/deal-weights", SESSION, bits, count)
            self.endpoint.send(CLIENT, "linear/weights", SESSION, own - b)
            return Weights(linear, own)
        return Weights(linear, (yield Want(SERVER, "linear/weights", SESSION, bits, count)))

    def linear(self, weights: Weights, x: Value, batch: int) -> Steps:
        """[DS-LIN-8]"""
        linear, bits, label = weights.linear, self.width.bits, "linear/deal-inputs"
        outputs = batch * output_count(linear)
        if self.is_server:
            c = yield dealt(label, bits, outputs)
            e = yield Want(CLIENT, "linear/inputs", ONLINE, bits, len(x))
            return apply_map(linear, weights.own, x + e, batch) + c
        a = yield dealt(label, bits, len(x))
        c = yield dealt(label, bits, outputs)
        self.endpoint.send(SERVER, "linear/inputs", ONLINE, x - a)
        return apply_map(linear, weights.own, a, batch) + c

    def input(self, count: int, x: Optional[Value]) -> Steps:
        """Shares of the client's input. [DS-IO-1]"""
        if self.is_server:
            return (yield Want(CLIENT, "input", ONLINE, self.width.bits, count))
        x0 = self.draws.ring(self.width, count)
        self.endpoint.send(SERVER, "input", ONLINE, x0)
        return x - x0

    def output(self, x: Value) -> Generator[Want, Value, Optional[Value]]:
        """The client's output; the server gets nothing. [DS-IO-2]"""
        if self.is_server:
            self.endpoint.send(CLIENT, "output", ONLINE, x)
            return None
        return x + (yield Want(SERVER, "output", ONLINE, self.width.bits, len(x)))

    def public_constant(self, x: Value, constant: int) -> Value:
        """Adds a public constant: the server alone does. [DS-GMW-7]"""
        return x.plus(constant) if self.is_server else x


class DealerLinear:
    """The dealer's side of the same. Its shares are lengths; it never waits."""

    def __init__(self, hand: Hand) -> None:
        self.hand, self.width = hand, hand.width

    def weights(self, linear: LinearMap, _own: Optional[Value]) -> Generator[Want, Value, Weights]:
        """[DS-LIN-7]"""
        b = self.hand.ring(linear.weight_count)
        self.hand.endpoint.send(SERVER, "linear/deal-weights", SESSION, b)
        return Weights(linear, b)
        yield  # a generator without wishes

    def linear(self, weights: Weights, x: Value, batch: int) -> Steps:
        """[DS-LIN-8]"""
        a = self.hand.ring(len(x))
        product = apply_map(weights.linear, weights.own, a, batch)
        self.hand.endpoint.send(CLIENT, "linear/deal-inputs", OFFLINE, a)
        self.hand.give("linear/deal-inputs", self.hand.split_ring(product))
        return Lengths(len(product), self.width.bits)
        yield  # a generator without wishes

    def input(self, count: int, _x: Optional[Value]) -> Steps:
        return Lengths(count, self.width.bits)
        yield  # a generator without wishes

    def output(self, _x: Value) -> Generator[Want, Value, Optional[Value]]:
        return None
        yield  # a generator without wishes
