"""What bench/nas/cifar10.sh picks from a front: cifar10_table_test.py."""
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "bench" / "nas"))
sys.dont_write_bytecode = True
import cifar10_table  # noqa: E402


class Picks(unittest.TestCase):
    def of(self, *rows, score="accuracy_fraction"):
        with tempfile.TemporaryDirectory() as folder:
            lines = [f"candidate,scored_{score},speedup_over_baseline", *rows]
            (Path(folder) / "front.csv").write_text("\n".join(lines) + "\n")
            return cifar10_table.picks(Path(folder))

    def test_are_the_most_accurate_of_the_fast_enough(self):
        self.assertEqual(self.of("3,0.9,2", "5,0.8,9", "4,0.7,16", "8,0.75,15", "6,0.6,30"),
                         {"3": "most accurate", "5": "at least 8x", "8": "at least 15x", "6": "at least 25x"})

    def test_have_the_least_loss_where_that_is_searched_for(self):
        self.assertEqual(self.of("3,0.6,2", "5,0.7,9", "4,0.9,16", "8,0.8,15", score="held_out_loss"),
                         {"3": "most accurate", "5": "at least 8x", "8": "at least 15x"})

    def test_name_a_network_once(self):
        self.assertEqual(self.of("3,0.9,17"), {"3": "most accurate"})

    def test_of_equals_are_the_faster(self):
        self.assertEqual(self.of("3,0.9,2", "7,0.9,3"), {"7": "most accurate"})


if __name__ == "__main__":
    unittest.main()
