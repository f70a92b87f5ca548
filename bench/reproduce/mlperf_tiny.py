#!/usr/bin/env python3
"""The four networks of MLPerf Tiny on the chip edge-64."""
from common import COMPARISON, PUBLISHED, Result, read_table

SWEEP = "evaluate: simulate\nimages: 4\naxes:\n  network: [{networks}]\n  chip: edge-64\n{further}"
PJ_A_UJ = 1e6


def simulated(result, name, networks, further=""):
    """Rows of a sweep by network."""
    file = result.out / f"{name}.yaml"
    file.write_text(SWEEP.format(networks=", ".join(networks), further=further))
    result.run("crossloom", "sweep", file, "--out", result.out / name, "--force", "--quiet")
    return {row["network"]: row for row in read_table(result.out / name / "results.csv")}


def main():
    result = Result("mlperf_tiny")
    published = read_table(PUBLISHED / "mlperf_tiny.csv")
    on_chip = simulated(result, "mlperf_tiny_sweep", [line["network"] for line in published])
    too_large = [name for name, row in on_chip.items() if row["status"] != "done"]
    wider = simulated(result, "mlperf_tiny_wider", too_large, "  noc.mesh_cols: 3\n") if too_large else {}
    rows = []
    for line in published:
        row = wider.get(line["network"], on_chip[line["network"]])
        case = line["network"] + (" (6 tiles)" if line["network"] in wider else "")

        def add(quantity, unit, known, ours):
            rows.append(dict(case=case, quantity=quantity, unit=unit, published=known, ours=ours))

        known = line["throughput_inferences_per_s"]
        add("inferences a second", "/ s", known, row["throughput_inferences_per_s"])
        add("latency", "us", 1e6 / float(known), float(row["latency_ns"]) / 1e3)
        add("energy of one", "uJ", line["energy_uj"], float(row["energy_per_inference_pj"]) / PJ_A_UJ)
        add("efficiency", "TOPS/W", line["tops_per_w"], row["tops_per_w"])
    result.write_table("mlperf_tiny.csv", COMPARISON, rows)
    result.write_table("mlperf_tiny_efficiency.csv", COMPARISON, [row for row in rows if row["quantity"] == "efficiency"])
    result.add(
        "## MLPerf Tiny on edge-64",
        "The four reference networks of MLPerf Tiny (Banbury et al., NeurIPS 2021), four images in a row, simulated. Published: MLPerf Tiny\n"
        "v1.1, closed division, Krai on a NUCLEO-L4R5ZI, a microcontroller measured as a whole board; efficiency: AnalogNets on AON-CiM,\n"
        "an analog accelerator of phase-change memory in 14 nm (arXiv 2111.06503), with networks of its own for the two tasks. Neither is\n"
        "the machine that is modelled here: this says where a small RRAM chip with a slow port would lie, not how exact\n"
        "the model is. `edge-64` has no published counterpart; its components are of 32 to 65 nm and it has no static power, so energies\n"
        "are optimistic for long latencies.")
    for name in too_large:
        result.add(f"`{name}` does not fit: {on_chip[name]['reason']}. Its figures are those of the chip with six tiles (`noc.mesh_cols: 3`).")
    result.add_comparison(rows)
    result.draw("bars", "mlperf_tiny_efficiency.csv", "mlperf_tiny.svg", "MLPerf Tiny: operations a joule", x="case", y="published,ours",
                x_name="network", y_name="TOPS/W")
    result.finish()


if __name__ == "__main__":
    main()
