"""Networks of the specification's chapters, for tests."""

TWO_LAYERS = {
    "format": "deepshare-network/1",
    "name": "two layers of one gate",
    "input": {"shape": [1, 1, 2], "scale": 0},
    "layers": [
        {"name": "a", "op": "dense", "from": "input", "outputs": 2, "weight_scale": 1, "weights": [1, -1, 1, 1],
         "bias": [0, 3]},
        {"name": "act0", "op": "activation", "from": "a", "layer": 0},
        {"name": "cut", "op": "truncate", "from": "act0", "shift": 1},
        {"name": "b", "op": "dense", "from": "cut", "outputs": 2, "weight_scale": 0, "weights": [2, 1, -1, 3]},
        {"name": "act1", "op": "activation", "from": "b", "layer": 1},
    ],
    "plan": {
        "format": "deepshare-plan/1", "width": 16, "step": "nonnegative",
        "layers": [
            {"shape": [2, 1, 1], "channels": [
                {"source": "prototype"}, {"source": {"layer": 0, "channel": 0}}]},
            {"shape": [2, 1, 1], "channels": [
                {"source": {"layer": 0, "channel": 0}, "gate": {"alpha": 2, "beta": -1}}, {"source": "linear"}]},
        ],
    },
}


def two_layers_by_hand(x: list[int]) -> list[int]:
    """[DS-NET-9]"""
    a = [x[0] - x[1], x[0] + x[1] + 3]
    d = int(a[0] >= 0)
    cut = [(d * a[0]) // 2, (d * a[1]) // 2]
    b = [2 * cut[0] + cut[1], 3 * cut[1] - cut[0]]
    return [(2 * d - 1) * b[0], b[1]]


def three_activations(width: int, gates: str, step: str = "positive") -> dict:
    """Prototypes and a replicate; replicates and a linear channel; a new prototype beside an old gate."""
    p, r, linear = {"source": "prototype"}, {"source": {"layer": 0, "channel": 0}}, {"source": "linear"}

    def layer(visible: str, channels: list) -> dict:
        return {"shape": [3, 2, 2], "gates": visible, "channels": channels}

    return {
        "format": "deepshare-network/1",
        "name": "three activations",
        "input": {"shape": [3, 2, 2], "scale": 0},
        "layers": [
            {"name": "a", "op": "activation", "from": "input", "layer": 0},
            {"name": "b", "op": "activation", "from": "a", "layer": 1},
            {"name": "c", "op": "activation", "from": "b", "layer": 2},
        ],
        "plan": {"format": "deepshare-plan/1", "width": width, "step": step, "layers": [
            layer("public", [p, p, r]), layer(gates, [r, linear, r]), layer("public", [r, p, linear])]},
    }
