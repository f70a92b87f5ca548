#!/usr/bin/env python3
"""docs/results.md from the sections of all results: write_page.py OUT NAME..."""
import os
import platform
import sys
from pathlib import Path


def processor():
    """The processor's name where the system tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.machine()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())


def main():
    out, names = Path(sys.argv[1]), sys.argv[2:]
    print("# Published results, reproduced")
    print()
    print("Ours beside what papers print, written by\n\n    bench/reproduce/all build/bench OUT\n")
    print(f"on {os.cpu_count()} cores ({processor()}, {platform.system()} {platform.machine()}), one script a section\n"
          "(`bench/reproduce/NAME.py BUILD_DIR OUT`, which leaves its tables as CSV). The difference is that of ours from the published\n"
          "figure, relative to it; a factor (0.4x, 20x) where it is large. Published figures and their sources are in\n"
          "`bench/reproduce/published`. `--data DIR --network NET.onnx` behind OUT take images and a trained network for the accuracy\n"
          "against noise, which otherwise trains one for minutes on made-up images.")
    for name in names:
        print()
        print((out / f"{name}.md").read_text().rstrip())


if __name__ == "__main__":
    main()
