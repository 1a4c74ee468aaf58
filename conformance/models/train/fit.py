"""One training run: Adam, cosine learning rate, randomly warped images, and a gate that goes from GELU to the step."""

from functools import lru_cache

import jax
import jax.numpy as jnp
import numpy as np

import data
import model

EPOCHS = 50
BATCH = 64
LEARNING_RATE = 3e-3
WEIGHT_DECAY = 1e-4  # on all weights of convolutions and of the dense layer
ANNEAL = 0.6  # t goes from 0 to 1 over this part of training and stays at 1 afterwards
WARP, SHIFT = 0.15, 1.0  # largest change of each entry of the 2 x 2 matrix, and largest shift in pixels
ADAM = (0.9, 0.99, 1e-8)


def loss(plan, parameters, x, labels, t):
    """Cross-entropy of one batch, plus the weight decay."""
    logits, _ = model.forward(plan, parameters, x, t)
    entropy = -jnp.take_along_axis(jax.nn.log_softmax(logits), labels[:, None], axis=1).mean()
    weights = (p["weights"] for name, p in parameters.items() if name != "gates")
    return entropy + WEIGHT_DECAY * sum((w**2).sum() for w in weights)


@lru_cache(maxsize=4)
def compiled_step(plan):
    """One Adam step for this plan, compiled."""

    def step(parameters, first, second, count, x, labels, t, rate):
        b1, b2, epsilon = ADAM
        gradient = jax.grad(lambda p: loss(plan, p, x, labels, t))(parameters)
        first = jax.tree.map(lambda m, g: b1 * m + (1 - b1) * g, first, gradient)
        second = jax.tree.map(lambda v, g: b2 * v + (1 - b2) * g * g, second, gradient)
        c1, c2 = 1 - b1**count, 1 - b2**count
        update = lambda p, m, v: p - rate * (m / c1) / (jnp.sqrt(v / c2) + epsilon)
        return jax.tree.map(update, parameters, first, second), first, second

    return jax.jit(step)


def as_float(images):
    """Integer pixels (n, 1, 8, 8) at the input scale, as the floats (n, 8, 8, 1) that they stand for."""
    return jnp.array(images.transpose(0, 2, 3, 1) / 2.0**data.PIXEL_SCALE, jnp.float32)


def warped(images, rng):
    """The images (n, 8, 8, 1), each moved, turned, stretched and slanted a little at random.

    A pixel of the result is the bilinear mean of the four pixels around the point that the warp takes it from; outside
    of the image is 0.
    """
    n, middle, margin = len(images), 3.5, 3  # no point is further out than 3.5 * 1.3 + 1 from the middle
    matrix = np.eye(2) + rng.uniform(-WARP, WARP, (n, 2, 2))
    shift = rng.uniform(-SHIFT, SHIFT, (n, 2))
    grid = np.stack(np.meshgrid(np.arange(8), np.arange(8), indexing="ij"), axis=-1).reshape(64, 2) - middle
    points = np.einsum("nij,pj->npi", matrix, grid) + shift[:, None, :] + middle
    corner = np.floor(points).astype(int)
    part = points - corner
    padded = np.pad(images[..., 0], ((0, 0), (margin, margin), (margin, margin)))
    result = np.zeros((n, 64), np.float32)
    for dy, dx in ((0, 0), (0, 1), (1, 0), (1, 1)):
        weight = np.abs(1 - dy - part[..., 0]) * np.abs(1 - dx - part[..., 1])
        rows, columns = corner[..., 0] + dy + margin, corner[..., 1] + dx + margin
        result += weight * padded[np.arange(n)[:, None], rows, columns]
    return result.reshape(n, 8, 8, 1)


def fit(plan, images, labels, seed):
    """Train on these images; return the parameters and the batch norm statistics over all of them."""
    x, labels = as_float(images), jnp.array(labels)
    parameters = model.initial_parameters(plan, seed)
    first = second = jax.tree.map(jnp.zeros_like, parameters)
    step = compiled_step(plan)
    rng = np.random.default_rng([seed, 1])
    batches = len(labels) // BATCH
    total = EPOCHS * batches
    for epoch in range(EPOCHS):
        moved = jnp.array(warped(np.asarray(x), rng))
        order = rng.permutation(len(labels))
        for b in range(batches):
            done = epoch * batches + b
            t = min(1.0, done / (ANNEAL * total))
            rate = LEARNING_RATE * 0.5 * (1 + np.cos(np.pi * done / total))
            batch = order[b * BATCH : (b + 1) * BATCH]
            state = (parameters, first, second, jnp.float32(done + 1))
            parameters, first, second = step(*state, moved[batch], labels[batch], jnp.float32(t), jnp.float32(rate))
    return parameters, statistics(plan, parameters, x)


def statistics(plan, parameters, x):
    """The batch norm statistics at t = 1, with all training images as one batch. No running averages are needed, and
    what is folded into the weights is consistent from layer to layer."""
    return jax.jit(lambda p, x: model.forward(plan, p, x, 1.0)[1])(parameters, x)


def accuracy(plan, parameters, stats, images, labels):
    """Accuracy of the floating-point network with the hard step."""
    logits, _ = model.forward(plan, parameters, as_float(images), 1.0, stats)
    return float((np.argmax(np.asarray(logits), axis=1) == labels).mean())
