"""Comparison keys: shares of beta where a public x is below a secret alpha. [DS-FSS-1] to [DS-FSS-6]"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Callable, Sequence

from ..values import Refused
from ..xof import xof

ROOT_BITS = 128
VERSION = 1
Note = Callable[[str, str, Any], None]  # takes a step's name, clause and value


def _unnoted(_name: str, _clause: str, _value: Any) -> None:
    """Steps that nobody asks for."""


def _texts(values: Sequence[int]) -> list[str]:
    return [str(value) for value in values]


def _seed_hex(seed: int) -> str:
    return seed.to_bytes(16, "little").hex()


@dataclass(frozen=True)
class Form:
    """The public form of a batch: n bits compared, payloads over R_w, and the key of each payload element."""

    bits: int
    width: int
    keys: int
    owners: Sequence[int]

    def __post_init__(self) -> None:
        if not 1 <= self.bits <= 64:
            raise Refused(code="value/input-bits", message=f"keys for {self.bits} bits")

    @property
    def key_bits(self) -> int:
        """The length of one party's keys. [DS-FSS-5]"""
        return 8 + self.keys * (128 + 130 * self.bits) + len(self.owners) * (self.bits + 1) * self.width

    def elements_of(self) -> list[list[int]]:
        """For each key the positions of its elements in the batch's payload."""
        positions: list[list[int]] = [[] for _ in range(self.keys)]
        for position, key in enumerate(self.owners):
            positions[key].append(position)
        return positions


@dataclass(frozen=True)
class Child:
    """A node's seed and bit, and the masks that came with it."""

    seed: int
    bit: int
    masks: list[int]


@dataclass(frozen=True)
class Word:
    """A correction word: s', t' of the left and of the right, v'."""

    seed: int
    bits: tuple[int, int]
    masks: list[int]


class BitReader:
    """Numbers of a string of bits, the lowest first. [DS-WIRE-1]"""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    def take(self, bits: int) -> int:
        first, end = self._at, self._at + bits
        self._at = end
        piece = int.from_bytes(self._data[first // 8 : (end + 7) // 8], "little")
        return (piece >> (first % 8)) & ((1 << bits) - 1)

    def vector(self, count: int, bits: int) -> list[int]:
        return [self.take(bits) for _ in range(count)]


class BitWriter:
    """The opposite of `BitReader`."""

    def __init__(self) -> None:
        self._pieces: list[str] = []

    def put(self, value: int, bits: int) -> None:
        self._pieces.append(format(value, f"0{bits}b")[::-1])

    def vector(self, values: Sequence[int], bits: int) -> None:
        for value in values:
            self.put(value, bits)

    def bytes(self) -> bytes:
        text = "".join(self._pieces)
        return int(text[::-1], 2).to_bytes((len(text) + 7) // 8, "little")


@dataclass(frozen=True)
class KeyGenerator:
    """G and L for one key: session, its number, n, w, and p payload elements. [DS-FSS-2]"""

    session: bytes
    number: int
    bits: int
    width: int
    payload: int

    def children(self, level: int, seed: int) -> tuple[Child, Child]:
        """G: the left child, then the right one."""
        reader = self._stretch("children", level, seed, 2 * (129 + self.payload * self.width))
        left, right = (
            Child(reader.take(128), reader.take(1), reader.vector(self.payload, self.width)) for _ in range(2)
        )
        return left, right

    def leaf(self, seed: int) -> list[int]:
        """L: the masks of a leaf."""
        return self._stretch("leaf", self.bits, seed, self.payload * self.width).vector(self.payload, self.width)

    def _stretch(self, purpose: str, level: int, seed: int, bits: int) -> BitReader:
        context = self.session + self.number.to_bytes(8, "little")
        padded = seed.to_bytes(16, "little") + bytes(16)
        return BitReader(xof(("dcf", "trusted", purpose), padded, context, level, (bits + 7) // 8))


def _bit_of(number: int, bits: int, level: int) -> int:
    """The bit that decides at a level, the highest first."""
    return (number >> (bits - 1 - level)) & 1


def make_key(generator: KeyGenerator, alpha: int, beta: Sequence[int], roots: tuple[int, int]):
    """The correction words and the last correction, which both parties' keys share. [DS-FSS-3]"""
    modulus = 1 << generator.width
    seeds, bits = list(roots), [0, 1]
    difference = [0] * generator.payload  # V
    words: list[Word] = []
    for level in range(generator.bits):
        a = _bit_of(alpha, generator.bits, level)
        keep, lose = a, 1 - a
        server, client = (generator.children(level, seed) for seed in seeds)
        sign = -1 if bits[1] else 1
        word = Word(
            server[lose].seed ^ client[lose].seed,
            (server[0].bit ^ client[0].bit ^ a ^ 1, server[1].bit ^ client[1].bit ^ a),
            [
                sign * (v1 - v0 - v + a * b) % modulus
                for v0, v1, v, b in zip(server[lose].masks, client[lose].masks, difference, beta)
            ],
        )
        difference = [
            (v + v0 - v1 + sign * corrected) % modulus
            for v, v0, v1, corrected in zip(difference, server[keep].masks, client[keep].masks, word.masks)
        ]
        for b, child in enumerate((server[keep], client[keep])):
            seeds[b] = child.seed ^ (word.seed if bits[b] else 0)
            bits[b] = child.bit ^ (bits[b] & word.bits[keep])
        words.append(word)
    sign = -1 if bits[1] else 1
    leaves = [generator.leaf(seed) for seed in seeds]
    last = [sign * (u1 - u0 - v) % modulus for u0, u1, v in zip(*leaves, difference)]
    return words, last


def evaluate_key(
    generator: KeyGenerator,
    party: int,
    root: int,
    words: Sequence[Word],
    last: Sequence[int],
    x: int,
    note: Note = _unnoted,
) -> list[int]:
    """A party's share at x; the party is 0 for the server, 1 for the client. [DS-FSS-4]"""
    modulus = 1 << generator.width
    seed, bit, total = root, party, [0] * generator.payload
    for level, word in enumerate(words):
        a = _bit_of(x, generator.bits, level)
        child = generator.children(level, seed)[a]
        total = [(y + v + bit * corrected) % modulus for y, v, corrected in zip(total, child.masks, word.masks)]
        seed = child.seed ^ (word.seed if bit else 0)
        bit = child.bit ^ (bit & word.bits[a])
        note(f"level {level}", "DS-FSS-4", {"seed": _seed_hex(seed), "bit": str(bit), "sum": _texts(total)})
    total = [(y + u + bit * corrected) % modulus for y, u, corrected in zip(total, generator.leaf(seed), last)]
    note("sum", "DS-FSS-4", _texts(total))
    return [(-y if party else y) % modulus for y in total]


def _of_key(note: Note, key: int) -> Note:
    """Notes steps under the name of one key of the batch. [DS-VEC-7]"""
    return lambda name, clause, value: note(f"key {key} {name}", clause, value)


def make_keys(
    session: bytes,
    first: int,
    form: Form,
    thresholds: Sequence[int],
    payload: Sequence[int],
    roots: Sequence[int],
    note: Note = _unnoted,
) -> tuple[bytes, bytes]:
    """Both parties' keys of a batch, as payloads of `dcf/deal-keys`; two roots a key. [DS-FSS-5]"""
    writers = (BitWriter(), BitWriter())
    for writer in writers:
        writer.put(VERSION, 8)
    for key, positions in enumerate(form.elements_of()):
        generator = KeyGenerator(session, first + key, form.bits, form.width, len(positions))
        pair = (roots[2 * key], roots[2 * key + 1])
        words, last = make_key(generator, thresholds[key], [payload[position] for position in positions], pair)
        _note_key(_of_key(note, key), generator.number, words, last)
        for writer, root in zip(writers, pair):
            writer.put(root, ROOT_BITS)
            for word in words:
                writer.put(word.seed, 128)
                writer.vector(word.bits, 1)
                writer.vector(word.masks, form.width)
            writer.vector(last, form.width)
    return writers[0].bytes(), writers[1].bytes()


def _note_key(note: Note, number: int, words: Sequence[Word], last: Sequence[int]) -> None:
    note("number", "DS-FSS-6", str(number))
    for level, word in enumerate(words):
        bits = "".join(str(bit) for bit in word.bits)
        value = {"seed": _seed_hex(word.seed), "bits": bits, "masks": _texts(word.masks)}
        note(f"level {level}", "DS-FSS-3", value)
    note("end", "DS-FSS-3", _texts(last))


def evaluate_keys(
    session: bytes, first: int, form: Form, party: int, keys: bytes, xs: Sequence[int], note: Note = _unnoted
) -> list[int]:
    """A party's share of each payload element of the batch, in the payload's order. [DS-FSS-4] [DS-FSS-5]"""
    reader = BitReader(keys)
    if reader.take(8) != VERSION:
        raise Refused(code="value/key-version", message="comparison keys of another version")
    shares = [0] * len(form.owners)
    for key, (positions, x) in enumerate(zip(form.elements_of(), xs, strict=True)):
        generator = KeyGenerator(session, first + key, form.bits, form.width, len(positions))
        root = reader.take(ROOT_BITS)
        words = [
            Word(reader.take(128), (reader.take(1), reader.take(1)), reader.vector(len(positions), form.width))
            for _ in range(form.bits)
        ]
        last = reader.vector(len(positions), form.width)
        noted = _of_key(note, key)
        noted("number", "DS-FSS-6", str(generator.number))
        for position, share in zip(positions, evaluate_key(generator, party, root, words, last, x, noted)):
            shares[position] = share
    return shares
