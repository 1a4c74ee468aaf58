"""Compares computed cases with vector files, value by value. [DS-VEC-11]"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Optional

from .generation import complete
from .operations_party import Unsupported
from .operations_types import Malformed
from .values import Width
from .wire import unpack


@dataclass
class Report:
    """What was compared of a topic."""

    topic: str
    cases: int = 0
    values: int = 0
    first: Optional[str] = None
    skipped: dict[str, int] = field(default_factory=dict)

    def differs(self, message: str) -> None:
        self.first = self.first or message

    def skip(self, reason: str) -> None:
        self.skipped[reason] = self.skipped.get(reason, 0) + 1

    def line(self) -> str:
        skipped = "".join(f", {number} skipped ({reason})" for reason, number in self.skipped.items())
        result = f"first difference: {self.first}" if self.first else "equal"
        return f"{self.topic}: {self.cases} cases, {self.values} values{skipped}: {result}"


def compare(report: Report, path: str, ours: Any, theirs: Any) -> None:
    """Objects without regard to the order of keys, lists in order, scalars by type and value. [DS-ADAPT-4]"""
    if type(ours) is not type(theirs):
        report.differs(f"{path}: {short(ours)} and not {short(theirs)}")
    elif isinstance(ours, dict):
        for name in {**ours, **theirs}:
            if name not in ours or name not in theirs:
                report.differs(f"{path}.{name} stands on one side only")
            else:
                compare(report, f"{path}.{name}", ours[name], theirs[name])
    elif isinstance(ours, list):
        if len(ours) != len(theirs):
            report.differs(f"{path}: {len(ours)} and not {len(theirs)} entries")
        for number, (left, right) in enumerate(zip(ours, theirs)):
            compare(report, f"{path}[{number}]", left, right)
    else:
        report.values += 1
        if ours != theirs:
            report.differs(f"{path}: {short(ours)} and not {short(theirs)}")


def short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 80 else text[:77] + "..."


def check_topic(cases: dict, vectors: dict) -> Report:
    """All cases of a hand-owned file against a vector file."""
    report = Report(cases["topic"])
    for name in ("topic", "about", "notes"):
        compare(report, name, cases.get(name), vectors.get(name))
    check_canary(report, vectors["canary"])
    theirs = {case["id"]: case for case in vectors["cases"]}
    compare(report, "ids", [case["id"] for case in cases["cases"]], list(theirs))
    for case in cases["cases"]:
        if case["id"] in theirs:
            check_case(report, case, theirs[case["id"]])
    return report


def check_case(report: Report, case: dict, theirs: dict) -> None:
    try:
        ours = complete(case)
    except Unsupported as reason:
        report.skip(str(reason))
        return
    except Malformed as malformed:
        report.differs(f"{case['id']}: cannot be read: {malformed}")
        return
    report.cases += 1
    compare(report, case["id"], {"flags": [], **ours}, {"flags": [], "steps": [], **theirs})


def check_canary(report: Report, canary: dict) -> None:
    """Its bytes, elements and integers are one vector. [DS-VEC-1]"""
    width, elements = Width(canary["width"]), [int(element) for element in canary["elements"]]
    compare(report, "canary.bytes", unpack(bytes.fromhex(canary["bytes"]), width.bits, len(elements)), elements)
    compare(report, "canary.integers", [str(width.decode(e)) for e in elements], canary["integers"])
