"""Short programs on given shares, as the specification's chapters use them."""

from deepshare.backends import make_backend
from deepshare.dealing import SeedDraws
from deepshare.domain import Lengths, Ring
from deepshare.local import Local
from deepshare.party import ROLES
from deepshare.values import Width
from deepshare.xof import session_seed


def spread(ranges):
    """Positions of a list of (first, count)."""
    return [first + i for first, count in ranges for i in range(count)]


def run_script(backend, k, shares, steps, seed=bytes(32), session=bytes(16)):
    """Runs steps on shares of x; gives both output shares and the transcript.

    A step is ("open", step), ("activate", step, prototypes, selection), ("apply", selection) or ("truncate", f); a
    selection names gates through all groups that were opened before, and then those of the call.
    """
    width, local = Width(k), Local(session)

    def program(endpoint):
        draws = SeedDraws(backend, endpoint.role, session_seed(seed, session))
        side = make_backend(backend, endpoint, draws, width)
        x = shares.get(endpoint.role)
        return script(side, Lengths(len(shares["server"]), k) if x is None else Ring(width, x), steps)

    results = local.run({role: program for role in ROLES})
    return results["server"], results["client"], local.transcript


def script(side, x, steps):
    groups = []
    for name, *arguments in steps:
        if name == "open":
            groups.append((yield from side.open(x, arguments[0])))
        elif name == "activate":
            step, prototypes, selection = arguments
            used, chosen = named(groups, selection)
            group, x = yield from side.activate(x, step, prototypes, range(len(x)), used, chosen)
            groups.append(group)
        elif name == "apply":
            used, chosen = named(groups, arguments[0])
            x = yield from side.apply(used, chosen, x)
        else:
            x = yield from side.truncate(x, arguments[0])
    return x


def named(groups, selection):
    """The groups that a selection names, and the selection counted through these alone."""
    used, chosen, start, place = [], list(selection), 0, 0
    for group in groups:
        end = start + len(group)
        if any(start <= gate < end for gate in selection):
            used.append(group)
            chosen = [place + gate - start if start <= gate < end else c for gate, c in zip(selection, chosen)]
            place += len(group)
        start = end
    return used, [place + gate - start if gate >= start else c for gate, c in zip(selection, chosen)]


def frames(transcript, sender, receiver):
    """(label, bits) of all frames from one role to another."""
    return [
        (s.label, s.element_bits * len(s.value)) for s in transcript if (s.sender, s.receiver) == (sender, receiver)
    ]


def payload(sent):
    return sent.frame[39 + len(sent.label) :].hex()
