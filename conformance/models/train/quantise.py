"""From trained parameters to an integer network file (`deepshare-network/1`).

Fixed scales: the input has 4 fraction bits, weights 8, gates 6 (0 where all gates are plain ReLUs), and every tensor
that a convolution or an add reads has 8. So a convolution's result has 16 (12 at the input), an activation adds the
gate's bits, and one truncation behind it goes back to 8. Floor truncation keeps signs, so a bit is the same whether it
is taken before or after it.
"""

import json

import numpy as np

import data
import model

WIDTH = 32
VALUE_SCALE, WEIGHT_SCALE, GATE_SCALE = 8, 8, 6
PRIVATE_LAYERS = (2, 3)  # activation layers whose gates only the server knows


def to_integers(values, scale):
    return [int(v) for v in np.rint(np.asarray(values, np.float64) * 2.0**scale).ravel()]


def folded(parameters, statistics):
    """Weights [O][C][kh][kw] and bias of a convolution with its batch norm folded in, in double precision."""
    mean, variance = (np.asarray(s, np.float64) for s in statistics)
    factor = np.asarray(parameters["gamma"], np.float64) / np.sqrt(variance + model.BN_EPSILON)
    weights = np.asarray(parameters["weights"], np.float64) * factor
    return weights.transpose(3, 2, 0, 1), np.asarray(parameters["beta"], np.float64) - mean * factor


def conv_layers(c, parameters, statistics, gate_scale):
    """The file's layers for one convolution: itself, its activation if it has one, and the truncation."""
    scale = (data.PIXEL_SCALE if c.source == "input" else VALUE_SCALE) + WEIGHT_SCALE
    weights, bias = folded(parameters, statistics)
    layers = [
        {
            "name": c.name + "-conv",
            "op": "conv",
            "from": c.source,
            "out_channels": c.outputs,
            "kernel": [c.kernel] * 2,
            "stride": [c.stride] * 2,
            "padding": [c.kernel // 2] * 2,
            "groups": 1,
            "weight_scale": WEIGHT_SCALE,
            "weights": to_integers(weights, WEIGHT_SCALE),
            "bias": to_integers(bias, scale),
        }
    ]
    if c.activation is not None:
        scale += gate_scale
        source = layers[-1]["name"]
        layers.append({"name": c.name + "-act", "op": "activation", "from": source, "layer": c.activation})
    source = layers[-1]["name"]
    layers.append({"name": c.name, "op": "truncate", "from": source, "shift": scale - VALUE_SCALE})
    return layers


def head_layers(parameters):
    """Average over 4 x 4 as a sum with 4 more fraction bits, then the dense layer."""
    window = [model.POOL] * 2
    pool_bits = (model.POOL**2).bit_length() - 1
    scale = VALUE_SCALE + pool_bits + WEIGHT_SCALE
    pool = {"name": "pool", "op": "sum_pool", "from": model.GRAPH[-1].name}
    pool |= {"window": window, "stride": window, "scale_bits": pool_bits}
    dense = {"name": "dense", "op": "dense", "from": "pool", "outputs": model.CLASSES, "weight_scale": WEIGHT_SCALE}
    dense["weights"] = to_integers(np.asarray(parameters["weights"]).T, WEIGHT_SCALE)
    dense["bias"] = to_integers(parameters["bias"], scale)
    return [pool, dense]


def plan_channel(source, alpha, beta, affine):
    """One channel's entry in the plan; a plain gate is left to the default."""
    if source == model.LINEAR:
        return {"source": "linear"}
    entry = {"source": source if source == model.PROTOTYPE else {"layer": source[0], "channel": source[1]}}
    if affine:
        entry["gate"] = {"alpha": to_integers(alpha, GATE_SCALE)[0], "beta": to_integers(beta, GATE_SCALE)[0]}
    return entry


def plan_file(plan, gates):
    layers = []
    for node, sources, gate in zip(model.ACTIVATIONS, plan.sources, gates):
        channels = zip(sources, np.asarray(gate["alpha"]), np.asarray(gate["beta"]))
        layers.append(
            {
                "shape": [node.outputs, node.size, node.size],
                "gate_scale": GATE_SCALE if plan.affine else 0,
                "gates": "private" if node.activation in PRIVATE_LAYERS else "public",
                "channels": [plan_channel(s, a, b, plan.affine) for s, a, b in channels],
            }
        )
    return {"format": "deepshare-plan/1", "width": WIDTH, "step": "nonnegative", "layers": layers}


def network_file(name, plan, parameters, statistics):
    """The integer network as the JSON value of a `deepshare-network/1` file."""
    layers = []
    for node in model.GRAPH:
        if isinstance(node, model.Add):
            layers.append({"name": node.name, "op": "add", "from": list(node.sources)})
        else:
            gate_scale = GATE_SCALE if plan.affine else 0
            layers += conv_layers(node, parameters[node.name], statistics[node.name], gate_scale)
    layers += head_layers(parameters["dense"])
    return {
        "format": "deepshare-network/1",
        "name": name,
        "input": {"shape": [1, 8, 8], "scale": data.PIXEL_SCALE},
        "layers": layers,
        "plan": plan_file(plan, parameters["gates"]),
    }


def input_file(images, labels):
    """Images and labels as the JSON value of a `deepshare-input/1` file."""
    return {
        "format": "deepshare-input/1",
        "shape": list(images.shape[1:]),
        "scale": data.PIXEL_SCALE,
        "images": images.reshape(len(images), -1).tolist(),
        "labels": labels.tolist(),
    }


# --- JSON text with one array of numbers, or one flat object, a line ------------------------------------------------


def dumps(value, indent=""):
    """JSON, indented, but everything that fits 118 columns, or is a list of numbers, on one line."""
    line = json.dumps(value)
    numbers = isinstance(value, list) and all(isinstance(v, (int, float)) for v in value)
    if not isinstance(value, (dict, list)) or len(indent) + len(line) <= 118:
        return line
    if numbers:
        return json.dumps(value, separators=(",", ":"))
    deeper = indent + "  "
    if isinstance(value, dict):
        lines = [f"{deeper}{json.dumps(key)}: {dumps(item, deeper)}" for key, item in value.items()]
        return "{\n" + ",\n".join(lines) + "\n" + indent + "}"
    return "[\n" + ",\n".join(deeper + dumps(item, deeper) for item in value) + "\n" + indent + "]"


def write(path, value):
    path.write_text(dumps(value) + "\n", encoding="utf-8")
