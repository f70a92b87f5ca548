#include <gtest/gtest.h>

#include <filesystem>

#include "tests/cli/crossloom_process.h"
#include "tests/cli/example_files.h"
#include "tests/support/scratch_folder.h"

/// `--tile-buffers` of simulate and run.
namespace crossloom {
namespace {

class TileBuffersTest : public testing::Test {
 protected:
  /// `run` of the tiny network, one copy of each layer on one tile, with that many bytes in a tile's buffer.
  [[nodiscard]] ProcessResult run(std::int64_t capacity_bytes, const std::string& tile_buffers) const {
    return crossloom_process({"run", scratch_.file("tiny.yaml", kTinyNetwork), "--chip", "rnc-mnsim-128", "--crossbars", "1x",
                              "--set", "tile.buffer.capacity_bytes=" + std::to_string(capacity_bytes), "--tile-buffers",
                              tile_buffers, "--out", scratch_.path("out")});
  }
  ScratchFolder scratch_;
};

// A row of the image takes 6 x 2 bytes, and 3x3 windows with padding need 3 of them: 36. A pixel of `first` takes 4 bytes and
// 3x3 windows 2 rows of 6 and 3 pixels: 60. `classes` reads all 4 x 4 pixels of `second` at once, 6 bytes each: 96.
constexpr std::int64_t kEnoughBytes = 36 + 60 + 96;

TEST_F(TileBuffersTest, BoundedOnesThatAreLargeEnoughRun) {
  const ProcessResult result = run(kEnoughBytes, "bounded");
  EXPECT_EQ(result.err, "");
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(crossloom_process({"simulate", scratch_.path("out"), "--tile-buffers", "bounded"}).exit_code, 0);
}

TEST_F(TileBuffersTest, OneByteLessDoesNotFitAndIsExplained) {
  const ProcessResult result = run(kEnoughBytes - 1, "bounded");
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_EQ(result.err,
            "crossloom: simulation: tile.buffer.capacity_bytes: 191, but the line buffers of tile 0 need 192 for the program "
            "not to stop (largest: 16 pixels of 'second' on tile 0 with 96 bytes, 15 pixels of 'first' on tile 0 with 60 "
            "bytes, 3 rows of 'input' on tile 0 with 36 bytes)\n");
  EXPECT_FALSE(std::filesystem::exists(scratch_.path("out/metrics.json")));
}

TEST_F(TileBuffersTest, AreUnboundedWhenNothingIsSaid) {
  EXPECT_EQ(run(kEnoughBytes - 1, "unbounded").exit_code, 0);
  const std::string unbounded = text_of(scratch_.path("out/metrics.json"));
  EXPECT_EQ(crossloom_process({"simulate", scratch_.path("out")}).exit_code, 0);
  EXPECT_EQ(text_of(scratch_.path("out/metrics.json")), unbounded);
  EXPECT_EQ(crossloom_process({"simulate", scratch_.path("out"), "--tile-buffers", "bounded"}).exit_code, 3);
}

TEST_F(TileBuffersTest, OfAnotherKindAreAnError) {
  const ProcessResult result = run(kEnoughBytes, "infinite");
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_EQ(result.err, "crossloom: error: --tile-buffers: infinite is not one of unbounded, bounded\n");
}

}  // namespace
}  // namespace crossloom
