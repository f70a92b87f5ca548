"""The scripts of bench/reproduce that take no time: reproduce_test.py BUILD_DIR."""
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

SCRIPTS = Path(__file__).resolve().parents[2] / "bench" / "reproduce"
sys.path.insert(0, str(SCRIPTS))
sys.dont_write_bytecode = True
import common  # noqa: E402
import rnc_tables  # noqa: E402

BUILD = sys.argv.pop() if len(sys.argv) > 1 else "build/ci"


def run(script, out):
    subprocess.run([sys.executable, str(SCRIPTS / f"{script}.py"), BUILD, out], check=True)


class Differences(unittest.TestCase):
    def of(self, published, ours):
        return common.difference(dict(published=published, ours=ours))

    def test_are_relative_to_the_published_figure(self):
        self.assertEqual(self.of("4", "5"), "+25.0 %")
        self.assertEqual(self.of("4", "3"), "-25.0 %")

    def test_are_factors_when_large(self):
        self.assertEqual(self.of("4", "8"), "2x")
        self.assertEqual(self.of("4", "1"), "0.25x")

    def test_need_both_figures(self):
        self.assertEqual(self.of("", "3"), "")
        self.assertEqual(self.of("3", ""), "")


class Tables(unittest.TestCase):
    def test_of_markdown_are_read_by_their_header(self):
        self.assertEqual(common.markdown_rows("text\n| a | b |\n|---|---|\n| 1 | x y |\nmore\n"), [{"a": "1", "b": "x y"}])

    def test_of_the_isaac_like_mapping_follow_from_the_cycles(self):
        # Sum and largest of the cycles as RNC's evaluator counts them, depthwise layers split at 128 columns.
        for network, total, largest in (("squeezenet", 2722, 961), ("mbv3_small", 108168, 22528), ("resnet18", 27201, 4096)):
            for images in (1, 64):
                expected = (total + (images - 1) * largest) * 152.77319048 / 1e6
                self.assertAlmostEqual(rnc_tables.isaac_like_ms(network, images), expected, 9)


class Scripts(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.out = folder.name

    def rows(self, name):
        return common.read_table(Path(self.out) / f"{name}.csv")

    def test_compare_operating_points(self):
        run("operating_points", self.out)
        rows = self.rows("operating_points")
        self.assertEqual({row["case"] for row in rows}, {"isaac-ce", "puma", "rnc-mnsim-128", "nthu-2019-edge"})
        for row in rows:
            self.assertAlmostEqual(float(row["ours"]) / float(row["published"]), 1.0, delta=0.05, msg=row["quantity"])
        self.assertTrue((Path(self.out) / "operating_points.svg").read_text().startswith("<svg"))

    def test_run_mlperf_tiny_and_make_a_page(self):
        run("mlperf_tiny", self.out)
        rows = self.rows("mlperf_tiny")
        self.assertEqual(len({row["case"] for row in rows}), 4)
        self.assertTrue(all(float(row["ours"]) > 0.0 for row in rows))
        page = subprocess.run([sys.executable, str(SCRIPTS / "write_page.py"), self.out, "mlperf_tiny"], check=True,
                              stdout=subprocess.PIPE, text=True).stdout
        self.assertIn("## MLPerf Tiny on edge-64", page)
        self.assertIn("](figures/results/mlperf_tiny.svg)", page)


if __name__ == "__main__":
    unittest.main()
