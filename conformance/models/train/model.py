"""The network, its sharing plans, and its floating-point forward pass with the smooth gate.

Tensors are (batch, height, width, channel) here; the network files are channel-major (see quantise.py).
"""

from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np

BN_EPSILON = 1e-5
WIDE, DEEP = 16, 32  # channels at 8 x 8 and at 4 x 4


@dataclass(frozen=True)
class Conv:
    """A convolution with batch norm. `activation` is the index of the activation layer after it, or None."""

    name: str
    source: str
    inputs: int
    outputs: int
    kernel: int
    stride: int
    size: int  # height and width of the output
    activation: int | None


@dataclass(frozen=True)
class Add:
    """A residual add of two earlier results."""

    name: str
    sources: tuple[str, str]


# Two residual blocks with identity shortcut, and between them one that halves the resolution. Every activation stands
# directly behind a convolution, so a block is x + act(conv(act(conv(x)))).
GRAPH = (
    Conv("stem", "input", 1, WIDE, 3, 1, 8, 0),
    Conv("block1a", "stem", WIDE, WIDE, 3, 1, 8, 1),
    Conv("block1b", "block1a", WIDE, WIDE, 3, 1, 8, 2),
    Add("block1", ("stem", "block1b")),
    Conv("block2a", "block1", WIDE, DEEP, 3, 2, 4, 3),
    Conv("block2b", "block2a", DEEP, DEEP, 3, 1, 4, 4),
    Conv("shortcut2", "block1", WIDE, DEEP, 1, 2, 4, None),
    Add("block2", ("shortcut2", "block2b")),
    Conv("block3a", "block2", DEEP, DEEP, 3, 1, 4, 5),
    Conv("block3b", "block3a", DEEP, DEEP, 3, 1, 4, 6),
    Add("block3", ("block2", "block3b")),
)
CONVS = tuple(node for node in GRAPH if isinstance(node, Conv))
ACTIVATIONS = tuple(node for node in CONVS if node.activation is not None)
RESOLUTIONS = (8, 4)
POOL = 4  # window of the final sum-pooling
CLASSES = 10


def multiply_adds():
    """Multiply-adds of one image, by layer."""
    counts = {c.name: c.size**2 * c.outputs * c.inputs * c.kernel**2 for c in CONVS}
    counts["dense"] = DEEP * CLASSES
    return counts


# --- sharing plans -------------------------------------------------------------------------------------------------

PROTOTYPE, LINEAR = "prototype", "linear"


@dataclass(frozen=True)
class Plan:
    """Per activation layer, per channel: PROTOTYPE, LINEAR, or the (layer, channel) whose bit is used."""

    sources: tuple[tuple, ...]
    affine: bool  # whether (alpha, beta) are trained

    def drelus(self):
        return sum(node.size**2 * channels.count(PROTOTYPE) for node, channels in zip(ACTIVATIONS, self.sources))


def layers_at(size):
    return [node.activation for node in ACTIVATIONS if node.size == size]


def full_plan():
    """Every channel has its own bit: plain ReLU everywhere."""
    return Plan(tuple((PROTOTYPE,) * node.outputs for node in ACTIVATIONS), affine=False)


def shared_plan(prototypes, affine=True):
    """DeepShare: `prototypes` channels in the first layer of each resolution; channel c takes the bits of c mod P.

    Without affine gates it is an ablation: every channel multiplies by the bit that it shares.
    """

    def channel(layer, first, c):
        return PROTOTYPE if layer == first and c < prototypes else (first, c % prototypes)

    sources = []
    for node in ACTIVATIONS:
        first = layers_at(node.size)[0]
        sources.append(tuple(channel(node.activation, first, c) for c in range(node.outputs)))
    return Plan(tuple(sources), affine)


def linear_plan(relus, placement):
    """`relus` gated channels per resolution, all others linear: as many DReLUs as shared_plan(relus).

    Placement "first": all in the first layer of the resolution. "spread": dealt in turn to the layers of the
    resolution, the last layer first.
    """
    gated = [0] * len(ACTIVATIONS)
    for size in RESOLUTIONS:
        layers = layers_at(size)
        for i in range(relus):
            gated[layers[0] if placement == "first" else layers[-1 - i % len(layers)]] += 1
    relus_of = zip(ACTIVATIONS, gated)
    sources = (tuple(PROTOTYPE if c < n else LINEAR for c in range(node.outputs)) for node, n in relus_of)
    return Plan(tuple(sources), affine=True)


# --- parameters ----------------------------------------------------------------------------------------------------


def initial_gates(channels):
    """alpha and beta to start from, one pair a channel.

    A plain ReLU is (1, 0). Every second replicate of a prototype starts as its mirror image (-1, 1), which passes where
    the bit is 0; otherwise all channels that share a bit would be off together.
    """
    alpha, beta, seen = [], [], {}
    for source in channels:
        if source == LINEAR:
            pair = (0.0, 1.0)
        elif source == PROTOTYPE:
            pair = (1.0, 0.0)
        else:
            seen[source] = seen.get(source, 0) + 1
            pair = (-1.0, 1.0) if seen[source] % 2 else (1.0, 0.0)
        alpha.append(pair[0])
        beta.append(pair[1])
    return {"alpha": jnp.array(alpha), "beta": jnp.array(beta)}


def initial_parameters(plan, seed):
    """He initialisation; batch norm starts as the identity. The same seed gives the same weights for every plan."""
    rng = np.random.default_rng(seed)
    parameters = {}
    for c in CONVS:
        shape = (c.kernel, c.kernel, c.inputs, c.outputs)
        weights = rng.normal(0.0, np.sqrt(2.0 / (c.kernel**2 * c.inputs)), shape)
        parameters[c.name] = {
            "weights": jnp.array(weights, jnp.float32),
            "gamma": jnp.ones(c.outputs),
            "beta": jnp.zeros(c.outputs),
        }
    dense = rng.normal(0.0, np.sqrt(1.0 / DEEP), (DEEP, CLASSES))
    parameters["dense"] = {"weights": jnp.array(dense, jnp.float32), "bias": jnp.zeros(CLASSES)}
    parameters["gates"] = [initial_gates(channels) for channels in plan.sources]
    return parameters


# --- forward pass --------------------------------------------------------------------------------------------------


def convolve(x, weights, stride, padding):
    dimensions = ("NHWC", "HWIO", "NHWC")
    pads = [(padding, padding)] * 2
    return jax.lax.conv_general_dilated(x, weights, (stride, stride), pads, dimension_numbers=dimensions)


def smooth_gate(x, t):
    """gate_t(x) = (1 - t) * Phi(x) + t * step(x), with step(0) = 1. The step has no gradient: at t = 1 only the
    product path of gate * x trains the weights."""
    return (1.0 - t) * jax.scipy.stats.norm.cdf(x) + t * (x >= 0).astype(x.dtype)


def selection(plan, layer):
    """The prototypes of this layer, and the 0/1 matrix that picks each channel's gate out of the bank of all gates of
    the resolution so far (a zero column for a linear channel)."""
    size = ACTIVATIONS[layer].size
    bank = [
        (m, c) for m in layers_at(size) if m <= layer for c, s in enumerate(plan.sources[m]) if s == PROTOTYPE
    ]
    own = [c for m, c in bank if m == layer]
    matrix = np.zeros((len(bank), len(plan.sources[layer])), np.float32)
    for c, source in enumerate(plan.sources[layer]):
        if source != LINEAR:
            matrix[bank.index((layer, c) if source == PROTOTYPE else source), c] = 1.0
    return own, matrix


def activate(plan, layer, gates, bank, x, t):
    """y = (alpha * gate + beta) * x. `bank` holds, per resolution, the gates of the prototypes so far."""
    own, matrix = selection(plan, layer)
    size = ACTIVATIONS[layer].size
    new = smooth_gate(x if len(own) == x.shape[-1] else x[..., np.array(own, int)], t)
    bank[size] = jnp.concatenate([bank[size], new], axis=-1) if size in bank else new
    gated = matrix.sum(axis=0)  # 1 for a gated channel, 0 for a linear one
    alpha, beta = gates["alpha"], gates["beta"]
    if not plan.affine:
        alpha, beta = jnp.ones_like(alpha), jnp.zeros_like(beta)
    return (gated * alpha * (bank[size] @ matrix) + gated * beta + (1.0 - gated)) * x


def forward(plan, parameters, x, t, statistics=None):
    """Logits, and the batch norm statistics used: those of this batch, or the given ones."""
    results, bank, used = {"input": x}, {}, {}
    for node in GRAPH:
        if isinstance(node, Add):
            results[node.name] = results[node.sources[0]] + results[node.sources[1]]
            continue
        p = parameters[node.name]
        y = convolve(results[node.source], p["weights"], node.stride, node.kernel // 2)
        mean, variance = (y.mean((0, 1, 2)), y.var((0, 1, 2))) if statistics is None else statistics[node.name]
        used[node.name] = (mean, variance)
        y = (y - mean) * (p["gamma"] / jnp.sqrt(variance + BN_EPSILON)) + p["beta"]
        if node.activation is not None:
            y = activate(plan, node.activation, parameters["gates"][node.activation], bank, y, t)
        results[node.name] = y
    pooled = results[GRAPH[-1].name].mean((1, 2))
    return pooled @ parameters["dense"]["weights"] + parameters["dense"]["bias"], used
