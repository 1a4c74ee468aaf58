"""Plan files: reading and canonical text. [DS-PLAN-29] [DS-FILE-3]"""

from __future__ import annotations

from typing import Any

from .files import Fields, indented, integer, parse, structure, written_integer
from .plan import LINEAR, PROTOTYPE, Channel, Gate, Plan, PlanLayer, Source, check

FORMAT = "deepshare-plan/1"


def plan_from_text(text: str) -> Plan:
    return plan_from_object(parse(text))


def plan_from_object(value: Any) -> Plan:
    """The whole structure first, then the rules. [DS-PLAN-9]"""
    return check(read_plan(value))


def read_plan(value: Any) -> Plan:
    """A plan that may break rules."""
    fields = Fields(value, ("format", "width", "step", "layers"))
    fields.constant("format", FORMAT)
    layers = [_read_layer(layer) for layer in fields.list("layers")]
    return Plan(fields.count("width"), fields.text("step"), layers)


def _read_layer(value: Any) -> PlanLayer:
    fields = Fields(value, ("shape", "channels"), ("gate_scale", "gates"))
    gates = fields.text("gates") if "gates" in fields else "public"
    if gates not in ("public", "private"):
        raise structure(f"gates are public or private, not {gates}")
    channels = [_read_channel(channel) for channel in fields.list("channels")]
    return PlanLayer(fields.counts("shape", 3), fields.count("gate_scale", 0), gates == "private", channels)


def _read_channel(value: Any) -> Channel:
    fields = Fields(value, ("source",), ("gate",))
    source = _read_source(fields["source"])
    return Channel(source, _read_gate(fields["gate"]) if "gate" in fields else None)


def _read_source(value: Any) -> Source:
    if value in (PROTOTYPE, LINEAR):
        return value
    fields = Fields(value, ("layer", "channel"))
    return fields.count("layer"), fields.count("channel")


def _read_gate(value: Any) -> Gate:
    fields = Fields(value, ("alpha", "beta"))
    return integer(fields["alpha"]), integer(fields["beta"])


def plan_to_object(plan: Plan) -> dict:
    """The fields in the order of canonical texts, defaults too. [DS-FILE-3]"""
    layers = [_write_layer(layer) for layer in plan.layers]
    return {"format": FORMAT, "width": plan.width, "step": plan.step, "layers": layers}


def _write_layer(layer: PlanLayer) -> dict:
    return {
        "shape": list(layer.shape),
        "gate_scale": layer.gate_scale,
        "gates": "private" if layer.private else "public",
        "channels": [_write_channel(entry) for entry in layer.channels],
    }


def _write_channel(entry: Channel) -> dict:
    source: Any = entry.source
    if isinstance(source, tuple):
        source = {"layer": source[0], "channel": source[1]}
    if entry.gate is None:
        return {"source": source}
    alpha, beta = entry.gate
    return {"source": source, "gate": {"alpha": written_integer(alpha), "beta": written_integer(beta)}}


def plan_to_text(plan: Plan) -> str:
    return indented(plan_to_object(plan))
