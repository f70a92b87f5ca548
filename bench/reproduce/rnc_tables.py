#!/usr/bin/env python3
"""RNC's tables (arXiv 2409.18841) of utilization and speedup: its evaluator and rules, our mappings."""
import argparse
import json

from common import COMPARISON, PUBLISHED, ROOT, Result, difference, markdown_rows, read_table, with_unit

ACTIVATION_NS = 152.77319048  # of an 8-bit product, RNC's evaluator
NS_A_MS = 1e6
CROSSBAR_COLS = 128


def isaac_like_ms(network, images):
    """One block a crossbar, no copies: layers one after another, images overlap at the slowest layer. The columns of a depthwise
    layer take turns within a block."""
    cycles = []
    for layer in json.loads((ROOT / f"tests/golden/rnc_{network}_layers.json").read_text())["layers"]:
        matrix = layer["box_raw"]
        turns = max(matrix["w"] / CROSSBAR_COLS, 1) if layer["groups"] > 1 else 1
        cycles.append(matrix["cycle"] / turns)
    return (sum(cycles) + (images - 1) * max(cycles)) * ACTIVATION_NS / NS_A_MS


def packing_rows(result):
    rows = []
    for line in read_table(PUBLISHED / "rnc_packing.csv"):
        layers = ROOT / f"tests/golden/rnc_{line['network']}_layers.json"
        printed = result.run("rnc_compare", "--layers", layers, "--depth-split", line["depth_split"]).splitlines()
        ours = dict(zip(printed[0].split(","), printed[1].split(",")))
        case = f"{line['network']}, depth split {line['depth_split']}"
        rows.append(dict(case=case, quantity="fewest crossbars", unit="", published=line["crossbars"], ours=ours["crossbars"]))
        rows.append(dict(case=case, quantity="utilization", unit="", published=line["utilization_fraction"],
                         ours=ours["cell_utilization"]))
    return rows


def budget_rows(printed):
    published = {(line["network"], line["depth_split"], line["crossbars"]): line["utilization_fraction"]
                 for line in read_table(PUBLISHED / "rnc_budgets.csv")}
    rows = []
    for line in markdown_rows(printed):
        network = line["network"]
        case = f"{network}, {line['depth split']}, {line['crossbars']}"
        known = published.get((network, line["depth split"], line["crossbars"]), "")
        rows.append(dict(case=case, quantity="utilization", unit="", published=known, ours=line["utilization"]))
        for images in (1, 64):
            ours = line[f"ours @{images}"]
            rnc = line[f"RNC @{images}"].replace("-", "")
            isaac_like = isaac_like_ms(network, images)
            rows.append(dict(case=case, quantity=f"latency of {images}", unit="ms", published=rnc, ours=ours))
            rows.append(dict(case=case, quantity=f"speedup of {images}", unit="x",
                             published=round(isaac_like / float(rnc), 2) if rnc else "", ours=round(isaac_like / float(ours), 2)))
    return rows


def add_budgets(result, rows):
    """A line a budget: RNC's figure, ours, and the difference where there are both."""
    quantities = list(dict.fromkeys(row["quantity"] for row in rows))
    cells = {}
    for row in rows:
        both = f"{with_unit(row['published'], row['unit'])} / {with_unit(row['ours'], row['unit'])}"
        apart = difference(row)
        cells[row["case"], row["quantity"]] = f"{both} ({apart})" if apart else both
    cases = list(dict.fromkeys(row["case"] for row in rows))
    result.add_table(["network, depth split, crossbars", *[f"{quantity}: RNC / ours" for quantity in quantities]],
                     [[case, *[cells[case, quantity] for quantity in quantities]] for case in cases])


def add_simulated(result):
    """Our simulator instead of RNC's evaluator, 224x224."""
    rows = markdown_rows(result.run("rnc_isaac_speedup"))
    for row in rows:
        row["budget"] = row["budget"].replace("ISAAC-like", "")
    rows = [row for row in rows if row["budget"]]
    result.write_table("rnc_simulated_speedup.csv", ["network", "budget", "crossbars", "speedup"], rows)
    result.draw("bars", "rnc_simulated_speedup.csv", "rnc_simulated_speedup.svg",
                "Speedup over the ISAAC-like mapping, our simulator", x="network,budget", y="speedup",
                x_name="network and budget", y_name="speedup of 8 images")
    lowest = min(float(row["speedup"]) for row in rows if row["budget"] != "1x")
    result.add(
        "RNC's abstract claims a utilization above 80 % and a speedup above 6 over an ISAAC-like framework. In our own simulator,\n"
        "where layers overlap inside an image and buses, buffers and the mesh take their time, budgets of 1.25x the fewest crossbars\n"
        f"and more give at least {lowest:.1f} for 8 images on `isaac-ce` at 224x224; without room for copies (1x) there is no speedup\n"
        "([rnc.md](rnc.md) has the whole table).")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", default="1000000000", help="how long to search for a mapping, in looks at a crossbar")
    parser.add_argument("--without-simulation", action="store_true", help="leave our own simulator out")
    result = Result("rnc_tables", parser)
    packing = packing_rows(result)
    printed = result.run("rnc_compare", "--all", ROOT / "tests/golden", "--steps", result.options.steps)
    budgets = budget_rows(printed)
    result.write_table("rnc_tables.csv", COMPARISON, packing + budgets)
    speedups = [row for row in budgets if row["quantity"] == "speedup of 64"]
    result.write_table("rnc_speedup.csv", COMPARISON, speedups)
    result.add(
        "## RNC: utilization and speedup",
        "Under RNC's rules and its layer-level evaluator (arXiv 2409.18841), 128x128 crossbars of 8-bit weights, network input 3x64x64;\n"
        "published are figures of its published code. Speedup is over one block a crossbar without copies, of 1 and of 64 images; none:\n"
        "RNC finds no packing, or the figure is not known. Where utilization with copies is below RNC's, our copies were chosen for\n"
        "latency alone.",
        "### One copy of each layer on the fewest crossbars")
    result.add_comparison(packing)
    result.add("### Copies under a budget")
    add_budgets(result, budgets)
    result.draw("bars", "rnc_speedup.csv", "rnc_speedup.svg", "Speedup of 64 images over the ISAAC-like mapping, RNC's evaluator",
                x="case", y="published,ours", x_name="network and budget", y_name="speedup")
    if not result.options.without_simulation:
        add_simulated(result)
    result.finish()


if __name__ == "__main__":
    main()
