"""All operations by name, with the fields of their inputs. [DS-VEC-7]"""

from __future__ import annotations

from typing import Any, Callable

from . import (
    operations_files,
    operations_party,
    operations_plain,
    operations_shared,
    operations_sweep,
    operations_values,
    operations_wire,
)
from .operations_types import Malformed, Trace, known

Operation = Callable[[dict, Trace], dict]
REGISTRY: dict[str, Operation] = {
    **operations_values.OPERATIONS,
    **operations_wire.OPERATIONS,
    **operations_plain.OPERATIONS,
    **operations_files.OPERATIONS,
    **operations_sweep.OPERATIONS,
    **operations_shared.OPERATIONS,
    **operations_party.OPERATIONS,
}
#: For each operation its fields; an optional one ends with a question mark.
FIELDS = {
    "encode": "width integers",
    "decode": "width elements",
    "arithmetic": "width operator left right",
    "planes": "width elements",
    "share": "width elements server",
    "reconstruct": "width server client",
    "pack": "width shift elements",
    "unpack": "width shift count bytes",
    "pack-planes": "planes",
    "unpack-planes": "count length bytes",
    "write-frame": "session phase round sequence label payload",
    "read-frame": "expected frame",
    "xof": "protocol party purpose seed context counter length",
    "derive-seed": "protocol party purpose seed context",
    "user-seed": "bytes",
    "session-seed": "seed session",
    "coins": "protocol party seed draws",
    "public-digest": "pieces",
    "session-identifier": "server_nonce client_nonce digest",
    "drelu": "width step semantics x",
    "affine": "width semantics alpha beta bits x",
    "truncation": "width semantics shift x",
    "linear": "width semantics map weights x batch",
    "carry": "server client split?",
    "plan": "plan? text?",
    "make-plan": "maker width step shapes prototypes? drelus? scope? bits?",
    "network-file": "network? text?",
    "activation": "plan semantics inputs",
    "network": "network semantics input",
    "sweep": "function width? bits? step? alpha? beta?",
    "shared-input": "width x seeds",
    "shared-activation": "plan inputs seeds",
    "shared-truncation": "width shift x seeds",
    "shared-linear": "width map weights x batch seeds",
    "party": "backend role network batch session seed images? incoming",
    "shape": "backend network batch",
    "dcf-keys": "session number bits width thresholds payloads roots",
    "dcf-evaluate": "role session number bits width payloads keys x",
}


def perform(name: str, fields: Any, trace: Trace) -> dict:
    """An operation's output. Raises Refused, Unsupported, or Malformed where the input cannot be read."""
    names = FIELDS[name].split()
    required = [field for field in names if not field.endswith("?")]
    optional = [field[:-1] for field in names if field.endswith("?")]
    known(fields, required, optional)
    try:
        return REGISTRY[name](fields, trace)
    except (TypeError, KeyError, ValueError, AttributeError) as error:
        raise Malformed(f"{type(error).__name__}: {error}") from error
