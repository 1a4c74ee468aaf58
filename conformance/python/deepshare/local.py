"""The local executor: all roles in one thread. [DS-ROLE-2]"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import Callable, Mapping, Optional, Sequence

from .backends import images_value, role_program, shape_program
from .domain import Value
from .network import Network
from .party import CLIENT, ROLES, Endpoint, Program, Sent, Want
from .values import Refused

NO_SESSION = bytes(16)


@dataclass
class Role:
    """A role that runs: its program, and what it waits for."""

    endpoint: Endpoint
    program: Optional[Program]
    want: Optional[Want] = None
    result: object = None


@dataclass
class Local:
    """Queues between roles, and the transcript of all frames. [DS-COST-1]"""

    session: bytes = NO_SESSION
    transcript: list[Sent] = field(default_factory=list)
    _queues: dict[tuple[str, str], deque[Sent]] = field(default_factory=dict)

    def endpoint(self, role: str) -> Endpoint:
        return Endpoint(role, self.session, self._post)

    def run(self, programs: Mapping[str, Callable[[Endpoint], Program]]) -> dict[str, object]:
        """Polls the roles in turn, each as far as it can go; stops at the first error."""
        roles = {}
        for name in ROLES:
            if name in programs:
                endpoint = self.endpoint(name)
                roles[name] = Role(endpoint, programs[name](endpoint))
        while any(role.program for role in roles.values()):
            if not any([self._poll(role, roles) for role in roles.values()]):
                raise self._deadlock(roles)
        return {name: role.result for name, role in roles.items()}

    def _post(self, sent: Sent) -> None:
        self.transcript.append(sent)
        self._queues.setdefault((sent.sender, sent.receiver), deque()).append(sent)

    def _poll(self, role: Role, roles: Mapping[str, Role]) -> bool:
        """Lets a role go on; says whether it did."""
        moved = False
        while role.program is not None:
            value: Optional[Value] = None
            if role.want is not None:
                queue = self._queues.get((role.want.sender, role.endpoint.role))
                if not queue:
                    sender = roles.get(role.want.sender)
                    if sender is None or sender.program is None:
                        raise role.endpoint.closed(role.want)
                    return moved
                value = role.endpoint.accept_sent(role.want, queue.popleft())
            moved = True
            try:
                role.want = role.program.send(value)
            except StopIteration as end:
                role.program, role.want, role.result = None, None, end.value
        return moved

    def _deadlock(self, roles: Mapping[str, Role]) -> Refused:
        """[DS-ROLE-3]"""
        waits = [
            f"{name} waits for {role.want.sender} at {role.want.label}"
            for name, role in roles.items()
            if role.program is not None and role.want is not None
        ]
        return Refused(code="party/deadlock", message="; ".join(waits))


def run_local(
    backend: str,
    network: Network,
    images: Sequence[Sequence[int]],
    seeds: Mapping[str, bytes],
    session: bytes = NO_SESSION,
) -> tuple[Value, list[Sent]]:
    """An inference in one process: the client's output and the transcript."""
    local, public = Local(session), network.public_part()
    x = images_value(network, images)

    def program(role: str) -> Callable[[Endpoint], Program]:
        known = network if role == "server" else public
        own = x if role == CLIENT else None
        return lambda endpoint: role_program(backend, known, len(images), endpoint, seeds[role], own)

    results = local.run({role: program(role) for role in ROLES})
    return results[CLIENT], local.transcript


def run_shapes(backend: str, network: Network, batch: int) -> list[Sent]:
    """The transcript of an inference from the public part alone. [DS-COST-1]"""
    local = Local()
    local.run({role: lambda endpoint: shape_program(backend, network, batch, endpoint) for role in ROLES})
    return local.transcript
