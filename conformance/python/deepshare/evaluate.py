"""Networks in the clear, in either semantics. [DS-NET-10] [DS-NET-11]"""

from __future__ import annotations

from math import prod
from typing import Callable, Sequence

from .activation import Bits, activation
from .maps import layer_map
from .network import INPUT, Layer, Network
from .semantics import Place, Semantics
from .truncation import truncate
from .values import Refused, Width

LARGEST_TENSOR = 2**26  # [DS-NET-13]
NoteLayer = Callable[[Layer, list[int]], None]


def check_evaluable(network: Network, input_length: int) -> None:
    """Missing weights, then size, then the input's length. [DS-NET-13]"""
    if not network.has_weights:
        lacking = (layer.name for layer in network.layers if network.public or (layer.is_linear and layer.weights is None))
        name = next(lacking)
        raise Refused("semantics/no-weights", f"{name}: without weights, or in a public part", {"layer": name})
    shapes = [(INPUT, network.input_shape), *((layer.name, layer.shape) for layer in network.layers)]
    for name, shape in shapes:
        if prod(shape) > LARGEST_TENSOR:
            raise Refused("semantics/too-large", f"{name} has {prod(shape)} elements", {"layer": name})
    if input_length != prod(network.input_shape):
        message = f"{input_length} elements; the network takes {prod(network.input_shape)}"
        raise Refused("semantics/input-length", message)


def evaluate(network: Network, kind: str, x: Sequence[int], note: NoteLayer = lambda layer, y: None) -> list[int]:
    """The last layer's tensor, of one image; `note` gets every layer's."""
    check_evaluable(network, len(x))
    semantics = Semantics(Width(network.plan.width), kind)
    tensors = {-1: semantics.result(x, "input", Place(INPUT, network.input_shape))}
    bits: Bits = {}
    for number, layer in enumerate(network.layers):
        operands = [tensors[operand] for operand in layer.operands]
        tensors[number] = evaluate_layer(network, semantics, layer, operands, bits)
        note(layer, tensors[number])
    return tensors[len(network.layers) - 1]


def evaluate_layer(
    network: Network, semantics: Semantics, layer: Layer, operands: list[list[int]], bits: Bits
) -> list[int]:
    place, x = Place(layer.name, layer.shape), operands[0]
    if layer.op == "truncate":
        return truncate(semantics, x, layer.fields["shift"], place)
    if layer.op == "activation":
        return activation(semantics, network.plan, layer.fields["layer"], x, bits, place)
    if layer.op == "add":
        return semantics.result([a + b for a, b in zip(x, operands[1])], "tensor", place)
    if layer.op == "broadcast":
        area = layer.shape[1] * layer.shape[2]
        return [value for value in x for _ in range(area)]
    if layer.op == "sum_pool":
        return semantics.result(layer_map(network, layer).apply([1], x), "tensor", place)
    return semantics.result(linear_sums(network, semantics, layer, x), "tensor", place)


def linear_sums(network: Network, semantics: Semantics, layer: Layer, x: list[int]) -> list[int]:
    """Whole sums, bias included. [DS-INT-2] [DS-LIN-10]"""
    weights = semantics.parameters(layer.weights, "weights", layer.name)
    sums = layer_map(network, layer).apply(weights, x)
    if layer.bias is None:
        return sums
    bias, area = semantics.parameters(layer.bias, "bias", layer.name), layer.shape[1] * layer.shape[2]
    return [value + bias[index // area] for index, value in enumerate(sums)]
