"""Evaluate a network file on an input file with exact integers, in plain numpy.

    python evaluate.py digits-shared.json digits-test.json

Written from the file formats and the integer semantics alone; it shares no code with the trainer's network. Every
tensor between operations, every input and every parameter must fit the width k, else it is an error that names the
place. It handles widths up to 32, where int64 provably holds all intermediate sums (checked, not assumed).
"""

import argparse
import json
from pathlib import Path

import numpy as np


class Rejected(Exception):
    """The file is not valid, or a value does not fit the width."""


# --- reading -------------------------------------------------------------------------------------------------------

FIELDS = {
    "conv": {"out_channels", "kernel", "stride", "padding", "groups", "weight_scale", "weights", "bias"},
    "dense": {"outputs", "weight_scale", "weights", "bias"},
    "add": set(),
    "sum_pool": {"window", "stride", "scale_bits"},
    "truncate": {"shift"},
    "activation": {"layer"},
}
OPTIONAL = {"bias", "scale_bits"}


def unique(pairs):
    value = dict(pairs)
    if len(value) != len(pairs):
        raise Rejected(f"duplicate field among {[key for key, _ in pairs]}")
    return value


def no_fraction(text):
    raise Rejected(f"not an integer: {text}")


def read(path, format_name):
    options = {"object_pairs_hook": unique, "parse_float": no_fraction, "parse_constant": no_fraction}
    value = json.loads(Path(path).read_text(encoding="utf-8"), **options)
    if value.get("format") != format_name:
        raise Rejected(f"{path}: format is not {format_name}")
    return value


def fields(place, value, required, optional=()):
    missing, unknown = set(required) - set(value), set(value) - set(required) - set(optional)
    if missing or unknown:
        raise Rejected(f"{place}: missing fields {sorted(missing)}, unknown fields {sorted(unknown)}")


def integers(values):
    """JSON integers or decimal strings as an int64 array."""
    return np.array([int(v) for v in values], dtype=np.int64)


# --- the semantics -------------------------------------------------------------------------------------------------


class Evaluator:
    """Runs the network on a batch of images of shape (n, C, H, W) and records the largest absolute values."""

    def __init__(self, network):
        fields("network", network, {"format", "name", "input", "layers", "plan"})
        fields("plan", network["plan"], {"format", "width", "step", "layers"})
        self.network, self.plan = network, network["plan"]
        self.width = self.plan["width"]
        if not 2 <= self.width <= 32 or self.plan["step"] not in ("nonnegative", "positive"):
            raise Rejected("width or step convention not supported")
        self.peaks = {}  # largest absolute value per layer
        self.parameter_peak = 0

    def check(self, place, x):
        """A checkpoint: every value fits the width."""
        low, high = -(1 << (self.width - 1)), (1 << (self.width - 1)) - 1
        bad = (x < low) | (x > high)
        if bad.any():
            index = tuple(int(i) for i in np.argwhere(bad)[0])
            raise Rejected(f"{place}: {int(x[index])} at {index} does not fit {self.width} bits")
        return x

    def parameter(self, place, values, shape):
        x = self.check(place, integers(values))
        if x.size != np.prod(shape):
            raise Rejected(f"{place}: {x.size} values for shape {shape}")
        self.parameter_peak = max(self.parameter_peak, int(np.abs(x).max(initial=0)))
        return x.reshape(shape)

    def affine(self, layer, x, weights, bias):
        """sum over j of x[..., j] * weights[o, j], plus bias[o]; checked first to fit int64."""
        heaviest = max(sum(abs(int(w)) for w in row) for row in weights)
        if heaviest * int(np.abs(x).max()) + (1 << 32) >= 1 << 63:
            raise Rejected(f"{layer['name']}: sums may not fit int64")
        return x @ weights.T + bias

    def bias(self, layer, outputs):
        return self.parameter(layer["name"] + " bias", layer.get("bias", [0] * outputs), (outputs,))

    def conv(self, layer, x, scale):
        (kh, kw), (sh, sw), (ph, pw) = layer["kernel"], layer["stride"], layer["padding"]
        outputs, groups = layer["out_channels"], layer["groups"]
        n, channels, height, width = x.shape
        each = channels // groups
        weights = self.parameter(layer["name"], layer["weights"], (groups, outputs // groups, each * kh * kw))
        x = np.pad(x, ((0, 0), (0, 0), (ph, ph), (pw, pw)))
        rows, columns = (height + 2 * ph - kh) // sh + 1, (width + 2 * pw - kw) // sw + 1
        windows = np.lib.stride_tricks.sliding_window_view(x, (kh, kw), axis=(2, 3))[:, :, ::sh, ::sw]
        windows = windows.transpose(0, 2, 3, 1, 4, 5).reshape(n, rows, columns, groups, each * kh * kw)
        bias = self.bias(layer, outputs).reshape(groups, -1)
        y = [self.affine(layer, windows[..., g, :], weights[g], bias[g]) for g in range(groups)]
        return np.concatenate(y, axis=-1).transpose(0, 3, 1, 2), scale + layer["weight_scale"]

    def dense(self, layer, x, scale):
        x = x.reshape(len(x), -1)
        weights = self.parameter(layer["name"], layer["weights"], (layer["outputs"], x.shape[1]))
        y = self.affine(layer, x, weights, self.bias(layer, layer["outputs"]))
        return y[:, :, None, None], scale + layer["weight_scale"]

    def add(self, layer, operands):
        (a, scale_a), (b, scale_b) = operands
        if a.shape != b.shape or scale_a != scale_b:
            raise Rejected(f"{layer['name']}: operands differ in shape or scale")
        return a + b, scale_a

    def sum_pool(self, layer, x, scale):
        (sh, sw), window = layer["stride"], tuple(layer["window"])
        windows = np.lib.stride_tricks.sliding_window_view(x, window, axis=(2, 3))[:, :, ::sh, ::sw]
        return windows.sum(axis=(4, 5)), scale + layer.get("scale_bits", 0)

    def truncate(self, layer, x, scale):
        shift = layer["shift"]
        if not 0 <= shift < self.width or shift > scale:
            raise Rejected(f"{layer['name']}: shift {shift} at scale {scale}")
        return x >> shift, scale - shift  # an arithmetic shift is floor(x / 2^shift)

    def drelu(self, name, x):
        if self.plan["step"] == "positive":
            x = self.check(name + " minus 1", x - 1)
        return (x >= 0).astype(np.int64)

    def activation(self, layer, x, scale, bits):
        """y = (alpha * d + beta) * x; `bits` holds the bit of every prototype so far by (layer, channel)."""
        index, name = layer["layer"], layer["name"]
        entry = self.plan["layers"][index]
        fields(f"plan layer {index}", entry, {"shape", "channels"}, {"gate_scale", "gates"})
        s = entry.get("gate_scale", 0)
        if tuple(entry["shape"]) != x.shape[1:] or len(entry["channels"]) != x.shape[1]:
            raise Rejected(f"{name}: the plan's layer {index} has another shape")
        if entry.get("gates", "public") not in ("public", "private"):
            raise Rejected(f"{name}: unknown kind of gates")
        for c, channel in enumerate(entry["channels"]):
            fields(f"plan layer {index} channel {c}", channel, {"source"}, {"gate"})
            if channel["source"] == "prototype":
                bits[index, c] = self.drelu(name, x[:, c])
        y = np.empty_like(x)
        for c, channel in enumerate(entry["channels"]):
            y[:, c] = self.factor(f"{name} channel {c}", channel, (index, c), s, bits, x[:, c]) * x[:, c]
        return y, scale + s

    def factor(self, place, channel, own, s, bits, x):
        """alpha * d + beta of one channel, an array or a number."""
        source = channel["source"]
        if source == "linear":
            if "gate" in channel:
                raise Rejected(f"{place}: a gate on a linear channel")
            return self.parameter(place, [1 << s], ())
        key = own if source == "prototype" else (source["layer"], source["channel"])
        if key not in bits or bits[key].shape != x.shape:
            raise Rejected(f"{place}: {key} is no earlier prototype of the same size")
        gate = channel.get("gate", {"alpha": 1 << s, "beta": 0})
        fields(place, gate, {"alpha", "beta"})
        alpha, beta = self.parameter(place, [gate["alpha"], gate["beta"]], (2,))
        return alpha * bits[key] + beta

    def run(self, images):
        """The output tensor (n, O, 1, 1), or whatever shape the last layer has."""
        entry = self.network["input"]
        if images.shape[1:] != tuple(entry["shape"]):
            raise Rejected("images have another shape than the network's input")
        results = {"input": (self.check("input", images), entry["scale"])}
        bits = {}
        for layer in self.network["layers"]:
            name, op = layer["name"], layer["op"]
            if name in results or op not in FIELDS:
                raise Rejected(f"{name}: a name that is taken, or the unknown op {op}")
            fields(name, layer, {"name", "op", "from"} | FIELDS[op] - OPTIONAL, FIELDS[op] & OPTIONAL)
            if op == "add":
                x, scale = self.add(layer, [results[source] for source in layer["from"]])
            elif op == "activation":
                x, scale = self.activation(layer, *results[layer["from"]], bits)
            else:
                x, scale = getattr(self, op)(layer, *results[layer["from"]])
            results[name] = (self.check(name, x), scale)
            self.peaks[name] = int(np.abs(x).max())
        return x


def input_images(value):
    """The images (n, C, H, W) of an input file, and its labels."""
    fields("input", value, {"format", "shape", "scale", "images"}, {"labels"})
    images = np.array([integers(image) for image in value["images"]]).reshape(-1, *value["shape"])
    return images, np.array(value.get("labels", []))


def correct(network, images, labels):
    """How many images are classified right (the first largest output counts), and the largest absolute values."""
    evaluator = Evaluator(network)
    outputs = evaluator.run(images).reshape(len(images), -1)
    return int((outputs.argmax(axis=1) == labels).sum()), evaluator


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("network", type=Path)
    parser.add_argument("input", type=Path)
    parser.add_argument("--layers", action="store_true", help="print the largest absolute value of every layer")
    arguments = parser.parse_args()
    network = read(arguments.network, "deepshare-network/1")
    value = read(arguments.input, "deepshare-input/1")
    if value["scale"] != network["input"]["scale"]:
        raise Rejected("input scale differs from the network's")
    images, labels = input_images(value)
    right, evaluator = correct(network, images, labels)
    peak = max(evaluator.peaks.values())
    print(f"{network['name']}: {right} of {len(labels)} correct, accuracy {right / len(labels):.4f}")
    print(f"largest absolute value {peak} ({peak.bit_length()} bits), parameters {evaluator.parameter_peak}")
    if arguments.layers:
        for name, value in evaluator.peaks.items():
            print(f"  {name:16} {value:12} {value.bit_length():3} bits")


if __name__ == "__main__":
    main()
