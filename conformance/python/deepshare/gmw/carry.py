"""The carry tree, over pairs of generate and propagate bits. [DS-CARRY-1]

The tree is the same for a party and for the dealer; what differs is who makes leaves and products.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generator, Optional, Protocol, Sequence

from ..domain import Value
from ..party import Want


@dataclass
class Factor:
    """A shared bit p under a mask that nobody but the dealer knows; `open` is p xor mask, once it is open.

    A party has shares of p and of the mask, the dealer the mask itself and no share.
    """

    share: Value
    mask: Value
    open: Optional[Value] = None


@dataclass
class Pair:
    """(g, p) of a run of positions; a run that contains position 0 has no p. [DS-CARRY-1]"""

    g: Value
    p: Optional[Factor]


@dataclass
class Node:
    """p g and, if there is a q, p q. [DS-AND-3]"""

    p: Factor
    g: Value
    q: Optional[Factor]


class Ands(Protocol):
    """F_And with its handles [DS-IDEAL-7], as a party or the dealer runs it."""

    def leaves(self, bits: Sequence[Value]) -> Generator[Want, Value, list[Pair]]: ...

    def products(self, nodes: Sequence[Node]) -> Generator[Want, Value, list[tuple[Value, Optional[Factor]]]]: ...


Trees = list[list[Pair]]


def next_level(ands: Ands, trees: Trees) -> Generator[Want, Value, Trees]:
    """Pairs neighbours from the low end in all trees, in one call of products. [DS-CARRY-1]"""
    nodes = [
        Node(high.p, low.g, low.p)
        for tree in trees
        for low, high in zip(tree[0::2], tree[1::2])
    ]
    products = iter((yield from ands.products(nodes)))
    levels = []
    for tree in trees:
        level = []
        for high in tree[1::2]:
            product, p = next(products)
            level.append(Pair(high.g ^ product, p))
        if len(tree) % 2 == 1:
            level.append(tree[-1])  # the highest waits
        levels.append(level)
    return levels


def reduce_trees(ands: Ands, trees: Trees) -> Generator[Want, Value, list[Pair]]:
    """The root of each tree. [DS-CARRY-2] [DS-CARRY-3]"""
    while any(len(tree) > 1 for tree in trees):
        trees = yield from next_level(ands, trees)
    return [tree[0] for tree in trees]


def _without_p(leaves: list[Pair]) -> list[Pair]:
    """Nothing comes into position 0, so its p is dropped."""
    return [Pair(leaves[0].g, None), *leaves[1:]]


def carry(ands: Ands, bits: Sequence[Value]) -> Generator[Want, Value, Value]:
    """The carry out of all positions, shared. [DS-CARRY-2]"""
    leaves = yield from ands.leaves(bits)
    (root,) = yield from reduce_trees(ands, [_without_p(leaves)])
    return root.g


def carries(ands: Ands, bits: Sequence[Value], split: int) -> Generator[Want, Value, tuple[Value, Value]]:
    """The carry out of the `split` low positions and that out of all, shared. [DS-CARRY-3]"""
    leaves = _without_p((yield from ands.leaves(bits)))
    low, high = yield from reduce_trees(ands, [leaves[:split], leaves[split:]])
    ((product, _),) = yield from ands.products([Node(high.p, low.g, None)])
    return low.g, high.g ^ product
