"""Operations on parties: `party`, `shape`, `dcf-keys`, `dcf-evaluate`, `carry`. [DS-VEC-7]"""

from __future__ import annotations

from collections import deque
from typing import Optional

from .backends import BACKENDS, images_value, role_program
from .domain import Plane, Value
from .fss.dcf import VERSION, Form, evaluate_keys, make_keys
from .local import run_shapes
from .network import network_from_obj
from .party import CLAUSES, CLIENT, SERVER, TRUSTED, Endpoint, Program, Sent, Want
from .values import Refused

SENDERS = (SERVER, CLIENT, TRUSTED)  # the order of groups of frames in `shape` and in a case's `incoming`
DECODED_BYTES = 256  # steps have payloads up to this length decoded, too [DS-VEC-7]


class Unsupported(Exception):
    """A backend that this implementation does not have. [DS-ADAPT-3]"""


def check_backend(name: str) -> None:
    if name not in BACKENDS:
        raise Unsupported(f"the backend {name} is not implemented")


def party(fields: dict, trace) -> dict:
    """One role's program on given frames. [DS-ROLE-1]"""
    check_backend(fields["backend"])
    network = network_from_obj(fields["network"])
    role, batch = fields["role"], fields["batch"]
    outgoing: list[dict] = []
    endpoint = Endpoint(role, bytes.fromhex(fields["session"]), lambda sent: note_sent(sent, outgoing, trace))
    images = None
    if role == CLIENT:
        images = images_value(network, [[int(value) for value in image] for image in fields["images"]])
    program = role_program(fields["backend"], network, batch, endpoint, bytes.fromhex(fields["seed"]), images)
    queues: dict[str, deque[bytes]] = {}
    for entry in fields["incoming"]:
        queues.setdefault(entry["from"], deque()).append(bytes.fromhex(entry["frame"]))
    output: dict = {"outgoing": outgoing}
    try:
        result = run_on_frames(endpoint, program, queues)
    except Refused as refused:
        refused.output = output
        raise
    if result is not None:
        per_image = len(result) // batch
        output["outputs"] = [
            [str(element) for element in image.elements] for image in result.cut([per_image] * batch)
        ]
    return output


def run_on_frames(endpoint: Endpoint, program: Program, queues: dict[str, deque[bytes]]) -> Optional[Value]:
    """Takes a frame when the program needs it; an empty queue means that its sender has ended. [DS-WIRE-6]"""
    value: Optional[Value] = None
    while True:
        try:
            want: Want = program.send(value)
        except StopIteration as end:
            return end.value
        queue = queues.get(want.sender)
        if not queue:
            raise endpoint.closed(want)
        value = endpoint.accept(want, queue.popleft())


def note_sent(sent: Sent, outgoing: list[dict], trace) -> None:
    """An outgoing frame, and the step that describes it. [DS-VEC-7]"""
    name = f"{sent.sequence} to {sent.receiver} {sent.label}"
    frame = sent.frame.hex()
    outgoing.append({"to": sent.receiver, "frame": frame})
    payload = sent.frame[39 + len(sent.label) :]
    value = {
        "frame": frame,
        "phase": sent.phase,
        "round": sent.round,
        "sequence": str(sent.sequence),
        "label": sent.label,
        "payload": payload.hex(),
    }
    if len(payload) <= DECODED_BYTES:
        value |= decoded(sent)
    trace.note(name, CLAUSES[sent.label], value)


def decoded(sent: Sent) -> dict:
    """A payload as ring elements, or as bits. [DS-VEC-7]"""
    if isinstance(sent.value, Plane):
        return {"bits": bits_text(sent.value.bits())}
    return {"width": sent.element_bits, "shift": 0, "elements": [str(e) for e in sent.value.elements]}


def shape(fields: dict, _trace) -> dict:
    """All frames of an inference, grouped by sender and receiver, each group in the order of sending. [DS-COST-1]"""
    check_backend(fields["backend"])
    network = network_from_obj(fields["network"])
    transcript = run_shapes(fields["backend"], network, fields["batch"])
    transcript.sort(key=lambda sent: (SENDERS.index(sent.sender), SENDERS.index(sent.receiver)))
    frames = [
        {
            "phase": sent.phase,
            "round": sent.round,
            "from": sent.sender,
            "to": sent.receiver,
            "label": sent.label,
            "element_bits": sent.element_bits,
            "count": len(sent.value),
        }
        for sent in transcript
    ]
    return {"frames": frames}


def dcf_keys(fields: dict, trace) -> dict:
    """Both parties' keys of a batch. [DS-FSS-3] [DS-FSS-5]"""
    payloads = [[int(element) for element in payload] for payload in fields["payloads"]]
    form = batch_form(fields, [len(payload) for payload in payloads])
    roots = [int.from_bytes(bytes.fromhex(root), "little") for pair in fields["roots"] for root in pair]
    thresholds = [int(threshold) for threshold in fields["thresholds"]]
    flat = [element for payload in payloads for element in payload]
    session, number = bytes.fromhex(fields["session"]), int(fields["number"])
    server, client = make_keys(session, number, form, thresholds, flat, roots, trace.note)
    return {"server": server.hex(), "client": client.hex()}


def dcf_evaluate(fields: dict, trace) -> dict:
    """A party's shares of a batch at public numbers. [DS-FSS-4]"""
    form = batch_form(fields, fields["payloads"])
    keys = bytes.fromhex(fields["keys"])
    check_length(form, keys)
    if keys[0] != VERSION:  # the keys are a frame's payload [DS-FSS-5]
        raise Refused(code="frame/key-version", message=f"keys of version {keys[0]}")
    xs = [int(x) for x in fields["x"]]
    session, number = bytes.fromhex(fields["session"]), int(fields["number"])
    party = 1 if fields["role"] == CLIENT else 0
    shares = evaluate_keys(session, number, form, party, keys, xs, trace.note)
    return {"elements": [str(share) for share in shares]}


def batch_form(fields: dict, counts: list[int]) -> Form:
    """Payload elements stand key by key."""
    owners = [key for key, count in enumerate(counts) for _ in range(count)]
    return Form(fields["bits"], fields["width"], len(counts), owners)


def check_length(form: Form, keys: bytes) -> None:
    """[DS-WIRE-2] [DS-WIRE-3]"""
    if len(keys) != (form.key_bits + 7) // 8:
        raise Refused(code="value/payload-length", message=f"keys of {len(keys)} bytes")
    if int.from_bytes(keys, "little") >> form.key_bits:
        raise Refused(code="value/padding", message="a filling bit is set")


def carry(fields: dict, trace) -> dict:
    """The carry out of all positions, and out of the low ones. [DS-CARRY-1] [DS-CARRY-3]"""
    server, client = ([int(digit) for digit in fields[role]] for role in ("server", "client"))
    leaves = [(a & b, a ^ b) for a, b in zip(server, client, strict=True)]
    leaves[0] = (leaves[0][0], 0)  # nothing comes into position 0: its p is dropped
    split = fields.get("split")
    if split is None:
        return {"carry": str(reduce_clear(leaves, "", trace)[0])}
    low = reduce_clear(leaves[:split], "low ", trace)
    high = reduce_clear(leaves[split:], "high ", trace)
    return {"carry": str(high[0] ^ (high[1] & low[0])), "low": str(low[0])}


def reduce_clear(pairs: list[tuple[int, int]], prefix: str, trace) -> tuple[int, int]:
    """The root of a tree in the clear, with a step for each level."""
    note_pairs(pairs, f"{prefix}leaves", trace)
    level = 0
    while len(pairs) > 1:
        level += 1
        joined = [(h[0] ^ (h[1] & l[0]), h[1] & l[1]) for l, h in zip(pairs[0::2], pairs[1::2])]
        pairs = joined + (pairs[-1:] if len(pairs) % 2 else [])
        note_pairs(pairs, f"{prefix}level {level}", trace)
    return pairs[0]


def note_pairs(pairs: list[tuple[int, int]], name: str, trace) -> None:
    trace.note(f"{name} g", "DS-CARRY-1", bits_text([g for g, _ in pairs]))
    trace.note(f"{name} p", "DS-CARRY-1", bits_text([p for _, p in pairs]))


def bits_text(bits: list[int]) -> str:
    return "".join(str(bit) for bit in bits)


OPERATIONS = {
    "party": party,
    "shape": shape,
    "dcf-keys": dcf_keys,
    "dcf-evaluate": dcf_evaluate,
    "carry": carry,
}

