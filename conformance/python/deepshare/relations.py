"""What shares of outputs must satisfy. [DS-VEC-6]"""

from __future__ import annotations

from typing import Sequence

from .operations_types import strings
from .values import Width

FRESH_BITS = 64  # coins that go into a case that states `fresh` [DS-VEC-14]


def relations(field: str, width: Width, elements: Sequence[int], runs: int, fresh_bits: int) -> list[dict]:
    """The relations of one list of runs; `fresh_bits` are the bits of coins that enter the server's elements."""
    common = {"field": field, "width": width.bits}
    found = [
        {"relation": "reconstructs", **common, "elements": strings(elements)},
        {"relation": "range", **common},
    ]
    if runs > 1 and fresh_bits >= FRESH_BITS:
        found.append({"relation": "fresh", "field": field})
    return found


def holds(relation: dict, runs: Sequence[dict]) -> bool:
    """Whether a list of runs satisfies a relation."""
    pairs = [([int(e) for e in run["server"]], [int(e) for e in run["client"]]) for run in runs]
    name = relation["relation"]
    if name == "fresh":
        servers = [tuple(server) for server, _ in pairs]
        return len(set(servers)) == len(servers)
    modulus = Width(relation["width"]).modulus
    if name == "range":
        return all(0 <= e < modulus for server, client in pairs for e in server + client)
    expected = [int(e) for e in relation["elements"]]
    return all(
        len(server) == len(client) and [(a + b) % modulus for a, b in zip(server, client)] == expected
        for server, client in pairs
    )
