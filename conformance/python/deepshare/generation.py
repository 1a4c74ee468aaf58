"""Computes what the hand-owned cases leave out: steps and expected results. [DS-VEC-2] [DS-VEC-3] [DS-VEC-11]"""

from __future__ import annotations

from typing import Any

from .activation import Bits, activation
from .local import run_local
from .network import network_from_obj
from .operations import perform
from .operations_party import SENDERS, check_backend
from .operations_plain import apply_batch, read_map
from .operations_types import Trace, integers
from .operations_values import width_of
from .party import CLIENT, SERVER
from .plan import LINEAR, Plan, plan_from_object
from .relations import relations
from .semantics import RING, Semantics
from .tampering import tamper
from .truncation import truncate
from .values import Refused, Width


def complete(case: dict) -> dict:
    """The case with its input expanded, its steps and its result. Raises Unsupported for another backend."""
    given, trace = case["input"], Trace()
    if case["operation"] == "party":
        given = expand_party(given)
    try:
        expect: dict[str, Any] = {"output": perform(case["operation"], given, trace)}
        if case["operation"].startswith("shared-"):
            expect = {"relations": RELATIONS[case["operation"]](given)}
    except Refused as refused:
        expect = {"error": {"code": refused.code, "at": refused.at}}
        if refused.output is not None:
            expect["output"] = refused.output
    return {**case, "input": given, "steps": trace.steps, "expect": expect}


def expand_party(given: dict) -> dict:
    """A hand-owned case has `seeds`, one for each role, the whole network and the client's images: the frames are those
    of an honest run of all roles, and then `tamper` changes some. A complete case stays as it is. [DS-VEC-12]"""
    if "incoming" in given or "seeds" not in given:
        return given
    check_backend(given["backend"])
    network, role = network_from_obj(given["network"]), given["role"]
    seeds = {name: bytes.fromhex(seed) for name, seed in given["seeds"].items()}
    session, images = bytes.fromhex(given["session"]), [integers(image) for image in given["images"]]
    _, transcript = run_local(given["backend"], network, images, seeds, session)
    frames = {sender: [s.frame for s in transcript if (s.sender, s.receiver) == (sender, role)] for sender in SENDERS}
    for entry in given.get("tamper", ()):
        tamper(frames[entry["from"]], entry["number"], entry["change"])
    incoming = [{"from": sender, "frame": frame.hex()} for sender in SENDERS for frame in frames[sender]]
    expanded = {
        "backend": given["backend"],
        "role": role,
        "network": given["network"] if role == SERVER else network.public_part().to_object(),
        "batch": given["batch"],
        "session": given["session"],
        "seed": given["seeds"][role],
    }
    return expanded | ({"images": given["images"]} if role == CLIENT else {}) | {"incoming": incoming}


def opened(width: Width, given: dict) -> list[int]:
    """The decoded values of shares. [DS-VAL-4]"""
    pairs = zip(given["server"], given["client"])
    return [width.decode((int(server) + int(client)) % width.modulus) for server, client in pairs]


def encoded(width: Width, values: list[int]) -> list[int]:
    return [width.encode_wrapping(value) for value in values]


def input_relations(given: dict) -> list[dict]:
    width, x = width_of(given), integers(given["x"])
    return relations("runs", width, encoded(width, x), len(given["seeds"]), len(x) * width.bits)


def truncation_relations(given: dict) -> list[dict]:
    """With shift 0 the parties keep their shares. [DS-TRUNC-2]"""
    width = width_of(given)
    y = truncate(Semantics(width, RING), opened(width, given["x"]), given["shift"])
    fresh = len(y) * width.bits if given["shift"] else 0
    return relations("runs", width, encoded(width, y), len(given["seeds"]), fresh)


def linear_relations(given: dict) -> list[dict]:
    width, linear = width_of(given), read_map(given["map"])
    y = apply_batch(linear, integers(given["weights"]), opened(width, given["x"]), given["batch"])
    return relations("runs", width, encoded(width, y), len(given["seeds"]), len(y) * width.bits)


def activation_relations(given: dict) -> list[dict]:
    """One list of relations for the runs of each layer."""
    plan = plan_from_object(given["plan"])
    width, bits, found = Width(plan.width), Bits(), []
    for number, shares in enumerate(given["inputs"]):
        y = activation(Semantics(width, RING), plan, number, opened(width, shares), bits)
        fresh = fresh_bits(plan, number)
        found += relations(f"outputs[{number}]", width, encoded(width, y), len(given["seeds"]), fresh)
    return found


def fresh_bits(plan: Plan, number: int) -> int:
    """Bits of coins in the server's shares of a layer: all under private gates; under a public gate alpha times a fresh
    share, so none in linear channels, and as many bits less as alpha has factors 2. [DS-VEC-14]"""
    layer, width = plan.layers[number], Width(plan.width)
    if layer.private:
        return len(layer.channels) * layer.area * width.bits
    gated = [c for c, entry in enumerate(layer.channels) if entry.source != LINEAR]
    return layer.area * sum(bits_of_multiple(width, layer.gate(c)[0]) for c in gated)


def bits_of_multiple(width: Width, alpha: int) -> int:
    """How many bits of alpha r are uniform for a uniform r: k - v, where alpha has v factors 2; none of 0."""
    factors = alpha & -alpha  # 2^v
    return max(width.bits - (factors.bit_length() - 1), 0) if alpha else 0


RELATIONS = {
    "shared-input": input_relations,
    "shared-truncation": truncation_relations,
    "shared-linear": linear_relations,
    "shared-activation": activation_relations,
}
