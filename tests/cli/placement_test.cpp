#include <gtest/gtest.h>

#include <filesystem>

#include "tests/cli/crossloom_process.h"
#include "tests/cli/example_files.h"
#include "tests/support/scratch_folder.h"

/// `--placement` of simulate.
namespace crossloom {
namespace {

class PlacementTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(crossloom_process({"compile", scratch_.file("tiny.yaml", kTinyNetwork), "--chip", "rnc-mnsim-128",
                                 "--no-duplicate", "--out", scratch_.path("out")})
                  .exit_code,
              0);
  }
  [[nodiscard]] ProcessResult simulate(const std::string& placement) const {
    return crossloom_process({"simulate", scratch_.path("out"), "--placement", scratch_.file("p.csv", placement)});
  }
  ScratchFolder scratch_;
};

constexpr const char* kHeader = "layer_idx,crossbar_idx,loc_x,loc_y,max_x,max_y\n";

TEST_F(PlacementTest, RunsTheBlocksWhereTheFileHasThem) {
  const ProcessResult result = simulate(std::string(kHeader) + "0,0,0,0,18,4\n0,3,0,0,18,4\n1,1,0,0,36,6\n2,2,0,0,96,2\n");
  EXPECT_EQ(result.err, "");
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_FALSE(std::filesystem::exists(scratch_.path("out/metrics.json")));
}

TEST_F(PlacementTest, NeedsEveryLayer) {
  const ProcessResult result = simulate(kHeader);
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_NE(result.err.find("p.csv: layer 0 (first): 0 blocks of "), std::string::npos) << result.err;
}

}  // namespace
}  // namespace crossloom
