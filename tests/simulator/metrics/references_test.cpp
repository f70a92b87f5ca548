#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "simulator/metrics/file_schemas.h"
#include "simulator/metrics/metrics_files.h"
#include "simulator/metrics/metrics_reference.h"
#include "simulator/program/program_files.h"
#include "support/document.h"
#include "tests/simulator/metrics/example_metrics.h"
#include "tests/simulator/program/text_edit.h"
#include "tests/support/scratch_folder.h"

/// The generated pages under docs; `cmake --build <folder> --target write_references` writes them anew.
namespace crossloom {
namespace {

std::string committed(const std::string& path) { return read_text_file(CROSSLOOM_SOURCE_FOLDER "/docs/" + path); }

TEST(References, AreCommittedAsGenerated) {
  EXPECT_EQ(committed("schema/tilemap.schema.json"), tile_map_schema());
  EXPECT_EQ(committed("schema/program.schema.json"), program_schema());
  EXPECT_EQ(committed("schema/metrics.schema.json"), metrics_schema());
  EXPECT_EQ(committed("schema/estimate.schema.json"), estimate_schema());
  EXPECT_EQ(committed("schema/activity.schema.json"), activity_schema());
  EXPECT_EQ(committed("metrics.md"), metrics_reference_markdown());
}

/// Dotted names of all members of a JSON text, elements of lists as [].
void collect_names(const Document& node, const std::string& prefix, std::vector<std::string>& names) {
  for (const auto& [key, member] : node.members) {
    names.push_back(prefix + key);
    collect_names(member, prefix + key + '.', names);
  }
  if (!node.items.empty()) {
    const std::string list = prefix.substr(0, prefix.size() - 1) + "[].";
    collect_names(node.items.front(), list, names);
  }
}

TEST(MetricsReference, ListsEveryMemberOfAMetricsFile) {
  const std::string page = metrics_reference_markdown();
  std::vector<std::string> names;
  collect_names(parse_json(metrics_to_json(example_metrics()), "metrics.json"), "", names);
  ASSERT_GT(names.size(), 80U);
  for (std::size_t i = 3; i < names.size(); ++i) EXPECT_THAT(page, testing::HasSubstr("| `" + names[i] + "` |"));
}

TEST(MetricsReference, GivesTheUnitOfASectionToItsMembers) {
  const std::string page = metrics_reference_markdown();
  EXPECT_THAT(page, testing::HasSubstr("| `energy_pj.adc` | pJ | converters |"));
  EXPECT_THAT(page, testing::HasSubstr("| `stalls_ns.noc` | ns |"));
  EXPECT_THAT(page, testing::HasSubstr("| `events.macs` | count |"));
}

/// Whether python3-jsonschema finds that the file follows the schema.
bool follows(const std::string& text, const std::string& schema) {
  const ScratchFolder scratch;
  const std::string command = std::string(CROSSLOOM_PYTHON) + " -W ignore -m jsonschema --instance " +
                              scratch.file("file.json", text) + " " + scratch.file("schema.json", schema) + " > " +
                              scratch.path("log") + " 2>&1";
  return std::system(command.c_str()) == 0;  // NOLINT(concurrency-mt-unsafe): tests run in one thread
}

class Schemas : public testing::Test {
 protected:
  void SetUp() override {
    if (std::string_view(CROSSLOOM_PYTHON).empty()) GTEST_SKIP() << "python3-jsonschema was not found";
  }
  TestProgram test_ = chain_program(test_chip(), {.channels = 4, .height = 4, .width = 4},
                                    {{.output_channels = 20, .kernel = 2, .num_copies = 2}, {.kind = OperationKind::kPooling}});
};

TEST_F(Schemas, AcceptWhatIsWritten) {
  EXPECT_TRUE(follows(tile_map_to_json(test_.tile_map), tile_map_schema()));
  EXPECT_TRUE(follows(program_to_json(test_.program), program_schema()));
  EXPECT_TRUE(follows(metrics_to_json(example_metrics()), metrics_schema()));
}

TEST_F(Schemas, RefuseUnknownMissingAndOutOfBoundsMembers) {
  const std::string text = tile_map_to_json(test_.tile_map);
  EXPECT_FALSE(follows(edited(text, "", "\"seed\"", "\"extra\": 1, \"seed\""), tile_map_schema()));

  EXPECT_FALSE(follows(edited(text, "\"crossbars\"", "\"tile\"", "\"tyle\""), tile_map_schema()));
  EXPECT_FALSE(follows(edited(text, "\"crossbars\"", "\"rows\": 16", "\"rows\": 0"), tile_map_schema()));
  EXPECT_FALSE(follows(edited(text, "", "crossloom/tilemap", "crossloom/program"), tile_map_schema()));
}

}  // namespace
}  // namespace crossloom
