"""Changes to the frames that a party gets, by the names that hand-owned cases use. [DS-VEC-13] [DS-WIRE-4]"""

from __future__ import annotations

from typing import Callable

VERSION, SESSION, PHASE, ROUND, SEQUENCE, LABEL_LENGTH, LABEL = 0, 1, 17, 18, 22, 30, 31  # where fields begin


def length_at(frame: bytes) -> int:
    """Where the payload's length begins."""
    return LABEL + frame[LABEL_LENGTH]


def payload_at(frame: bytes) -> int:
    return length_at(frame) + 8


def put(frame: bytes, place: int, new: bytes) -> bytes:
    return frame[:place] + new + frame[place + len(new) :]


def flip(frame: bytes, place: int, mask: int) -> bytes:
    return put(frame, place, bytes([frame[place] ^ mask]))


def shorter(frame: bytes) -> bytes:
    """The header states a byte less; the payload stays."""
    place = length_at(frame)
    stated = int.from_bytes(frame[place : place + 8], "little")
    return put(frame, place, (stated - 1).to_bytes(8, "little"))


#: Changes of one frame.
FRAMES: dict[str, Callable[[bytes], bytes]] = {
    "truncate": lambda frame: frame[:-1],
    "cut-header": lambda frame: frame[:20],
    "extend": lambda frame: frame + b"\0",
    "flip-padding": lambda frame: flip(frame, len(frame) - 1, 0x80),
    "flip-bit": lambda frame: flip(frame, payload_at(frame), 0x01),
    "wrong-version": lambda frame: put(frame, VERSION, b"\2"),
    "wrong-session": lambda frame: flip(frame, SESSION, 0x01),
    "wrong-phase": lambda frame: flip(frame, PHASE, 0x01),
    "no-phase": lambda frame: put(frame, PHASE, b"\4"),
    "zero-round": lambda frame: put(frame, ROUND, bytes(4)),
    "late-round": lambda frame: put(frame, ROUND, b"\xff" * 4),
    "round-three": lambda frame: put(frame, ROUND, (3).to_bytes(4, "little")),
    "dealer-round": lambda frame: put(frame, ROUND, (2**31 + 1).to_bytes(4, "little")),
    "wrong-sequence": lambda frame: flip(frame, SEQUENCE, 0x01),
    "wrong-label": lambda frame: flip(frame, LABEL, 0x20),
    "wrong-length": shorter,
    "key-version": lambda frame: put(frame, payload_at(frame), b"\2"),
    "no-point": lambda frame: put(frame, payload_at(frame), b"\xff" * 32),
    "identity": lambda frame: put(frame, payload_at(frame), bytes(32)),
}


def tamper(frames: list[bytes], number: int, change: str) -> None:
    """Changes the frames of one sender, from the one with this number on."""
    if change == "end":
        del frames[number:]
    elif change == "drop":
        del frames[number]
    elif change == "repeat":
        frames.insert(number + 1, frames[number])
    elif change == "swap":
        frames[number : number + 2] = [frames[number + 1], frames[number]]
    else:
        frames[number] = FRAMES[change](frames[number])
