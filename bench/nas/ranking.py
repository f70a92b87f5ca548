"""How well figures that cost little rank networks by their accuracy when trained alone:
    ranking.py SAMPLES [--band 0.1] [--resamples 2000] [--seed 1]

Reads SAMPLES/trained.csv (train_alone.sh) and, where it is, SAMPLES/scored.csv (crossloom nas score), and prints a Markdown table:
Kendall's tau-b (Biometrika 1945) with the accuracy alone, over all pairs of networks and over those whose MACs differ by at most
the share --band of the larger, each with the central 95 % of its values in bootstrap samples of the networks."""
import argparse
import csv
import math
import random
from pathlib import Path

ALONE = "accuracy_fraction"
FIGURES = {
    "supernet": "supernet_accuracy_fraction",
    "supernet, loss": "supernet_loss",
    "MACs": "num_macs",
    "NN-Degree": "nn_degree",
    "parameters": "num_parameters",
}


def sign(number):
    return (number > 0) - (number < 0)


def pairs_of(macs, band):
    """Places of each two networks whose MACs are so close; band None: of all."""
    return [(i, j) for i in range(len(macs)) for j in range(i)
            if band is None or abs(macs[i] - macs[j]) <= band * max(macs[i], macs[j])]


def agreements(first, second, pairs):
    """For each pair its places and which way either list orders it: -1, 0 or 1."""
    return [(i, j, sign(first[i] - first[j]), sign(second[i] - second[j])) for i, j in pairs]


def tau_b(ordered, times=None):
    """Kendall's tau-b over pairs as of `agreements`, each as often as both its networks are drawn (`times`; without: once); None
    when a list says nothing about any of them."""
    agreement = num_first = num_second = 0
    for i, j, of_first, of_second in ordered:
        weight = times[i] * times[j] if times else 1
        agreement += weight * of_first * of_second
        num_first += weight * (of_first != 0)
        num_second += weight * (of_second != 0)
    if num_first == 0 or num_second == 0:
        return None
    return agreement / math.sqrt(num_first * num_second)


def interval(ordered, count, resamples, seed):
    """Central 95 % of tau over bootstrap samples of `count` networks. A network and its own copy are no pair."""
    generator = random.Random(seed)
    values = []
    for _ in range(resamples):
        times = [0] * count
        for _ in range(count):
            times[generator.randrange(count)] += 1
        value = tau_b(ordered, times)
        if value is not None:
            values.append(value)
    values.sort()
    return values[int(0.025 * (len(values) - 1))], values[math.ceil(0.975 * (len(values) - 1))]


def read_networks(samples):
    """Rows of the networks that are trained, with the supernet's figures where they are known."""
    with open(samples / "trained.csv", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row[ALONE]]
    scored = samples / "scored.csv"
    if scored.exists():
        with open(scored, newline="") as file:
            scores = {row["sample"]: row for row in csv.DictReader(file)}
        for row in rows:
            row.update(scores[row["sample"]])
    return rows


def cell(first, second, pairs, options):
    ordered = agreements(first, second, pairs)
    value = tau_b(ordered)
    if value is None:
        return "no pair"
    low, high = interval(ordered, len(first), options.resamples, options.seed)
    return f"{value:.2f} ({low:.2f} to {high:.2f})"


def table(rows, options):
    alone = [float(row[ALONE]) for row in rows]
    macs = [float(row["num_macs"]) for row in rows]
    everything = pairs_of(macs, None)
    close = pairs_of(macs, options.band)
    lines = [f"| figure | tau over all {len(everything)} pairs (95 %) | "
             f"over {len(close)} pairs within {100 * options.band:g} % of MACs |", "|---|---|---|"]
    for name, column in FIGURES.items():
        if column not in rows[0]:
            continue
        better = -1 if column == FIGURES["supernet, loss"] else 1
        values = [better * float(row[column]) for row in rows]
        lines.append(f"| {name} | {cell(values, alone, everything, options)} | {cell(values, alone, close, options)} |")
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("samples", type=Path)
    parser.add_argument("--band", type=float, default=0.1)
    parser.add_argument("--resamples", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    rows = read_networks(options.samples)
    if len(rows) < 3:
        parser.error(f"{options.samples / 'trained.csv'}: {len(rows)} trained networks, allowed: 3 or more")
    alone = [float(row[ALONE]) for row in rows]
    print(f"{len(rows)} networks, {100 * min(alone):.2f} % to {100 * max(alone):.2f} % when trained alone\n")
    print(table(rows, options), end="")


if __name__ == "__main__":
    main()
