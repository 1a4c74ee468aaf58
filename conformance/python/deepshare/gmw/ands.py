"""Leaves and products of shared bits, a party's side and the dealer's. [DS-AND-1] to [DS-AND-4]"""

from __future__ import annotations

from typing import Generator, Optional, Sequence

from ..dealing import Hand, dealt
from ..domain import Value, concat
from ..party import ONLINE, SERVER, Endpoint, Want, peer_of
from .carry import Factor, Node, Pair

Products = list[tuple[Value, Optional[Factor]]]


class PartyAnds:
    """A party's side of F_And."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._is_server = endpoint.role == SERVER

    def leaves(self, bits: Sequence[Value]) -> Generator[Want, Value, list[Pair]]:
        """Own bits of all positions, a plane each. [DS-AND-2]"""
        count = len(bits[0])
        material = (yield dealt("and/deal-leaves", 1, 2 * len(bits) * count)).cut([count] * 2 * len(bits))
        masks, corrections = material[: len(bits)], material[len(bits) :]
        own = [bit ^ mask for bit, mask in zip(bits, masks)]
        other = yield from self._exchange("and/leaves", own)
        pairs = []
        for i, bit in enumerate(bits):
            # The server has a and F xor c0, the client E and v xor c1.
            g = (bit if self._is_server else masks[i]) & other[i] ^ corrections[i]
            pairs.append(Pair(g, Factor(bit, masks[i], own[i] ^ other[i])))
        return pairs

    def products(self, nodes: Sequence[Node]) -> Generator[Want, Value, Products]:
        """Opens what is not open yet, then multiplies locally. [DS-AND-4]"""
        material = yield from self._material(nodes)
        closed = [[factor for factor in (node.p, node.q) if factor and factor.open is None] for node in nodes]
        own = []
        for node, (b, *_), factors in zip(nodes, material, closed):
            own.append(node.g ^ b)
            own.extend(factor.share ^ factor.mask for factor in factors)
        other = yield from self._exchange("and/products", own)
        opened = iter([mine ^ theirs for mine, theirs in zip(own, other)])
        results = []
        for node, masks, factors in zip(nodes, material, closed):
            open_g = next(opened)
            for factor in factors:
                factor.open = next(opened)
            results.append(self._multiply(node, masks, open_g))
        return results

    def _material(self, nodes: Sequence[Node]) -> Generator[Want, Value, list[list[Value]]]:
        """Shares of B, AB and, with a q, AD, M, of each node. [DS-AND-3]"""
        count = len(nodes[0].g)
        sizes = [2 if node.q is None else 4 for node in nodes]
        planes = iter((yield dealt("and/deal-products", 1, sum(sizes) * count)).cut([count] * sum(sizes)))
        return [[next(planes) for _ in range(size)] for size in sizes]

    def _multiply(self, node: Node, masks: list[Value], open_g: Value) -> tuple[Value, Optional[Factor]]:
        b, ab, *more = masks
        p, q = node.p, node.q
        product = self._beaver(p, open_g, b, ab)
        if q is None:
            return product, None
        ad, m = more
        return product, Factor(self._beaver(p, q.open, q.mask, ad), m)

    def _beaver(self, p: Factor, opened: Value, mask: Value, products: Value) -> Value:
        """P G xor P B xor G A xor AB; P G is added by the server only."""
        share = (p.open & mask) ^ (opened & p.mask) ^ products
        return share ^ (p.open & opened) if self._is_server else share

    def _exchange(self, label: str, own: list[Value]) -> Generator[Want, Value, list[Value]]:
        return (yield from exchange_planes(self._endpoint, label, own))


def exchange_planes(endpoint: Endpoint, label: str, own: list[Value]) -> Generator[Want, Value, list[Value]]:
    """Sends planes in one frame, and takes as many of the peer's."""
    other = peer_of(endpoint.role)
    endpoint.send(other, label, ONLINE, concat(own))
    counts = [len(plane) for plane in own]
    return (yield Want(other, label, ONLINE, 1, sum(counts))).cut(counts)


class DealerAnds:
    """The dealer's side of F_And. It knows lengths of the parties' shares, and masks."""

    def __init__(self, hand: Hand) -> None:
        self._hand = hand

    def leaves(self, bits: Sequence[Value]) -> Generator[Want, Value, list[Pair]]:
        """[DS-AND-1]"""
        hand = self._hand
        servers, clients, server_corrections, client_corrections, pairs = [], [], [], [], []
        for bit in bits:
            u, v = hand.plane(len(bit)), hand.plane(len(bit))
            c0, c1 = hand.split_plane(u & v)
            servers.append(u)
            clients.append(v)
            server_corrections.append(c0)
            client_corrections.append(c1)
            pairs.append(Pair(bit, Factor(bit, u ^ v)))
        hand.give("and/deal-leaves", (concat(servers + server_corrections), concat(clients + client_corrections)))
        return pairs
        yield  # a generator without wishes

    def products(self, nodes: Sequence[Node]) -> Generator[Want, Value, Products]:
        """[DS-AND-3]"""
        hand = self._hand
        servers, clients, results = [], [], []
        for node in nodes:
            b = hand.plane(len(node.g))
            m = hand.plane(len(node.g)) if node.q else None
            secrets = [b, node.p.mask & b]
            if node.q:
                secrets += [node.p.mask & node.q.mask, m]
            for secret in secrets:
                server, client = hand.split_plane(secret)
                servers.append(server)
                clients.append(client)
            results.append((node.g, Factor(node.g, m) if node.q else None))
        hand.give("and/deal-products", (concat(servers), concat(clients)))
        return results
        yield  # a generator without wishes


