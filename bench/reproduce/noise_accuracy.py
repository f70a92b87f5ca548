#!/usr/bin/env python3
"""Accuracy of a network of 8 bits on crossbars against programming error and stuck cells."""
import argparse
import json
import statistics

from common import COMPARISON, PUBLISHED, Result, read_table

# ISAAC's crossbars for 8 bits, with cells of 1 uS and more.
CHIP = ["--chip", "isaac-ce", "--set", "arithmetic.weight_bits=8", "--set", "arithmetic.activation_bits=8",
        "--set", "cell.g_min_siemens=1e-6"]
G_MAX_SIEMENS = "3.9e-5"  # NeuRRAM's range
# Name, section of the noise file, swept key and its values.
SWEEPS = [
    ("error over target", "programming: {model: normal_proportional, sigma_fraction: 0}",
     "programming.sigma_fraction=0:0.16:0.04"),
    ("error over g_max", "programming: {model: normal_independent, sigma_fraction: 0}",
     "programming.sigma_fraction=0:0.16:0.04"),
    ("stuck at g_min", "stuck_at: {hrs_fraction: 0, lrs_fraction: 0}", "stuck_at.hrs_fraction=0:0.004:0.001"),
    ("stuck at g_max", "stuck_at: {hrs_fraction: 0, lrs_fraction: 0}", "stuck_at.lrs_fraction=0:0.004:0.001"),
]


def trained_network(result):
    """The network that is given, or one that is trained here on made-up images."""
    if result.options.network:
        return result.options.network
    folder = result.out / "noise_network"
    if not (folder / "training.json").exists():
        result.run("crossloom", "train", "resnet8_cifar10", "--data", result.options.data, "--out", folder, "--epochs",
                   result.options.epochs, "--quantize", "8", "--quiet")
    return folder / "network.onnx"


def accuracies(result, network, name, noise, sweep=None, g_max=G_MAX_SIEMENS):
    """Accuracy of every trial as (swept value, accuracy)."""
    file = result.out / f"{name}.yaml"
    file.write_text(noise + "\n")
    folder = result.out / name
    options = result.options
    swept = ["--sweep", sweep] if sweep else []
    command = ["accuracy", network, *CHIP, "--set", f"cell.g_max_siemens={g_max}", "--data", options.data, "--images", options.images,
               "--trials", options.trials, "--noise", file, *swept, "--out", folder, "--quiet"]
    # Minutes each: what an interrupted run has done is kept.
    record = folder / "command.txt"
    text = " ".join(map(str, command)) + "\n" + noise + "\n"
    if not record.exists() or record.read_text() != text:
        result.run("crossloom", *command)
        record.write_text(text)
    rows = read_table(folder / "accuracy.csv")
    return [(float(row[sweep.split("=")[0]]) if sweep else 0.0, float(row["accuracy_fraction"])) for row in rows]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", default="synthetic", help="folder of images (CIFAR-10), or synthetic")
    parser.add_argument("--network", help="a trained ONNX network instead of a short training of resnet8_cifar10")
    parser.add_argument("--epochs", default="3", help="of the training")
    parser.add_argument("--images", default="200")
    parser.add_argument("--trials", default="3")
    result = Result("noise_accuracy", parser)
    network = trained_network(result)
    curves = []
    for index, (name, noise, sweep) in enumerate(SWEEPS):
        points = accuracies(result, network, f"noise_sweep_{index}", noise, sweep)
        for value in sorted({value for value, _ in points}):
            mean = statistics.fmean(accuracy for at, accuracy in points if at == value)
            curves.append(dict(noise=name, magnitude_fraction=value, accuracy_fraction=round(mean, 6)))
    rows = []
    for line in read_table(PUBLISHED / "noisy_accuracy.csv"):
        noise = f"programming: {{model: {line['model']}, sigma_scale_fraction: 1}}"
        points = accuracies(result, network, f"noise_{line['model']}", noise, g_max=line["g_max_siemens"])
        rows.append(dict(case=f"`{line['model']}`; {line['network']}", quantity="accuracy on the chip", unit="",
                         published=line["accuracy_fraction"], ours=round(statistics.fmean(value for _, value in points), 4)))
    exact = json.loads((result.out / "noise_sweep_0" / "accuracy.json").read_text())
    result.write_table("noise_accuracy.csv", COMPARISON, rows)
    training = f"trained for {result.options.epochs} epochs"
    if result.options.network:
        training = "trained beforehand as by `bench/training/cifar10.sh`"
    where = "made-up images" if result.options.data == "synthetic" else "CIFAR-10"
    result.add(
        "## Accuracy against noise",
        f"A network of 8-bit weights and activations (resnet8_cifar10, {training}, {where}; {result.options.images} test images, {result.options.trials}\n"
        "programmings of the chip) on ISAAC's 128x128 crossbars of 2-bit cells of 1 to 39 uS. Four kinds of device error grow from none:\n"
        "normal errors of programming, relative to the target or to the largest conductance, and cells stuck at either end. The network\n"
        f"was not trained for any of them. In floating point it has {exact['float_accuracy_fraction']:.3f}, with 8 bits and exact sums\n"
        f"{exact['quantized_accuracy_fraction']:.3f}; what it loses without any error is due to the 8-bit converters.")
    for name, axis, sweeps in (("programming", "standard deviation", SWEEPS[:2]), ("stuck", "share of the cells", SWEEPS[2:])):
        kinds = [kind for kind, _, _ in sweeps]
        rows_of_figure = [row for row in curves if row["noise"] in kinds]
        values = sorted({row["magnitude_fraction"] for row in rows_of_figure})
        at = {(row["noise"], row["magnitude_fraction"]): row["accuracy_fraction"] for row in rows_of_figure}
        result.add_table([axis, *[f"{value:g}" for value in values]],
                         [[kind, *[f"{at[kind, value]:.3f}" for value in values]] for kind in kinds])
        table = f"{name}_accuracy.csv"
        result.write_table(table, ["noise", "magnitude_fraction", "accuracy_fraction"], rows_of_figure)
        result.draw("lines", table, f"{name}_accuracy.svg", f"Accuracy against {axis}", x="magnitude_fraction", y="accuracy_fraction",
                    series="noise", x_name=axis, y_name="accuracy")
    result.add(
        "Published are accuracies on CIFAR-10 that were reached with networks *trained for the noise* of their devices; ours is this\n"
        "network, not trained for it, under the noise model fitted to the same devices. Networks, training and ways to map weights differ,\n"
        "so the rows do not test the model; they are a miss that noise-aware training ([training.md](training.md)) is there for.")
    result.add_comparison(rows)
    result.finish()


if __name__ == "__main__":
    main()
