"""Operations on shares, checked by relations. They run the backend `gmw` in one process. [DS-VEC-7]"""

from __future__ import annotations

from math import prod
from typing import Callable, Generator, Sequence

from .backends import make_backend
from .dealing import SeedDraws
from .domain import Lengths, Ring, Value
from .inference import Backend, Inference
from .local import NO_SESSION, Local
from .network import Layer, Network
from .operations_plain import layer_inputs, read_map
from .operations_types import Trace, count, data, integers, items, shares, shares_object
from .operations_values import check_equal, width_of
from .party import CLIENT, ROLES, SERVER, Endpoint, Want
from .plan import Plan, plan_from_object
from .truncation import check_shift
from .values import Refused, Width
from .xof import user_seed

BACKEND = "gmw"
Own = dict[str, Value]  # what each role holds of a vector; the dealer its length
Steps = Generator[Want, Value, list[Value]]
Script = Callable[[Backend, str], Steps]  # a role's program, which gives its shares of all outputs


def seeds_of(fields: dict) -> list[bytes]:
    return [user_seed(data(seed)) for seed in items(fields["seeds"])]


def held(width: Width, server: Sequence[int], client: Sequence[int]) -> Own:
    check_equal(list(server), list(client))
    own: Own = {role: Lengths(len(server), width.bits) for role in ROLES}
    return own | {SERVER: Ring(width, list(server)), CLIENT: Ring(width, list(client))}


def run(width: Width, seed: bytes, script: Script) -> list[dict]:
    """One run: shares of each output. [DS-VEC-6]"""

    def program(endpoint: Endpoint) -> Steps:
        draws = SeedDraws(BACKEND, endpoint.role, seed)
        return script(make_backend(BACKEND, endpoint, draws, width), endpoint.role)

    results = Local(NO_SESSION).run({role: program for role in ROLES})
    pairs = zip(results[SERVER], results[CLIENT])
    return [shares_object(server.elements, client.elements) for server, client in pairs]


def runs(width: Width, fields: dict, script: Script) -> dict:
    return {"runs": [run(width, seed, script)[0] for seed in seeds_of(fields)]}


def ring(width: Width, values: Sequence[int]) -> Ring:
    return Ring(width, [width.encode_wrapping(value) for value in values])


def shared_input(fields: dict, _trace: Trace) -> dict:
    """Each integer must fit. [DS-IO-1] [DS-VAL-2]"""
    width = width_of(fields)
    x = Ring(width, [width.encode(value) for value in integers(fields["x"])])

    def script(side: Backend, role: str) -> Steps:
        return [(yield from side.input(len(x), x if role == CLIENT else None))]

    return runs(width, fields, script)


def shared_truncation(fields: dict, _trace: Trace) -> dict:
    """[DS-TRUNC-1]"""
    width, shift = width_of(fields), count(fields["shift"])
    check_shift(width, shift)
    x = held(width, *shares(fields["x"], width))

    def script(side: Backend, role: str) -> Steps:
        return [(yield from side.truncate(x[role], shift))]

    return runs(width, fields, script)


def shared_linear(fields: dict, _trace: Trace) -> dict:
    """[DS-LIN-2]"""
    width, batch = width_of(fields), count(fields["batch"])
    linear = read_map(fields["map"])
    x, weights = held(width, *shares(fields["x"], width)), ring(width, integers(fields["weights"]))
    if len(weights) != linear.weight_count or len(x[SERVER]) != batch * linear.input_count:
        raise Refused("value/length", f"{len(weights)} weights and {len(x[SERVER])} inputs")

    def script(side: Backend, role: str) -> Steps:
        prepared = yield from side.weights(linear, weights if role == SERVER else None)
        return [(yield from side.linear(prepared, x[role], batch))]

    return runs(width, fields, script)


class ActivationLayers(Inference):
    """The activation layers of a plan alone, each on an input of its own. [DS-ACT-2]"""

    def __init__(self, plan: Plan, backend: Backend, secret: bool) -> None:
        layers = [Layer(str(number), "activation", [-1], {"layer": number}) for number in range(len(plan.layers))]
        super().__init__(Network("", (1, 1, 1), 0, layers, plan), 1, backend, secret)

    def run_on(self, inputs: Sequence[Value]) -> Steps:
        for number, layer in enumerate(self.network.layers):
            linear = self._secret_map(layer)
            if linear is not None:
                self.prepared[number] = yield from self.backend.weights(linear, self._own_weights(layer, linear))
        outputs = []
        for number, (layer, x) in enumerate(zip(self.network.layers, inputs)):
            outputs.append((yield from self._activation(number, layer, x)))
        return outputs


def shared_activation(fields: dict, _trace: Trace) -> dict:
    """[DS-IDEAL-3] [DS-ACT-1]"""
    plan = plan_from_object(fields["plan"])
    width, given = Width(plan.width), items(fields["inputs"])
    layer_inputs(plan, given)
    inputs = [held(width, *shares(entry, width)) for entry in given]
    for layer, own in zip(plan.layers, inputs):
        if len(own[SERVER]) != prod(layer.shape):
            raise Refused("value/length", f"{len(own[SERVER])} elements instead of {prod(layer.shape)}")

    def script(side: Backend, role: str) -> Steps:
        known = plan if role == SERVER else plan.public_part()
        return (yield from ActivationLayers(known, side, role == SERVER).run_on([own[role] for own in inputs]))

    found = [run(width, seed, script) for seed in seeds_of(fields)]
    return {"outputs": [[one[number] for one in found] for number in range(len(plan.layers))]}


OPERATIONS = {
    "shared-input": shared_input,
    "shared-truncation": shared_truncation,
    "shared-linear": shared_linear,
    "shared-activation": shared_activation,
}
