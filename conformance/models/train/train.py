"""Train the three kinds of network, compare them, and write the model files.

    python train.py [--out DIRECTORY] [--workers N]

1. Sweep: each kind and budget, 3 runs; run f trains without fold f of the training images and is scored on it.
2. Choice, from the sweep alone: the shipped budget, and where the linear baseline has its ReLUs.
3. Final: 8 seeds of the three kinds at that budget, trained on all training images, scored once on the held-out
   ones as quantised integer networks. Seed 0 of each kind is shipped, whatever its score.
"""

import argparse
import os
import statistics
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

# One thread a process: the same sums in the same order in every run. Must be set before jax is loaded.
os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false"
os.environ["JAX_PLATFORMS"] = "cpu"

import data
import evaluate
import fit
import model
import quantise

SEEDS = 8
SHIPPED_SEED = 0
SWEEP_FOLDS = 3  # of the 5 folds; fold f is run with seed f
BUDGETS = (1, 2, 4, 8)  # prototype channels per resolution
MAGNITUDE_LIMIT = 1 << 28  # 3 bits below the largest value of width 32


def make_plan(kind, prototypes):
    if kind == "full":
        return model.full_plan()
    if kind == "shared":
        return model.shared_plan(prototypes)
    if kind == "shared-plain":
        return model.shared_plan(prototypes, affine=False)
    return model.linear_plan(prototypes, kind.removeprefix("linear-"))


def one_run(kind, prototypes, seed, name, training, scoring):
    """Train, quantise and score one network."""
    start = time.monotonic()
    plan = make_plan(kind, prototypes)
    parameters, stats = fit.fit(plan, *training, seed)
    network = quantise.network_file(name, plan, parameters, stats)
    right, evaluator = evaluate.correct(network, *scoring)
    _, on_training = evaluate.correct(network, *training)
    return {
        "seed": seed,
        "accuracy": right / len(scoring[1]),
        "float_accuracy": fit.accuracy(plan, parameters, stats, *scoring),
        "float_training_accuracy": fit.accuracy(plan, parameters, stats, *training),
        "peaks": evaluator.peaks,
        "peaks_on_training": on_training.peaks,
        "parameter_peak": evaluator.parameter_peak,
        "seconds": round(time.monotonic() - start, 1),
        "network": network,
    }


def sweep_task(kind, prototypes):
    """Cross-validation of one row of the sweep."""
    (images, labels, fold), _ = data.split()
    runs = []
    for f in range(SWEEP_FOLDS):
        inside, outside = fold != f, fold == f
        training, scoring = (images[inside], labels[inside]), (images[outside], labels[outside])
        runs.append(one_run(kind, prototypes, f, "sweep", training, scoring))
    return {
        "kind": kind,
        "prototypes_per_resolution": prototypes,
        "drelus": make_plan(kind, prototypes).drelus(),
        "validation": summary([run["accuracy"] for run in runs]),
        "accuracies": [round(run["accuracy"], 4) for run in runs],
        "seconds": round(sum(run["seconds"] for run in runs), 1),
    }


def final_task(kind, prototypes, seeds):
    (images, labels, _), held_out = data.split()
    name = "digits-" + kind.split("-")[0]
    return [one_run(kind, prototypes, seed, name, (images, labels), held_out) for seed in seeds]


def summary(values):
    return {
        "mean": round(statistics.mean(values), 5),
        "std": round(statistics.stdev(values), 5),
        "min": round(min(values), 5),
        "max": round(max(values), 5),
    }


def sweep(pool):
    rows = [("full", 0), ("linear-first", 0)]  # the second: no ReLU at all
    rows += [(kind, budget) for kind in ("shared", "linear-first", "linear-spread") for budget in BUDGETS]
    rows += [("shared-plain", budget) for budget in BUDGETS[:1]]  # ablation: sharing without affine gates
    results = []
    for result in pool.map(sweep_task, *zip(*rows)):
        log(f"sweep {result['kind']:14} {result['drelus']:5} DReLUs  {result['validation']}")
        results.append(result)
    return results


def choose(rows):
    """The budget with the largest gap in mean validation accuracy between sharing and the better placement of the
    linear baseline (the smaller budget in a tie), and that placement."""
    mean = {(row["kind"], row["prototypes_per_resolution"]): row["validation"]["mean"] for row in rows}
    placements = {b: max(("linear-first", "linear-spread"), key=lambda kind: mean[kind, b]) for b in BUDGETS}
    budget = max(BUDGETS, key=lambda b: mean["shared", b] - mean[placements[b], b])
    return budget, placements[budget]


def final(pool, budget, placement):
    """Runs by kind, in the order of the seeds."""
    kinds = ("full", "shared", placement)
    halves = [range(0, SEEDS, 2), range(1, SEEDS, 2)]
    jobs = [(kind, budget, half) for kind in kinds for half in halves]
    runs = {kind.split("-")[0]: [] for kind in kinds}
    for (kind, _, _), part in zip(jobs, pool.map(final_task, *zip(*jobs))):
        runs[kind.split("-")[0]] += part
    for kind, part in runs.items():
        part.sort(key=lambda run: run["seed"])
        log(f"final {kind:7} {summary([run['accuracy'] for run in part])}")
    return runs


def report_kind(runs, drelus, images):
    """The report on one kind: all seeds, and the shipped seed's largest values by layer."""
    shipped = runs[SHIPPED_SEED]
    return {
        "drelus": drelus,
        "held_out_accuracy": summary([run["accuracy"] for run in runs]),
        "float_held_out_accuracy": summary([run["float_accuracy"] for run in runs]),
        "float_training_accuracy": summary([run["float_training_accuracy"] for run in runs]),
        "shipped": {
            "seed": SHIPPED_SEED,
            "correct": round(shipped["accuracy"] * images),
            "accuracy": round(shipped["accuracy"], 5),
            "parameter_peak": shipped["parameter_peak"],
            "peaks": shipped["peaks"],
        },
        "peak_held_out_all_seeds": max(max(run["peaks"].values()) for run in runs),
        "peak_training_all_seeds": max(max(run["peaks_on_training"].values()) for run in runs),
        "seeds": [
            {
                "seed": run["seed"],
                "accuracy": round(run["accuracy"], 5),
                "float_accuracy": round(run["float_accuracy"], 5),
                "peak": max(run["peaks"].values()),
                "seconds": run["seconds"],
            }
            for run in runs
        ],
    }


def paired(runs, kind, other):
    """Mean over the seeds of the difference in accuracy, and how often it is above, at and below 0."""
    difference = [a["accuracy"] - b["accuracy"] for a, b in zip(runs[kind], runs[other])]
    counts = [sum(d > 0 for d in difference), sum(d == 0 for d in difference), sum(d < 0 for d in difference)]
    return {"mean": round(statistics.mean(difference), 5), "above_equal_below": counts}


def report(rows, budget, placement, runs, images, seconds):
    drelus = {kind: make_plan(placement if kind == "linear" else kind, budget).drelus() for kind in runs}
    assert drelus["shared"] == drelus["linear"] and 8 * drelus["shared"] <= drelus["full"]
    return {
        "data": {"held_out_images": images, "training_images": len(data.split()[0][1])},
        "multiply_adds": {"total": sum(model.multiply_adds().values()), "layers": model.multiply_adds()},
        "training": {"epochs": fit.EPOCHS, "batch": fit.BATCH, "seconds_wall": round(seconds)},
        "chosen": {"prototypes_per_resolution": budget, "linear_placement": placement},
        "kinds": {kind: report_kind(part, drelus[kind], images) for kind, part in runs.items()},
        "paired_differences": {
            "full - shared": paired(runs, "full", "shared"),
            "shared - linear": paired(runs, "shared", "linear"),
        },
        "sweep": rows,
    }


def log(text):
    print(text, file=sys.stderr, flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path(__file__).resolve().parent.parent)
    parser.add_argument("--workers", type=int, default=2)
    arguments = parser.parse_args()
    start = time.monotonic()
    arguments.out.mkdir(parents=True, exist_ok=True)
    with ProcessPoolExecutor(arguments.workers, mp_context=get_context("spawn")) as pool:
        rows = sweep(pool)
        budget, placement = choose(rows)
        log(f"chosen: {budget} prototypes per resolution, {placement}")
        runs = final(pool, budget, placement)
    _, (images, labels) = data.split()
    for kind, part in runs.items():
        quantise.write(arguments.out / f"digits-{kind}.json", part[SHIPPED_SEED]["network"])
    quantise.write(arguments.out / "digits-test.json", quantise.input_file(images, labels))
    results = report(rows, budget, placement, runs, len(labels), time.monotonic() - start)
    quantise.write(arguments.out / "results.json", results)
    peak = max(kind["peak_held_out_all_seeds"] for kind in results["kinds"].values())
    if peak >= MAGNITUDE_LIMIT:
        sys.exit(f"a value of magnitude {peak} leaves less than 3 bits of margin")


if __name__ == "__main__":
    main()
