"""The adapter: one request and one answer a line. [DS-ADAPT-1] to [DS-ADAPT-5]

    python3 adapter.py < requests > answers
"""

from __future__ import annotations

import json
import sys
import traceback
from typing import Any

from deepshare.backends import BACKENDS
from deepshare.files import parse
from deepshare.operations import REGISTRY, perform
from deepshare.operations_party import Unsupported
from deepshare.operations_types import Malformed, Trace, known
from deepshare.values import Refused

DESCRIPTION = {
    "name": "deepshare-python",
    "version": "1.0.0",
    "protocol": "deepshare-adapter/1",
    "operations": sorted(REGISTRY),
    "backends": list(BACKENDS),
    "widths": "all",
    "levels": ["plaintext", "ideal", "transcript"],
    "profiles": ["positions"],
}


def error_of(refused: Refused) -> dict:
    answer: dict[str, Any] = {"error": {"code": refused.code, "at": refused.at, "message": refused.message}}
    if refused.output is not None:
        answer["output"] = refused.output
    return answer


def bad_request(message: str) -> dict:
    return {"error": {"code": "adapter/request", "message": message}}


def answer_operation(name: Any, fields: Any) -> dict:
    """The output or the error, and the steps before it. [DS-ADAPT-3]"""
    if name == "describe":
        return {"output": DESCRIPTION} if fields == {} else bad_request("describe takes no input")
    if type(name) is not str or name not in REGISTRY:
        return {"unsupported": f"the operation {name} is not implemented"}
    trace = Trace()
    try:
        answer = {"output": perform(name, fields, trace)}
    except Refused as refused:
        answer = error_of(refused)
    except Unsupported as reason:
        return {"unsupported": str(reason)}
    except Malformed as malformed:
        if malformed.__cause__ is not None:
            traceback.print_exc()
        return bad_request(str(malformed))
    if trace.steps and name != "party":
        answer["steps"] = {step["name"]: step["value"] for step in trace.steps}
    return answer


def answer_line(line: str) -> dict:
    """One request. A number that cannot be read is answered under 0."""
    try:
        request = parse(line)
    except Refused as refused:
        return {"id": 0, **bad_request(refused.message)}
    number = request.get("id") if type(request) is dict else None
    if type(number) is not int or not 0 <= number < 2**53:
        return {"id": 0, **bad_request("a request is an object with an id, a count")}
    try:
        known(request, ("id", "operation", "input"))
    except Malformed as malformed:
        return {"id": number, **bad_request(str(malformed))}
    return {"id": number, **answer_operation(request["operation"], request["input"])}


def main() -> None:
    for line in sys.stdin.buffer:
        try:
            answer = answer_line(line.decode("utf-8"))
        except UnicodeDecodeError:
            answer = {"id": 0, **bad_request("a line that is not UTF-8")}
        sys.stdout.buffer.write(json.dumps(answer, ensure_ascii=False).encode("utf-8") + b"\n")
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
