"""Computes steps and results of hand-owned cases, and compares them with vector files. [DS-VEC-11]

    python3 generate.py --cases CASES --check VECTORS [--topic TOPIC]
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from deepshare.comparison import Report, check_topic


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
    parser.add_argument("--topic", help="this topic only")
    chosen = parser.parse_args()
    files = sorted(chosen.cases.glob("*.json"))
    if chosen.topic:
        files = [file for file in files if file.stem == chosen.topic]
    if not files:
        parser.error("no case files there")
    reports = [check(file, chosen.check / file.name) for file in files]
    for report in reports:
        print(report.line(), flush=True)
    return int(any(report.first for report in reports))


if __name__ == "__main__":
    sys.exit(main())
