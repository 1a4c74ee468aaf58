"""The linear maps of a network's layers. [DS-LIN-1]"""

from __future__ import annotations

from .linear import LinearMap, affine_map, make
from .network import Network


def layer_map(network: Network, layer) -> LinearMap:
    """The map of a convolution, a dense layer or a sum-pool, on its operand's shape."""
    operand = layer.operands[0]
    shape = network.input_shape if operand == -1 else network.layers[operand].shape
    return make(layer.op, tuple(shape), layer.fields)


__all__ = ["affine_map", "layer_map"]
