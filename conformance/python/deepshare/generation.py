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
    return relations("runs", width, encoded(width, x), len(given["seeds"]), len(x))


def truncation_relations(given: dict) -> list[dict]:
    """With shift 0 the parties keep their shares. [DS-TRUNC-2]"""
    width = width_of(given)
    y = truncate(Semantics(width, RING), opened(width, given["x"]), given["shift"])
    return relations("runs", width, encoded(width, y), len(given["seeds"]), len(y) if given["shift"] else 0)


def linear_relations(given: dict) -> list[dict]:
    width, linear = width_of(given), read_map(given["map"])
    y = apply_batch(linear, integers(given["weights"]), opened(width, given["x"]), given["batch"])
    return relations("runs", width, encoded(width, y), len(given["seeds"]), len(y))


def activation_relations(given: dict) -> list[dict]:
    """One list of relations for the runs of each layer."""
    plan = plan_from_object(given["plan"])
    width, bits, found = Width(plan.width), Bits(), []
    for number, shares in enumerate(given["inputs"]):
        y = activation(Semantics(width, RING), plan, number, opened(width, shares), bits)
        fresh = fresh_elements(plan, number)
        found += relations(f"outputs[{number}]", width, encoded(width, y), len(given["seeds"]), fresh)
    return found


def fresh_elements(plan: Plan, number: int) -> int:
    """Elements whose shares are drawn anew: all under private gates, else those of gated channels."""
    layer = plan.layers[number]
    gated = [entry for entry in layer.channels if layer.private or entry.source != LINEAR]
    return len(gated) * layer.area


RELATIONS = {
    "shared-input": input_relations,
    "shared-truncation": truncation_relations,
    "shared-linear": linear_relations,
    "shared-activation": activation_relations,
}
