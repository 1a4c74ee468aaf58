"""Live parties on the loopback interface."""

import socket
import threading
import unittest
from concurrent.futures import ThreadPoolExecutor

from deepshare import handshake
from deepshare.backends import BACKENDS, images_value
from deepshare.connection import Connection, connect, listen
from deepshare.local import run_local
from deepshare.network import network_from_obj
from deepshare.party import CLIENT, ONLINE, ROLES, SERVER, TRUSTED, Endpoint, Want
from deepshare.tcp import Settings, accept, busy, run_dealer, run_party
from deepshare.values import Refused
from tests.spec_network import TWO_LAYERS, two_layers_by_hand
from tests.test_operations_party import public

IMAGES = [[5, 2], [-7, -7]]
SEEDS = {role: bytes([number + 1] * 32) for number, role in enumerate(ROLES)}


def reader(data: bytes):
    """A source, and what is left in it."""
    left = [data]

    def read(count: int) -> bytes:
        piece, left[0] = left[0][:count], left[0][count:]
        return piece

    return read, left


def code_of(call, *arguments):
    try:
        return call(*arguments)
    except Refused as refused:
        return refused.code


class Handshake(unittest.TestCase):
    """The block of [DS-LIVE-6]."""

    def test_greeting(self):
        self.assertEqual(handshake.greeting(SERVER), b"deepshare\x01\x02")
        for data, expected in ((b"deepshare\x01\x01", CLIENT), (b"GET / HTTP/1.1\r\n", "live/magic"),
                               (b"deepshare\x02\x01", "live/version"), (b"deepshare\x01\x09", "live/malformed"),
                               (b"deepsh", "live/closed")):
            self.assertEqual(code_of(handshake.read_greeting, reader(data)[0]), expected)

    def test_messages(self):
        hello = handshake.Hello(2, bytes([9] * 16), tuple(bytes([i] * 32) for i in range(1, 6)))
        data = hello.to_bytes()
        self.assertEqual((data[:6], data[21], len(data)), (bytes([1, 2, 0, 0, 0, 9]), 1, 181))
        self.assertEqual(handshake.read_message(reader(data)[0]), hello)
        data = handshake.too_many_images(60).to_bytes()
        self.assertEqual((data[:7], len(data)), (bytes([2, 2, 60, 0, 0, 0, 0]), 181))
        self.assertEqual(code_of(handshake.read_hello, reader(data)[0]), "live/images")
        for bad in (b"\x03" + data[1:], b"\x02\x09" + data[2:], data[:-1] + b"\x01"):
            self.assertEqual(code_of(handshake.read_message, reader(bad)[0]), "live/malformed")


class Frames(unittest.TestCase):
    """The block of [DS-LIVE-10]."""

    def setUp(self):
        self.endpoint = Endpoint(CLIENT, bytes([0x5A] * 16), lambda sent: None)
        self.want = Want(SERVER, "apply/epsilon", ONLINE, 12, 2)
        head = b"\x01" + b"\x5a" * 16 + b"\x02" + (1).to_bytes(4, "little") + bytes(8) + b"\x0dapply/epsilon"
        self.frame = head + (3).to_bytes(8, "little") + b"\xbc\x3a\x12"
        self.huge = head + b"\xff" * 8 + bytes(3)

    def take(self, data):
        near, far = socket.socketpair()
        far.sendall(data)
        far.close()
        connection = Connection(Quiet(near), 0.5)
        try:
            return code_of(connection.take, self.endpoint, self.want), connection.bytes_in
        finally:
            near.close()

    def test_take(self):
        self.assertEqual(self.take(self.frame + b"more"), (self.frame, len(self.frame)))
        self.assertEqual(self.take(self.frame[:20])[0], "frame/cut")
        self.assertEqual(self.take(b"")[0], "party/closed")
        self.assertEqual(self.take(self.huge), ("frame/length", 52))
        self.assertEqual(self.take(b"\x02" + self.frame), ("frame/version", 1))


class Quiet:
    """A socket of a pair, which knows no TCP options."""

    def __init__(self, inner):
        self._inner = inner

    def setsockopt(self, *_):
        pass

    def __getattr__(self, name):
        return getattr(self._inner, name)


def settings(role, backend="gmw", network=TWO_LAYERS, **more):
    known = network if role == SERVER else public(network)
    return Settings(backend, network_from_obj(known), 5.0, seed=SEEDS[role], **more)


def session(of, batch=2):
    """All three roles in threads; gives each one's end or code."""
    dealer_listener, server_listener = (listen(("127.0.0.1", 0)) for _ in range(2))
    dealer_at, server_at = dealer_listener.getsockname(), server_listener.getsockname()
    x = images_value(of[CLIENT].network, IMAGES[:batch])

    def client():
        return run_party(of[CLIENT], CLIENT, connect(server_at, 5.0), dealer_at, x, batch)

    def server():
        peer = accept(server_listener, 5.0, bounded=False)
        with busy(server_listener, SERVER, 5.0):
            return run_party(of[SERVER], SERVER, peer, dealer_at, None)

    with ThreadPoolExecutor(3) as pool:
        ends = {
            CLIENT: pool.submit(code_of, client),
            SERVER: pool.submit(code_of, server),
            TRUSTED: pool.submit(code_of, run_dealer, of[TRUSTED], dealer_listener),
        }
        wake = threading.Timer(3.0, dealer_listener.shutdown, [socket.SHUT_RDWR])  # if nobody comes to the dealer
        wake.start()
        found = {}
        for role, end in ends.items():
            try:
                found[role] = end.result()
            except OSError:
                found[role] = "nobody came"
        wake.cancel()
        dealer_listener.close()
        server_listener.close()
        return found


class Sessions(unittest.TestCase):
    def test_same_frames_as_in_one_process(self):
        for backend in BACKENDS:
            ends = session({role: settings(role, backend) for role in ROLES})
            expected = [y % 2**16 for image in IMAGES for y in two_layers_by_hand(image)]
            self.assertEqual(ends[CLIENT].output.elements, expected)
            network = network_from_obj(TWO_LAYERS)
            _, transcript = run_local(backend, network, IMAGES, SEEDS, ends[CLIENT].session)
            for role, end in ends.items():
                own = [s.frame for s in transcript if s.sender == role]
                self.assertEqual([s.frame for s in end.transcript], own, (backend, role))
                self.assertEqual(end.bytes_out, sum(len(frame) for frame in own))
                received = sum(len(s.frame) for s in transcript if s.receiver == role)
                self.assertEqual(end.bytes_in, received)

    def test_refusals(self):
        of = {role: settings(role) for role in ROLES}
        few = {**of, SERVER: settings(SERVER, most_images=1)}
        ends = session(few)
        self.assertEqual((ends[CLIENT], ends[SERVER]), ("live/images", "live/images"))
        other = {**of, SERVER: settings(SERVER, backend="fss")}
        ends = session(other)
        self.assertEqual((ends[CLIENT], ends[SERVER]), ("party/public-part", "party/public-part"))
        other = {**of, TRUSTED: settings(TRUSTED, backend="fss")}
        ends = session(other)
        self.assertEqual(ends[TRUSTED], "party/public-part")
        self.assertIn("party/public-part", (ends[CLIENT], ends[SERVER]))

    def test_busy(self):
        listener = listen(("127.0.0.1", 0))
        with busy(listener, SERVER, 2.0):
            stranger = connect(listener.getsockname(), 2.0)
            self.assertEqual(handshake.read_greeting(stranger.read), SERVER)
            self.assertEqual(code_of(handshake.read_hello, stranger.read), "live/busy")
            stranger.cut()
        listener.close()


if __name__ == "__main__":
    unittest.main()
