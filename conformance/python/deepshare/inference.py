"""Private inference: the one program of all roles, over a backend. [DS-NET-9]"""

from __future__ import annotations

from math import prod
from typing import Generator, Optional, Protocol, Sequence

from .domain import Lengths, Positions, Ring, Value, concat
from .gmw.backend import Gates
from .gmw.linear_layers import Weights, apply_map
from .linear import LinearMap
from .maps import affine_map, layer_map
from .network import Network
from .party import Want
from .plan import PlanLayer
from .routing import route
from .values import Width

Steps = Generator[Want, Value, Value]


class Backend(Protocol):
    """A role's side of all functionalities that an inference calls."""

    width: Width

    def weights(self, linear: LinearMap, own: Optional[Value]) -> Generator[Want, Value, Weights]: ...

    def linear(self, weights: Weights, x: Value, batch: int) -> Steps: ...

    def input(self, count: int, x: Optional[Value]) -> Steps: ...

    def output(self, x: Value) -> Generator[Want, Value, Optional[Value]]: ...

    def activate(
        self, x: Value, step: str, prototypes: Positions, gated: Positions, groups: list[Gates], selection: Positions
    ) -> Generator[Want, Value, tuple[Gates, Value]]: ...

    def apply(self, groups: Sequence[Gates], selection: Positions, x: Value) -> Steps: ...

    def truncate(self, x: Value, shift: int) -> Steps: ...


class Inference:
    """A role's run. `secret` says whether weights, biases and private gates of the network are known: at the server.

    `shapes` says that nothing has a value: a run for costs. [DS-COST-1]
    """

    def __init__(self, network: Network, batch: int, backend: Backend, secret: bool, shapes: bool = False) -> None:
        self.network, self.batch, self.backend = network, batch, backend
        self.secret, self.shapes = secret, shapes
        self.prepared: dict[int, Weights] = {}
        self.groups: dict[int, Gates] = {}

    def run(self, images: Optional[Value]) -> Generator[Want, Value, Optional[Value]]:
        """Weights once a session; then the input, the layers, the output."""
        for number, layer in enumerate(self.network.layers):
            linear = self._secret_map(layer)
            if linear is not None:
                own = self._own_weights(layer, linear)
                self.prepared[number] = yield from self.backend.weights(linear, own)
        count = self.batch * prod(self.network.input_shape)
        tensors = {-1: (yield from self.backend.input(count, images))}
        for number, layer in enumerate(self.network.layers):
            operands = [tensors[operand] for operand in layer.operands]
            tensors[number] = yield from self._layer(number, layer, operands)
        return (yield from self.backend.output(tensors[len(self.network.layers) - 1]))

    def _layer(self, number: int, layer, operands: list[Value]) -> Steps:
        x = operands[0]
        if layer.op in ("conv", "dense"):
            y = yield from self.backend.linear(self.prepared[number], x, self.batch)
            return self._biased(layer, y)
        if layer.op == "add":
            return x + operands[1]
        if layer.op == "sum_pool":
            return self._pooled(layer, x)
        if layer.op == "broadcast":
            return x.select(self._broadcast_positions(layer))
        if layer.op == "truncate":
            return (yield from self.backend.truncate(x, layer.fields["shift"]))
        return (yield from self._activation(number, layer, x))

    def _activation(self, number: int, layer, x: Value) -> Steps:
        """[DS-ACT-1] to [DS-ACT-4]"""
        index = layer.fields["layer"]
        plan, entry = self.network.plan, self.network.plan.layers[index]
        routing = route(plan, index, self.batch)
        groups = [self.groups[group] for group in routing.groups]
        served: Optional[Value] = None
        if routing.prototypes:
            self.groups[index], served = yield from self.backend.activate(
                x, plan.step, routing.prototypes, routing.gated, groups, routing.selection
            )
        elif routing.gated:
            served = yield from self.backend.apply(groups, routing.selection, x.select(routing.gated))
        if entry.private:
            return (yield from self._private_gates(number, entry, x, served))
        return self._public_gates(entry, routing.gated, x, served)

    def _public_gates(self, entry: PlanLayer, gated: list[int], x: Value, served: Optional[Value]) -> Value:
        """alpha d x + beta x, or 2^s x. [DS-ACT-3]"""
        area = entry.shape[1] * entry.shape[2]
        alphas, betas = gate_factors(entry)
        beta = [value for value in betas for _ in range(area)] * self.batch
        alpha = [value for value in alphas if value is not None for _ in range(area)] * self.batch
        y = self._scaled(x, beta)
        if served is None:
            return y
        return scatter_add(y, self._scaled(served, alpha), gated)

    def _private_gates(self, number: int, entry: PlanLayer, x: Value, served: Optional[Value]) -> Steps:
        """The affine map on x of all channels, then d x of the gated ones, image by image. [DS-ACT-4] [DS-LIN-6]"""
        channels = x.cut([prod(entry.shape)] * self.batch)
        if served is None:
            pieces = channels
        else:
            products = served.cut([len(served) // self.batch] * self.batch)
            pieces = [piece for image in zip(channels, products) for piece in image]
        return (yield from self.backend.linear(self.prepared[number], concat(pieces), self.batch))

    def _secret_map(self, layer) -> Optional[LinearMap]:
        """The map of a layer that has secret weights, or None."""
        if layer.op in ("conv", "dense"):
            return layer_map(self.network, layer)
        if layer.op == "activation":
            entry = self.network.plan.layers[layer.fields["layer"]]
            if entry.private:
                gated = [channel.source != "linear" for channel in entry.channels]
                return affine_map(tuple(entry.shape), gated)
        return None

    def _own_weights(self, layer, linear: LinearMap) -> Optional[Value]:
        """W modulo 2^k at the server; nothing elsewhere. [DS-LIN-7]"""
        if not self.secret:
            return None
        if self.shapes:
            return Lengths(linear.weight_count, self.backend.width.bits)
        if layer.op == "activation":
            alphas, betas = gate_factors(self.network.plan.layers[layer.fields["layer"]])
            return self._ring([*betas, *(alpha for alpha in alphas if alpha is not None)])
        return self._ring(layer.weights)

    def _biased(self, layer, y: Value) -> Value:
        """The server adds the bias to its share. [DS-LIN-10]"""
        if not self.secret or layer.bias is None:
            return y
        area = layer.shape[1] * layer.shape[2]
        return y.plus_each([value for value in layer.bias for _ in range(area)] * self.batch)

    def _pooled(self, layer, x: Value) -> Value:
        """Local on shares: its one weight is the public 1. [DS-LIN-5]"""
        return apply_map(layer_map(self.network, layer), self._ring([1]), x, self.batch)

    def _broadcast_positions(self, layer) -> list[int]:
        """[DS-LIN-11]"""
        channels, height, width = layer.shape
        return [
            image * channels + channel
            for image in range(self.batch)
            for channel in range(channels)
            for _ in range(height * width)
        ]

    def _ring(self, integers: Sequence[int]) -> Ring:
        width = self.backend.width
        return Ring(width, [value % width.modulus for value in integers])

    def _scaled(self, x: Value, factors: list[int]) -> Value:
        return x if isinstance(x, Lengths) else x * self._ring(factors)


def gate_factors(entry: PlanLayer) -> tuple[list[Optional[int]], list[int]]:
    """alpha (None on linear channels) and beta of all channels; on linear ones beta is 2^s. [DS-LIN-6]"""
    alphas: list[Optional[int]] = []
    betas: list[int] = []
    for channel in entry.channels:
        default = 1 << entry.gate_scale
        alpha, beta = (None, default) if channel.source == "linear" else channel.gate or (default, 0)
        alphas.append(alpha)
        betas.append(beta)
    return alphas, betas


def scatter_add(x: Value, added: Value, places: list[int]) -> Value:
    """x, with `added` added at the given places."""
    if isinstance(x, Lengths):
        return x
    elements, mask = list(x.elements), x.width.modulus - 1
    for place, value in zip(places, added.elements):
        elements[place] = (elements[place] + value) & mask
    return Ring(x.width, elements)
