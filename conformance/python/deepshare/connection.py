"""One TCP connection between two roles: deadlines, a queue of frames to write, frames to take. [DS-LIVE-7] to [DS-LIVE-9]"""

from __future__ import annotations

import queue
import socket
import threading
import time
from typing import Optional

from . import wire
from .party import Endpoint, Want
from .values import Refused


class Silent(Exception):
    """The limit is over."""


def connect(address: tuple[str, int], limit: float) -> "Connection":
    """Tries until somebody listens, or the limit is over. [DS-LIVE-8]"""
    end = time.monotonic() + limit
    while True:
        try:
            return Connection(socket.create_connection(address, timeout=max(end - time.monotonic(), 0.01)), limit)
        except OSError:
            if time.monotonic() >= end:
                raise Refused(code="live/nobody-listens", message=f"nobody listens at {address}") from None
            time.sleep(0.05)


def listen(address: tuple[str, int]) -> socket.socket:
    try:
        return socket.create_server(address)
    except OSError as error:
        raise Refused(code="live/listen", message=f"cannot listen at {address}: {error}") from None


class Connection:
    """Counts the bytes that the socket takes and gives after the handshake. [DS-LIVE-10]"""

    def __init__(self, taken: socket.socket, limit: float) -> None:
        taken.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        taken.settimeout(limit)
        self.limit, self.bytes_in, self.bytes_out = limit, 0, 0
        self._socket, self._end = taken, time.monotonic() + limit
        self._queue: queue.SimpleQueue[Optional[bytes]] = queue.SimpleQueue()
        self._writer: Optional[threading.Thread] = None
        self._unsent: Optional[Exception] = None

    def restart_limit(self) -> None:
        """A new wait begins. [DS-LIVE-8]"""
        self._end = time.monotonic() + self.limit

    def read(self, count: int) -> bytes:
        """That many bytes, or fewer if the stream ends. A reset is taken for an end."""
        pieces, missing = [], count
        while missing:
            left = self._end - time.monotonic()
            if left <= 0:
                raise Silent
            self._socket.settimeout(left)
            try:
                piece = self._socket.recv(min(missing, 1 << 16))
            except TimeoutError:
                raise Silent from None
            except OSError:
                piece = b""
            if not piece:
                break
            pieces.append(piece)
            missing -= len(piece)
        return b"".join(pieces)

    def write_now(self, data: bytes) -> None:
        """A message of the handshake."""
        try:
            self._socket.settimeout(max(self._end - time.monotonic(), 0.01))
            self._socket.sendall(data)
        except TimeoutError:
            raise Silent from None
        except OSError:
            pass  # what the other side said before it closed is still to be read

    def start(self) -> None:
        """The handshake is over: a thread writes frames from a queue. [DS-LIVE-7]"""
        self._writer = threading.Thread(target=self._write_queue, daemon=True)
        self._writer.start()

    def put(self, frame: bytes) -> None:
        """Sending never waits. [DS-ROLE-1]"""
        self._queue.put(frame)

    def take(self, endpoint: Endpoint, want: Want) -> bytes:
        """The next frame, checked while it comes. [DS-WIRE-7]"""
        self.restart_limit()
        try:
            return self._take(endpoint, want)
        except Silent:
            raise endpoint.refused(want, "party/silent", "no frame within the limit") from None

    def _take(self, endpoint: Endpoint, want: Want) -> bytes:
        expected, frame = endpoint.expected(want), b""
        # Up to the phase; to the label's length; the label; the payload's length; the payload.
        for count in (1, 17, 13, None, 8, expected.payload_bytes):
            if count is None:
                count = frame[30]
            piece = self.read(count)
            self.bytes_in += len(piece)
            frame += piece
            if not frame:
                raise endpoint.closed(want)
            self._check(endpoint, want, expected, frame)
            if len(piece) < count:
                raise endpoint.refused(want, "frame/cut", "the stream ends within a frame")
        return frame

    @staticmethod
    def _check(endpoint: Endpoint, want: Want, expected: wire.Header, frame: bytes) -> None:
        """What is wrong with the part that is there; that the rest is missing is no error yet."""
        try:
            wire.read_frame(expected, frame)
        except Refused as found:
            if found.code != "frame/cut":
                raise endpoint.refused(want, found.code, found.message) from found

    def _write_queue(self) -> None:
        out = self._socket.dup()
        out.settimeout(self.limit)
        try:
            while (frame := self._queue.get()) is not None:
                out.sendall(frame)
                self.bytes_out += len(frame)
            out.shutdown(socket.SHUT_WR)
        except OSError as error:
            self._unsent = error
        finally:
            out.close()

    def finish_writing(self) -> None:
        """Nothing more will be sent."""
        self._queue.put(None)

    def wait_for_end(self) -> None:
        """Waits until all is written and the other side has closed its end too, or the limit is over. [DS-LIVE-9]"""
        if self._writer is not None:
            self._writer.join()
        if self._unsent is None:
            self._drain()
        self.cut()
        if self._unsent is not None:
            raise Refused(code="party/unsent", message=f"not all frames were taken: {self._unsent}")

    def _drain(self) -> None:
        end = time.monotonic() + self.limit
        try:
            while (left := end - time.monotonic()) > 0:
                self._socket.settimeout(left)
                if not self._socket.recv(1 << 16):
                    return
        except TimeoutError:
            return
        except OSError as error:
            self._unsent = error

    def close_politely(self) -> None:
        """After a refusal: lets the other side read it before the connection goes."""
        try:
            self._socket.shutdown(socket.SHUT_WR)
            self._end = time.monotonic() + min(self.limit, 1.0)
            while self.read(1 << 12):
                pass
        except (OSError, Silent):
            pass
        self.cut()

    def cut(self) -> None:
        """Ends both directions at once."""
        self._queue.put(None)
        try:
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self._socket.close()
