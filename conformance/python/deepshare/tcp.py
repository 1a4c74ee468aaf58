"""Live parties: each role a process, over TCP. [DS-LIVE-1]"""

from __future__ import annotations

import contextlib
import os
import socket
import threading
from dataclasses import dataclass, field
from typing import Iterator, Optional

from . import handshake
from .backends import role_program
from .connection import Connection, Silent, connect
from .domain import Value
from .handshake import Hello, Pieces, Refusal, read_greeting, read_hello
from .network import Network
from .party import CLIENT, SERVER, TRUSTED, Endpoint, Program, Sent, peer_of
from .values import Refused
from .xof import public_digest, session_identifier, xof


def public_pieces(backend: str, network: Network, batch: int) -> Pieces:
    """The five pieces of the public part. [DS-SESSION-2]"""
    public = network.public_part()
    return [
        ("specification version", "deepshare/1"),
        ("backend", backend),
        ("batch", str(batch)),
        ("plan", public.plan.to_text()),
        ("network", public.to_text()),
    ]


@dataclass
class Settings:
    """What a process is told: backend, network (whole at the server only), limits, and its seed."""

    backend: str
    network: Network
    limit: float = 30.0
    most_images: int = 256
    seed: Optional[bytes] = None

    def role_seed(self) -> bytes:
        return self.seed if self.seed is not None else os.urandom(32)

    def nonce(self, role: str) -> bytes:
        """Fresh for every session; from the seed if one is given. [DS-LIVE-1]"""
        if self.seed is None:
            return os.urandom(16)
        return xof(("live", role, "nonce"), self.seed, b"", 0, 16)

    def pieces(self, batch: int) -> Pieces:
        return public_pieces(self.backend, self.network, batch)


@dataclass
class Ended:
    """How a role's session ended."""

    session: bytes
    batch: int
    output: Optional[Value]
    transcript: list[Sent] = field(default_factory=list)
    bytes_in: int = 0
    bytes_out: int = 0


@contextlib.contextmanager
def shaking(connection: Connection) -> Iterator[None]:
    """A handshake on one connection, within the limit; an error cuts the connection. [DS-LIVE-8]"""
    connection.restart_limit()
    try:
        yield
    except Silent:
        connection.cut()
        raise handshake.refused("live/silent", "the handshake was not complete within its limit") from None
    except Refused:
        connection.close_politely()
        raise


def greet(connection: Connection, role: str, *fitting: str) -> str:
    """Both sides greet without waiting. [DS-LIVE-2]"""
    connection.write_now(handshake.greeting(role))
    other = read_greeting(connection.read)
    if other not in fitting:
        raise handshake.refused("live/role", f"a {role} and a {other} do not fit")
    return other


def refuse(connection: Connection, refusal: Refusal) -> Refused:
    connection.write_now(refusal.to_bytes())
    return refusal.error()


def meet_peer(settings: Settings, role: str, connection: Connection, batch: int = 0) -> tuple[bytes, int]:
    """Server and client agree on the session; gives its identifier and the batch. [DS-LIVE-4]"""
    with shaking(connection):
        greet(connection, role, peer_of(role))
        nonce = settings.nonce(role)
        if role == CLIENT:
            pieces = settings.pieces(batch)
            connection.write_now(Hello(batch, nonce, handshake.piece_digests(pieces)).to_bytes())
            other = read_hello(connection.read)
            if other.images != batch:
                raise handshake.refused("live/malformed", f"a hello for {other.images} images")
            nonces = other.nonce, nonce
        else:
            other = read_hello(connection.read)
            batch = other.images
            if not 1 <= batch <= settings.most_images:
                raise refuse(connection, handshake.too_many_images(settings.most_images))
            pieces = settings.pieces(batch)
            connection.write_now(Hello(batch, nonce, handshake.piece_digests(pieces)).to_bytes())
            nonces = nonce, other.nonce
        handshake.agree(pieces, other.digests)
        return session_identifier(*nonces, public_digest(pieces)), batch


def meet_dealer(settings: Settings, role: str, connection: Connection, session: bytes, batch: int) -> None:
    """A party's side of [DS-LIVE-6]."""
    with shaking(connection):
        greet(connection, role, TRUSTED)
        pieces = settings.pieces(batch)
        connection.write_now(Hello(batch, session, handshake.piece_digests(pieces)).to_bytes())
        connection.restart_limit()
        answer = read_hello(connection.read)
        handshake.agree(pieces, answer.digests)
        if (answer.images, answer.nonce) != (batch, session):
            raise handshake.refused("live/malformed", "the dealer answers for another session")


def run_party(
    settings: Settings, role: str, peer: Connection, dealer_at: tuple[str, int], images: Optional[Value], batch: int = 0
) -> Ended:
    """A server's or a client's session on a connection to its peer."""
    session, batch = meet_peer(settings, role, peer, batch)
    try:
        dealer = connect(dealer_at, settings.limit)
        meet_dealer(settings, role, dealer, session, batch)
    except Refused:
        peer.cut()
        raise
    return run_program(settings, role, {peer_of(role): peer, TRUSTED: dealer}, session, batch, images)


def run_dealer(settings: Settings, listener: socket.socket) -> Ended:
    """Waits for both parties, deals for one session, and ends. [DS-LIVE-6]"""
    connections: dict[str, Connection] = {}
    hello: Optional[Hello] = None
    try:
        while len(connections) < 2:
            connection = accept(listener, settings.limit, bounded=bool(connections))
            with shaking(connection):
                role, hello = meet_party(settings, connection, connections, hello)
            connections[role] = connection
    except Refused:
        for connection in connections.values():
            connection.cut()
        raise
    answer = Hello(hello.images, hello.nonce, handshake.piece_digests(settings.pieces(hello.images)))
    for connection in connections.values():
        connection.restart_limit()
        connection.write_now(answer.to_bytes())
    with busy(listener, TRUSTED, settings.limit):
        return run_program(settings, TRUSTED, connections, hello.nonce, hello.images, None)


def meet_party(
    settings: Settings, connection: Connection, known: dict[str, Connection], first: Optional[Hello]
) -> tuple[str, Hello]:
    """The dealer's side: greets a party and judges its hello. [DS-LIVE-6]"""
    role = greet(connection, TRUSTED, SERVER, CLIENT)
    hello = read_hello(connection.read)
    if first is None and not 1 <= hello.images <= settings.most_images:
        raise refuse(connection, handshake.too_many_images(settings.most_images))
    if role in known or (first is not None and hello.nonce != first.nonce):
        raise refuse(connection, handshake.SESSION)
    first = first or hello
    pieces = settings.pieces(first.images)
    try:
        handshake.agree(pieces, hello.digests)
    except Refused:
        own = Hello(first.images, first.nonce, handshake.piece_digests(pieces))
        connection.write_now(own.to_bytes())
        raise
    return role, first


def accept(listener: socket.socket, limit: float, bounded: bool) -> Connection:
    """The first peer may take its time; the second must come within the limit. [DS-LIVE-8]"""
    listener.settimeout(limit if bounded else None)
    try:
        return Connection(listener.accept()[0], limit)
    except TimeoutError:
        raise handshake.refused("live/silent", "nobody came within the limit") from None


@contextlib.contextmanager
def busy(listener: Optional[socket.socket], role: str, limit: float) -> Iterator[None]:
    """While a session runs, everybody else who connects is refused. [DS-LIVE-5]"""
    if listener is None:
        yield
        return
    over = threading.Event()
    listener.settimeout(0.1)

    def turn_away() -> None:
        while not over.is_set():
            with contextlib.suppress(TimeoutError, OSError, Silent):
                stranger = Connection(listener.accept()[0], limit)
                stranger.write_now(handshake.greeting(role) + handshake.BUSY.to_bytes())
                stranger.close_politely()

    thread = threading.Thread(target=turn_away, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def run_program(
    settings: Settings,
    role: str,
    connections: dict[str, Connection],
    session: bytes,
    batch: int,
    images: Optional[Value],
) -> Ended:
    """The role's program over its connections; an error cuts all of them at once. [DS-LIVE-9]"""
    ended = Ended(session, batch, None)

    def post(sent: Sent) -> None:
        if sent.receiver not in connections:
            raise Refused(code="party/no-channel", message=f"{role} has no channel to {sent.receiver}")
        ended.transcript.append(sent)
        connections[sent.receiver].put(sent.frame)

    endpoint = Endpoint(role, session, post)
    program = role_program(settings.backend, settings.network, batch, endpoint, settings.role_seed(), images)
    for connection in connections.values():
        connection.start()
    try:
        output = drive(endpoint, program, connections)
        for connection in connections.values():
            connection.finish_writing()
        for connection in connections.values():
            connection.wait_for_end()
    except Refused:
        for connection in connections.values():
            connection.cut()
        raise
    ended.output = output
    ended.bytes_in = sum(connection.bytes_in for connection in connections.values())
    ended.bytes_out = sum(connection.bytes_out for connection in connections.values())
    return ended


def drive(endpoint: Endpoint, program: Program, connections: dict[str, Connection]) -> Optional[Value]:
    """Takes a frame from its sender's connection when the program needs it."""
    value: Optional[Value] = None
    while True:
        try:
            want = program.send(value)
        except StopIteration as end:
            return end.value
        value = endpoint.accept(want, connections[want.sender].take(endpoint, want))
