"""Operations on frames, seeds and sessions. [DS-VEC-7]"""

from __future__ import annotations

from .operations_types import (
    ROLES, Malformed, Trace, bit_text, count, data, items, known, one_of, strings, text, unsigned)
from .values import Width
from .wire import PHASES, Header, read_frame, write_frame
from .xof import (
    SESSION_ID, SESSION_SEED, USER_SEED, ZERO_SEED, Coins, derive, derive_input, piece_digest, public_digest,
    session_identifier, session_seed, user_seed, xof, xof_input)


def read_header(fields: dict, payload_bytes: int) -> Header:
    label = text(fields["label"])
    if not label.isascii() or len(label) > 255:
        raise Malformed("a label is at most 255 characters of ASCII")
    number = count(fields["round"])
    if number >= 2**32:
        raise Malformed("a round has 32 bits")
    session, phase = data(fields["session"], 16), one_of(fields["phase"], PHASES)
    return Header(session, phase, number, unsigned(fields["sequence"], 64), label, payload_bytes)


def write(fields: dict, trace: Trace) -> dict:
    """[DS-WIRE-4]"""
    payload = data(fields["payload"])
    frame = write_frame(read_header(fields, len(payload)), payload)
    trace.note("header", "DS-WIRE-4", frame[: len(frame) - len(payload)].hex())
    return {"frame": frame.hex()}


def read(fields: dict, _trace: Trace) -> dict:
    """[DS-WIRE-5]"""
    expected = known(fields["expected"], ("session", "phase", "round", "sequence", "label", "payload_bytes"))
    header = read_header(expected, count(expected["payload_bytes"]))
    number, payload = read_frame(header, data(fields["frame"]))
    return {"round": number, "payload": payload.hex()}


def label_of(fields: dict) -> tuple[str, str, str]:
    return text(fields["protocol"]), one_of(fields["party"], ROLES), text(fields["purpose"])


def expand(fields: dict, trace: Trace) -> dict:
    """[DS-XOF-1]"""
    seed, context = data(fields["seed"], 32), data(fields["context"])
    given = label_of(fields), seed, context, unsigned(fields["counter"], 64), count(fields["length"])
    trace.note("input", "DS-XOF-1", xof_input(*given).hex())
    return {"bytes": xof(*given).hex()}


def derive_seed(fields: dict, trace: Trace) -> dict:
    """[DS-XOF-3]"""
    given = data(fields["seed"], 32), label_of(fields), data(fields["context"])
    trace.note("input", "DS-XOF-3", derive_input(*given).hex())
    return {"seed": derive(*given).hex()}


def seed_of_user(fields: dict, trace: Trace) -> dict:
    """[DS-XOF-3]"""
    given = data(fields["bytes"])
    trace.note("input", "DS-XOF-3", derive_input(ZERO_SEED, USER_SEED, given).hex())
    return {"seed": user_seed(given).hex()}


def seed_of_session(fields: dict, trace: Trace) -> dict:
    """[DS-COIN-4]"""
    seed, session = data(fields["seed"], 32), data(fields["session"], 16)
    trace.note("input", "DS-COIN-4", derive_input(seed, SESSION_SEED, session).hex())
    return {"seed": session_seed(seed, session).hex()}


def draw_coins(fields: dict, trace: Trace) -> dict:
    """[DS-COIN-2]"""
    coins = Coins(text(fields["protocol"]), one_of(fields["party"], ROLES), data(fields["seed"], 32))
    trace.note("coin seed", "DS-COIN-2", coins.coin_seed.hex())
    draws = []
    for number, entry in enumerate(items(fields["draws"])):
        draws.append(draw(coins, entry))
        trace.note(f"draw {number}", "DS-COIN-2", draws[-1])
    return {"draws": draws}


def draw(coins: Coins, entry: dict) -> object:
    if type(entry) is dict and "plane" in entry:
        known(entry, ("plane",))
        return bit_text(coins.plane(count(entry["plane"])))
    known(entry, ("width", "count"))
    return strings(coins.ring(Width(count(entry["width"])).bits, count(entry["count"])))


def digest(fields: dict, trace: Trace) -> dict:
    """[DS-SESSION-2]"""
    pieces = []
    for piece in items(fields["pieces"]):
        known(piece, ("name", "text"))
        pieces.append((text(piece["name"]), text(piece["text"])))
    for name, content in pieces:
        trace.note(f"digest of {name}", "DS-SESSION-2", piece_digest(name, content).hex())
    return {"digest": public_digest(pieces).hex()}


def identifier(fields: dict, trace: Trace) -> dict:
    """[DS-SESSION-1]"""
    given = data(fields["server_nonce"], 16), data(fields["client_nonce"], 16), data(fields["digest"], 32)
    trace.note("input", "DS-SESSION-1", xof_input(SESSION_ID, ZERO_SEED, b"".join(given), 0, 16).hex())
    return {"session": session_identifier(*given).hex()}


OPERATIONS = {
    "write-frame": write,
    "read-frame": read,
    "xof": expand,
    "derive-seed": derive_seed,
    "user-seed": seed_of_user,
    "session-seed": seed_of_session,
    "coins": draw_coins,
    "public-digest": digest,
    "session-identifier": identifier,
}
