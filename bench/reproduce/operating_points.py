#!/usr/bin/env python3
"""ISAAC, PUMA, RNC and NTHU: operating points that papers print beside those that the model computes from the presets."""
from common import COMPARISON, Result, read_table


def main():
    result = Result("operating_points")
    table = result.out / "operating_points.csv"
    result.run("write_validation_program", table)
    rows = read_table(table)
    for row in rows:
        row["ratio"] = float(row["ours"]) / float(row["published"])
    result.write_table(table.name, [*COMPARISON, "ratio"], rows)
    result.add(
        "## Operating points of ISAAC, PUMA, RNC and NTHU",
        "Figures of whole chips and of single products, computed from the presets alone. What of a published figure already went into\n"
        "its preset, which figures are not reached and where the sources contradict each other is in [validation.md](validation.md).")
    result.add_comparison(rows)
    result.draw("bars", table.name, "operating_points.svg", "Computed over published figures", x="case,quantity", y="ratio",
                x_name="chip and quantity", y_name="ours / published")
    result.finish()


if __name__ == "__main__":
    main()
