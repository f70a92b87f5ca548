#include "simulator/program/program_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/json.h"
#include "tests/simulator/program/test_programs.h"
#include "tests/simulator/program/text_edit.h"

namespace crossloom {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

/// Every kind of operation, two copies, row and column parts, groups.
TestProgram unusual_program() {
  return chain_program(test_chip(), {.channels = 3, .height = 8, .width = 6},
                       {{.output_channels = 20, .kernel = 3, .padding = 1, .num_copies = 2, .has_signed_inputs = true},
                        {.kind = OperationKind::kPooling, .kernel = 2, .stride = 2},
                        {.kind = OperationKind::kVector},
                        {.output_channels = 4, .num_groups = 4}});
}

TEST(ProgramFiles, ReadBackWhatTheyWrote) {
  const TestProgram test = unusual_program();
  EXPECT_EQ(tile_map_from_json(tile_map_to_json(test.tile_map), "tilemap.json"), test.tile_map);
  EXPECT_EQ(program_from_json(program_to_json(test.program), "program.json"), test.program);
}

TEST(ProgramFiles, WriteTheSameBytesForWhatWasReadBack) {
  const TestProgram test = unusual_program();
  const std::string map_text = tile_map_to_json(test.tile_map);
  const std::string program_text = program_to_json(test.program);
  EXPECT_EQ(tile_map_to_json(tile_map_from_json(map_text, "tilemap.json")), map_text);
  EXPECT_EQ(program_to_json(program_from_json(program_text, "program.json")), program_text);
}

TEST(ProgramFiles, SurviveNamesThatNeedEscapes) {
  TestProgram test = unusual_program();
  test.tile_map.network = "a \"b\"\\\n\t\x01 \xC3\xA9";
  test.program.operations[1].name = test.tile_map.network;
  EXPECT_EQ(tile_map_from_json(tile_map_to_json(test.tile_map), "tilemap.json"), test.tile_map);
  EXPECT_EQ(program_from_json(program_to_json(test.program), "program.json"), test.program);
}

TEST(ProgramFiles, BeginWithTheirSchema) {
  const TestProgram test = unusual_program();
  EXPECT_THAT(tile_map_to_json(test.tile_map),
              StartsWith("{\n  \"schema\": \"crossloom/tilemap\",\n  \"schema_version\": 1,\n"));
  EXPECT_THAT(program_to_json(test.program), StartsWith("{\n  \"schema\": \"crossloom/program\",\n  \"schema_version\": 1,\n"));
}

TEST(ProgramFiles, WriteABlockOnALine) {
  EXPECT_THAT(
      tile_map_to_json(unusual_program().tile_map),
      HasSubstr("\n        {\"matrix\": 0, \"copy\": 1, \"matrix_row0\": 16, \"matrix_col0\": 16, \"rows\": 11, \"cols\": 4, "
                "\"row0\": 0, \"col0\": 0}\n"));
}

TEST(ProgramFiles, MayBeLaidOutAnew) {
  const TestProgram test = unusual_program();
  std::string one_line = tile_map_to_json(test.tile_map);
  std::ranges::replace(one_line, '\n', ' ');
  EXPECT_EQ(tile_map_from_json(one_line, "tilemap.json"), test.tile_map);
}

TEST(ProgramFiles, LoadAnUntouchedFileWithoutEdits) {
  const TestProgram test = unusual_program();
  EXPECT_TRUE(load_tile_map(tile_map_to_json(test.tile_map), "tilemap.json").edits.empty());
  EXPECT_TRUE(load_program(program_to_json(test.program), "program.json").edits.empty());
  const std::string tile_map_json = tile_map_to_json(test.tile_map);
  EXPECT_EQ(load_program(program_to_json(test.program, tile_map_json), "program.json").tile_map_hash,
            content_hash(tile_map_json));
}

TEST(ProgramFiles, LoadEveryEditOfAFileAndItsContent) {
  const std::string text = tile_map_to_json(unusual_program().tile_map);
  const std::string twice = edited(edited(text, "\"seed\"", "7", "8"), "\"adc\"", "\"bits\": 8", "\"bits\": 9");
  const LoadedFile<TileMap> file = load_tile_map(twice, "t.json");
  EXPECT_EQ(file.content.seed, 8);
  EXPECT_EQ(file.content.chip.adc.bits, 9);
  const std::string edit = ": does not match its hash: edited since it was written; compile again";
  EXPECT_THAT(file.edits, testing::ElementsAre("t.json:" + line_of(text, "", "\"seed\"") + ": seed" + edit,
                                               "t.json:" + line_of(text, "", "\"adc\"") + ": chip.adc" + edit));
}

}  // namespace
}  // namespace crossloom
