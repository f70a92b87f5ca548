#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/document.h"
#include "tests/cli/crossloom_process.h"
#include "tests/cli/example_files.h"
#include "tests/support/scratch_folder.h"

/// Output files edited by hand: `verify` and `simulate` refuse them and say where.
namespace crossloom {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

/// A compiled and simulated lenet5 whose files a test edits.
class CompiledFolder {
 public:
  CompiledFolder() {
    const ProcessResult result = crossloom_process({"run", "lenet5", "--chip", "rnc-mnsim-128", "--out", scratch_.path()});
    if (result.exit_code != 0) throw std::runtime_error(result.err);
  }
  /// Replaces the first `from` of a file by `to`.
  void edit(const std::string& name, const std::string& from, const std::string& to) const {
    static_cast<void>(scratch_.file(name, replaced(text_of(path(name)), from, to)));
  }
  [[nodiscard]] std::string path(const std::string& name) const { return scratch_.path(name); }
  [[nodiscard]] ProcessResult verify() const { return crossloom_process({"verify", scratch_.path()}); }
  [[nodiscard]] ProcessResult simulate() const { return crossloom_process({"simulate", scratch_.path()}); }

 private:
  ScratchFolder scratch_;
};

/// Everything after `path:line: ` of a message about a file.
std::string message_of(const ProcessResult& result, const std::string& path) {
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, StartsWith("crossloom: error: " + path + ":"));
  const std::string rest = replaced(result.err, "crossloom: error: " + path + ":", "");
  return rest.substr(rest.find(' ') + 1);
}

TEST(EditedProgram, IsRefusedWithThePlace) {
  const CompiledFolder folder;
  folder.edit("program.json", "\"num_unit_operations\": 12", "\"num_unit_operations\": 13");
  const std::string edited = "operations[1]: does not match its hash: edited since it was written; compile again\n";
  EXPECT_EQ(message_of(folder.simulate(), folder.path("program.json")), edited);
  const ProcessResult result = folder.verify();
  EXPECT_EQ(message_of(result, folder.path("program.json")), edited);
  EXPECT_THAT(result.out, HasSubstr("failed  program.json: not edited since it was written\n"));
}

TEST(EditedProgram, AnImpossibleOneIsExplainedBeforeItIsCalledEdited) {
  const CompiledFolder folder;
  folder.edit("program.json", "\"first_window\": 0", "\"first_window\": 7");
  const ProcessResult result = folder.verify();
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.out, HasSubstr("failed  program.json: every window runs once, on what exists\n"));
  EXPECT_THAT(result.err, HasSubstr("operations[0]"));
  EXPECT_LT(result.out.find("operations[0]"), result.out.find("does not match its hash"));
}

TEST(EditedProgram, OneThatIsNoLongerJsonIsRefused) {
  const CompiledFolder folder;
  folder.edit("program.json", "\"operations\": [", "\"operations\": ");
  EXPECT_EQ(folder.simulate().exit_code, 2);
  EXPECT_EQ(folder.verify().exit_code, 2);
}

TEST(EditedProgram, AMissingOrUnknownMemberIsNamed) {
  const CompiledFolder folder;
  folder.edit("program.json", "\"crossbar_budget\"", "\"crossbar_budgte\"");
  for (const ProcessResult& result : {folder.simulate(), folder.verify()}) {
    EXPECT_THAT(message_of(result, folder.path("program.json")), StartsWith("crossbar_budget: is missing"));
  }
}

TEST(EditedTileMap, IsRefusedWithThePlace) {
  const CompiledFolder folder;
  folder.edit("tilemap.json", "\"crossbar_budget\": 1024", "\"crossbar_budget\": 1023");
  const std::string edited = "crossbar_budget: does not match its hash: edited since it was written; compile again\n";
  EXPECT_EQ(message_of(folder.simulate(), folder.path("tilemap.json")), edited);
  EXPECT_EQ(folder.verify().exit_code, 2);
  EXPECT_THAT(folder.verify().out, HasSubstr(edited));
}

TEST(EditedTileMap, ABlockThatNoLongerRebuildsItsMatrixIsFound) {
  const CompiledFolder folder;
  folder.edit("tilemap.json", "\"matrix_row0\": 0, ", "\"matrix_row0\": 1, ");
  const ProcessResult result = folder.verify();
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.out, HasSubstr("failed  tilemap.json: the blocks of every copy rebuild its weight matrix exactly\n"));
  EXPECT_THAT(result.err, StartsWith("crossloom: error: " + folder.path("tilemap.json") + ": "));
}

TEST(EditedTileMap, OneOfAnotherCompilationIsRefused) {
  const CompiledFolder folder;
  const ScratchFolder other;
  ASSERT_EQ(crossloom_process({"compile", "lenet5", "--chip", "rnc-mnsim-128", "--seed", "1", "--out", other.path()}).exit_code,
            0);
  folder.edit("tilemap.json", text_of(folder.path("tilemap.json")), text_of(other.path("tilemap.json")));
  const ProcessResult result = folder.simulate();
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err,
              StartsWith("crossloom: error: " + folder.path("program.json") + ": does not agree with tilemap.json: seed"));
  EXPECT_EQ(folder.verify().exit_code, 2);
}

TEST(EditedTables, BlocksCsvIsComparedWithTheTileMap) {
  const CompiledFolder folder;
  folder.edit("blocks.csv", "c1", "c2");
  const ProcessResult result = folder.verify();
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_EQ(result.err, "crossloom: error: " + folder.path("blocks.csv") + ": is not the table of tilemap.json\n");
}

TEST(EditedMetrics, AreComparedWithTheProgram) {
  const CompiledFolder folder;
  folder.edit("metrics.json", "\"num_crossbars_used\": ", "\"num_crossbars_used\": 1");
  const ProcessResult result = folder.verify();
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, StartsWith("crossloom: error: " + folder.path("metrics.json") + ": num_crossbars_used: "));
  EXPECT_EQ(folder.simulate().exit_code, 0);
  EXPECT_EQ(folder.verify().exit_code, 0);
}

}  // namespace
}  // namespace crossloom
