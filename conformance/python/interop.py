"""One live role as a process, to run against another implementation's. [DS-LIVE-1]

    python3 interop.py dealer --network PUBLIC --listen 127.0.0.1:7879
    python3 interop.py server --network NETWORK --listen 127.0.0.1:7878 --dealer 127.0.0.1:7879
    python3 interop.py client --network PUBLIC --input IMAGES --connect 127.0.0.1:7878 --dealer 127.0.0.1:7879

The server and the client may swap --listen and --connect. The connections are neither encrypted nor authenticated
[DS-LIVE-11]: for tests on one machine only.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from pathlib import Path
from typing import Optional

from deepshare.backends import BACKENDS, images_value
from deepshare.connection import connect, listen
from deepshare.network import Network, network_from_text
from deepshare.party import CLIENT, SERVER, TRUSTED
from deepshare.tcp import Ended, Settings, accept, busy, run_dealer, run_party
from deepshare.values import Refused, Width
from deepshare.xof import user_seed

DEALER = "dealer"


def address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    return host, int(port)


def arguments(given: Optional[list[str]] = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Runs one live role.")
    parser.add_argument("role", choices=[SERVER, CLIENT, DEALER])
    parser.add_argument("--backend", choices=BACKENDS, default="gmw")
    parser.add_argument("--network", required=True, help="whole for the server, the public part for the others")
    parser.add_argument("--input", help="the client's images")
    parser.add_argument("--listen", type=address)
    parser.add_argument("--connect", type=address)
    parser.add_argument("--dealer", type=address)
    parser.add_argument("--limit", type=float, default=30.0, help="seconds that each wait may take")
    parser.add_argument("--most-images", type=int, default=256)
    parser.add_argument("--seed", help="a text that stands for this role's seed; for tests")
    chosen = parser.parse_args(given)
    if (chosen.listen is None) == (chosen.connect is None):
        parser.error("give one of --listen and --connect")
    if chosen.role == DEALER and chosen.listen is None:
        parser.error("the dealer listens")
    if chosen.role != DEALER and chosen.dealer is None:
        parser.error("give --dealer")
    if chosen.role == CLIENT and chosen.input is None:
        parser.error("give --input")
    return chosen


def load_network(chosen: argparse.Namespace) -> Network:
    """The client and the dealer take the public part only. [DS-LIVE-1]"""
    network = network_from_text(Path(chosen.network).read_text(encoding="utf-8"))
    if chosen.role != SERVER and not network.public:
        raise Refused(code="cli/not-public", message=f"{chosen.network} is not a public part")
    return network


def load_images(path: str, network: Network) -> list[list[int]]:
    """[DS-NET-6]"""
    stated = json.loads(Path(path).read_text(encoding="utf-8"))
    images = [[int(value) for value in image] for image in stated["images"]]
    count = network.input_shape[0] * network.input_shape[1] * network.input_shape[2]
    if tuple(stated["shape"]) != tuple(network.input_shape) or stated["scale"] != network.input_scale:
        raise Refused(code="input/type", message="images of another shape or scale")
    if any(len(image) != count for image in images):
        raise Refused(code="input/elements", message="an image of another length")
    return images


def run(chosen: argparse.Namespace) -> Ended:
    network = load_network(chosen)
    seed = user_seed(chosen.seed.encode()) if chosen.seed is not None else None
    settings = Settings(chosen.backend, network, chosen.limit, chosen.most_images, seed)
    images = load_images(chosen.input, network) if chosen.role == CLIENT else []
    listener = listen(chosen.listen) if chosen.listen else None
    try:
        if chosen.role == DEALER:
            return run_dealer(settings, listener)
        peer = accept(listener, chosen.limit, bounded=False) if listener else connect(chosen.connect, chosen.limit)
        x = images_value(network, images) if images else None
        with busy(listener, chosen.role, chosen.limit):
            return run_party(settings, chosen.role, peer, chosen.dealer, x, len(images))
    finally:
        if listener:
            listener.close()


def report(role: str, network_width: int, ended: Ended) -> None:
    """The client's outputs, decoded, and what travelled; nothing of seeds. [DS-LIVE-12]"""
    if ended.output is not None:
        width, count = Width(network_width), len(ended.output) // ended.batch
        for image in ended.output.cut([count] * ended.batch):
            print(*(width.decode(element) for element in image.elements))
    sent = Counter()
    for entry in ended.transcript:
        sent[entry.phase] += entry.element_bits * len(entry.value)
    print(f"session {ended.session.hex()}, {ended.batch} images", file=sys.stderr)
    print(f"{role} sent bits: {dict(sent)}; bytes out {ended.bytes_out}, in {ended.bytes_in}", file=sys.stderr)


def main() -> int:
    chosen = arguments()
    try:
        ended = run(chosen)
    except Refused as refused:
        print(f"{chosen.role}: {refused.message} [{refused.code}]", file=sys.stderr)
        return 1
    report(TRUSTED if chosen.role == DEALER else chosen.role, load_network(chosen).plan.width, ended)
    return 0


if __name__ == "__main__":
    sys.exit(main())
