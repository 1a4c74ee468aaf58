"""Computes steps and results of hand-owned cases, and compares them with vector files. [DS-VEC-11]

    python3 generate.py --cases CASES --check VECTORS [--topic TOPIC]...

Cases of backends that are not there are skipped, and counted as such. The exit code is 1 if anything differs.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from deepshare.comparison import Report, check_topic

UNCLAIMED = ("garbled", "ot", "ot-dealer")  # topics of backends that are not there


def load(path: Path) -> dict:
    return json.loads(path.read_text(encoding="utf-8"))


def check(cases: Path, vectors: Path) -> Report:
    if not vectors.exists():
        return Report(cases.stem, first=f"there is no {vectors}")
    return check_topic(load(cases), load(vectors))


def main() -> int:
    parser = argparse.ArgumentParser(description="Compares computed results with vector files.")
    parser.add_argument("--cases", type=Path, required=True, help="the folder of hand-owned cases")
    parser.add_argument("--check", type=Path, required=True, help="the folder of vector files")
    parser.add_argument("--topic", action="append", help="this topic only; may be given several times")
    chosen = parser.parse_args()
    files = sorted(chosen.cases.glob("*.json"))
    if chosen.topic:
        files = [file for file in files if file.stem in chosen.topic]
    else:
        files = [file for file in files if file.stem not in UNCLAIMED]
    if not files:
        parser.error("no case files there")
    reports = [check(file, chosen.check / file.name) for file in files]
    for report in reports:
        print(report.line(), flush=True)
    different = [report.topic for report in reports if report.first]
    cases, values = sum(report.cases for report in reports), sum(report.values for report in reports)
    print(f"{len(reports)} topics, {cases} cases, {values} values: {', '.join(different) or 'none'} different")
    return int(bool(different))


if __name__ == "__main__":
    sys.exit(main())
