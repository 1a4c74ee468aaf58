"""Which class plays which role in which backend."""

from __future__ import annotations

from math import prod
from typing import Optional, Sequence

from .dealing import Draws, Hand, LengthDraws, SeedDraws
from .domain import Lengths, Ring, Value
from .fss.dealer import FssDealer
from .fss.party import FssParty
from .gmw.backend import GmwDealer, GmwParty
from .inference import Backend, Inference
from .network import Network
from .party import CLIENT, SERVER, TRUSTED, Endpoint, Program
from .values import Width
from .xof import session_seed

BACKENDS = ("gmw", "fss", "fss-select")


def make_backend(name: str, endpoint: Endpoint, draws: Draws, width: Width) -> Backend:
    """[DS-FSS-30]"""
    payload_form = name == "fss"
    if endpoint.role == TRUSTED:
        hand = Hand(endpoint, draws, width)
        return GmwDealer(hand) if name == "gmw" else FssDealer(hand, payload_form)
    if name == "gmw":
        return GmwParty(endpoint, draws, width)
    return FssParty(endpoint, draws, width, payload_form)


def images_value(network: Network, images: Sequence[Sequence[int]]) -> Ring:
    """All images of a batch, modulo 2^k."""
    width = Width(network.plan.width)
    return Ring(width, [value % width.modulus for image in images for value in image])


def role_program(
    name: str, network: Network, batch: int, endpoint: Endpoint, seed: bytes, images: Optional[Value]
) -> Program:
    """A role's inference, on values; `seed` is its own, not yet bound to the session. [DS-COIN-4]"""
    draws = SeedDraws(name, endpoint.role, session_seed(seed, endpoint.session))
    backend = make_backend(name, endpoint, draws, Width(network.plan.width))
    return Inference(network, batch, backend, secret=endpoint.role == SERVER).run(images)


def shape_program(name: str, network: Network, batch: int, endpoint: Endpoint) -> Program:
    """The same on shapes. [DS-COST-1]"""
    width = Width(network.plan.width)
    backend = make_backend(name, endpoint, LengthDraws(), width)
    count = batch * prod(network.input_shape)
    images = Lengths(count, width.bits) if endpoint.role == CLIENT else None
    return Inference(network, batch, backend, secret=endpoint.role == SERVER, shapes=True).run(images)
