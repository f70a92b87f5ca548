#!/usr/bin/env python3
"""What cifar10.sh picks from a front, and its table:
cifar10_table.py picks FOLDER | cifar10_table.py table OUT RNC_COMPARE BASELINE BUDGET..."""
import csv
import io
import json
import subprocess
import sys
from pathlib import Path

# Of the networks at least so much faster than the baseline the most accurate one is picked: RNC's figure is read at these speeds.
SPEEDS = (0, 8, 15, 25)
IMAGES = 8
# RNC's evaluator has no part in the search: of these the one that suits its rules best.
DEPTH_SPLITS = (1, 3, 5, 7)


def read_csv(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def error(row):
    """What a search for accuracy or loss makes small."""
    return float(row["scored_held_out_loss"]) if "scored_held_out_loss" in row else -float(row["scored_accuracy_fraction"])


def picks(folder):
    """The reason for each picked candidate."""
    front = read_csv(folder / "front.csv")
    reasons = {}
    for speed in SPEEDS:
        fast = [row for row in front if float(row["speedup_over_baseline"]) >= speed]
        if not fast:
            continue
        best = min(fast, key=lambda row: (error(row), -float(row["speedup_over_baseline"])))
        reasons.setdefault(best["candidate"], f"at least {speed}x" if speed else "most accurate")
    return reasons


def compare_lines(compare, *options):
    return subprocess.run([compare, *options], check=True, capture_output=True, text=True).stdout.splitlines()


def rnc_latency_ns(compare, network, budget):
    """Time of IMAGES images by RNC's evaluator in our mapping."""
    latencies = []
    for split in DEPTH_SPLITS:
        lines = compare_lines(compare, "--network", network, "--depth-split", str(split), "--budget", budget, "--inputs", str(IMAGES))
        latencies.append(float(next(csv.DictReader(io.StringIO("\n".join(lines))))[f"latency_ns@{IMAGES}"]))
    return min(latencies)


def isaac_latency_ns(compare, network):
    """The same with one block a crossbar and no copies: no layer waits for another."""
    lines = compare_lines(compare, "--network", network, "--details")
    apart = [line.split(",") for line in lines if line.startswith("without contention,")]
    return float(apart[0][3])


def percent(text):
    return f"{100 * float(text):.2f} %" if text else ""


def table(out, compare, baseline, budgets):
    isaac_like_ns = isaac_latency_ns(compare, baseline)
    trained = json.loads((out / "baseline" / "training.json").read_text())
    print("| crossbars | picked as | candidate | million MACs | held out, inherited | test, inherited | test, retrained | speed, simulator "
          "| speed, RNC's evaluator |")
    print("|" + "---|" * 9)
    print(f"| | baseline, ISAAC-like | {baseline} | | | | {percent(trained['test_accuracy_fraction'])} | 1 | 1 |")
    for budget in budgets:
        folder = out / budget
        front = {row["candidate"]: row for row in read_csv(folder / "front.csv")}
        tested = {row["candidate"]: row for row in read_csv(folder / "test.csv")}
        for candidate, reason in picks(folder).items():
            row, test = front[candidate], tested[candidate]
            ours_ns = rnc_latency_ns(compare, folder / f"candidate_{candidate}.onnx", budget)
            print(f"| {budget} | {reason} | {candidate} | {float(row['num_macs']) / 1e6:.2f} | {percent(row['accuracy_fraction'])} "
                  f"| {percent(test['inherited_test_accuracy_fraction'])} | {percent(test['retrained_test_accuracy_fraction'])} "
                  f"| {float(row['speedup_over_baseline']):.1f} | {isaac_like_ns / ours_ns:.1f} |")


if __name__ == "__main__":
    if sys.argv[1] == "picks":
        print("\n".join(picks(Path(sys.argv[2]))))
    else:
        table(Path(sys.argv[2]), sys.argv[3], sys.argv[4], sys.argv[5:])
