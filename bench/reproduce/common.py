"""What the reproduction scripts share: where programs lie, tables of our figures beside published ones, and their figures."""
import argparse
import csv
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PUBLISHED = Path(__file__).resolve().parent / "published"
COMPARISON = ["case", "quantity", "unit", "published", "ours"]


class Result:
    """One published result: NAME.csv, NAME.svg and NAME.md, the section of docs/results.md, in a folder."""

    def __init__(self, name, parser=None):
        parser = parser or argparse.ArgumentParser()
        parser.add_argument("build", type=Path, help="build folder")
        parser.add_argument("out", type=Path, help="folder of the results")
        self.options = parser.parse_args()
        self.name = name
        self.build = self.options.build.resolve()
        self.out = self.options.out.resolve()
        self.out.mkdir(parents=True, exist_ok=True)
        self.text = []

    def program(self, name):
        """Path of a program of the build."""
        for folder in ("src/cli", "bench", "tests/reproduce", "tests/validation"):
            path = self.build / folder / name
            if path.exists():
                return str(path)
        sys.exit(f"{name}: is not in {self.build} (build it with the preset bench)")

    def run(self, program, *arguments):
        """Standard output of a program of the build."""
        command = [self.program(program), *map(str, arguments)]
        return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout

    def draw(self, kind, table, figure, caption, **options):
        """An SVG from a table, and its place in the section."""
        arguments = [f"--{key.replace('_', '-')}={value}" for key, value in options.items()]
        self.run("draw_results", kind, self.out / table, self.out / figure, f"--title={caption}", *arguments)
        self.add(f"![{caption}](figures/results/{figure})")

    def add(self, *paragraphs):
        self.text += paragraphs

    def add_table(self, header, rows):
        lines = ["| " + " | ".join(header) + " |", "|" + "---|" * len(header)]
        lines += ["| " + " | ".join(map(str, row)) + " |" for row in rows]
        self.add("\n".join(lines))

    def add_comparison(self, rows):
        """A table of rows with the columns COMPARISON; an empty figure is one that there is not."""
        self.add_table(
            ["", "quantity", "published", "ours", "difference"],
            [[row["case"], row["quantity"], with_unit(row["published"], row["unit"]), with_unit(row["ours"], row["unit"]),
              difference(row)] for row in rows])

    def write_table(self, file, columns, rows):
        with open(self.out / file, "w", newline="") as stream:
            writer = csv.DictWriter(stream, columns, lineterminator="\n", extrasaction="ignore")
            writer.writeheader()
            writer.writerows(rows)

    def finish(self):
        (self.out / f"{self.name}.md").write_text("\n\n".join(self.text) + "\n")


def read_table(path):
    with open(path, newline="") as stream:
        return list(csv.DictReader(line for line in stream if not line.startswith("#")))


def markdown_rows(text):
    """Rows of the first table in a text as dictionaries by its header."""
    lines = [[cell.strip() for cell in line.strip("| \n").split("|")] for line in text.splitlines() if line.startswith("|")]
    return [dict(zip(lines[0], cells)) for cells in lines[2:] if len(cells) == len(lines[0])]


def with_unit(figure, unit):
    return f"{float(figure):.4g} {unit}".strip() if figure not in ("", None) else "none"


def difference(row):
    """Of ours from the published figure, relative to it; a factor when it is large."""
    if "" in (row["published"], row["ours"]) or float(row["published"]) == 0.0:
        return ""
    ratio = float(row["ours"]) / float(row["published"])
    return f"{100.0 * (ratio - 1.0):+.1f} %" if 0.5 < ratio < 2.0 else f"{ratio:.3g}x"
