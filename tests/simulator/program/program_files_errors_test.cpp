#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "simulator/program/program_files.h"
#include "tests/simulator/program/test_programs.h"
#include "tests/simulator/program/text_edit.h"
#include "tests/support/error_message.h"

namespace crossloom {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

/// A layer of 27 x 20 weights (2 x 2 blocks) and one of 20 x 4 (2 blocks).
TestProgram two_layers() {
  return chain_program(test_chip(), {.channels = 3, .height = 4, .width = 4},
                       {{.output_channels = 20, .kernel = 3, .padding = 1}, {.output_channels = 4}});
}
std::string map_text() { return tile_map_to_json(two_layers().tile_map); }
std::string program_text() { return program_to_json(two_layers().program); }

std::string map_error(const std::string& text) {
  return user_error([&] { return tile_map_from_json(text, "tilemap.json"); });
}
std::string program_error(const std::string& text) {
  return user_error([&] { return program_from_json(text, "program.json"); });
}

const std::string kEdited = ": does not match its hash: edited since it was written; compile again";

TEST(ProgramFilesErrors, NameTheCrossbarWhoseBlockWasMoved) {
  const std::string text = edited(map_text(), "\"crossbar\": 2", "\"row0\": 0", "\"row0\": 3");
  const std::string line = std::to_string(std::stoi(line_of(text, "", "\"crossbar\": 2")) - 1);  // of the brace that opens it
  EXPECT_EQ(map_error(text), "tilemap.json:" + line + ": crossbars[2]" + kEdited);
}

TEST(ProgramFilesErrors, NameTheCrossbarMovedToAnotherTile) {
  const std::string text = edited(map_text(), "\"crossbar\": 5", "\"tile\": 1", "\"tile\": 0");
  EXPECT_THAT(map_error(text), EndsWith(": crossbars[5]" + kEdited));
}

TEST(ProgramFilesErrors, NameTheMatrixThatChanged) {
  EXPECT_THAT(map_error(edited(map_text(), "layer1", "\"num_groups\": 1", "\"num_groups\": 2")),
              EndsWith(": matrices[1]" + kEdited));
}

TEST(ProgramFilesErrors, NameTheNumberOfCopiesThatChanged) {
  EXPECT_THAT(map_error(edited(map_text(), "\"num_copies\"", "[1, 1]", "[1, 2]")), EndsWith(": num_copies[1]" + kEdited));
}

TEST(ProgramFilesErrors, NameTheSectionOfTheChipThatChanged) {
  const std::string text = edited(program_text(), "\"adc\"", "\"columns_per_adc\": 16", "\"columns_per_adc\": 8");
  EXPECT_EQ(program_error(text), "program.json:" + line_of(text, "", "\"adc\"") + ": chip.adc" + kEdited);
}

TEST(ProgramFilesErrors, NameScalarsThatChanged) {
  for (const auto& [key, from, to] :
       {std::tuple("network", "chain", "train"), std::tuple("seed", "7", "6"), std::tuple("crossbar_budget", "16", "15"),
        std::tuple("crossbar_lower_bound", "3", "2"), std::tuple("crossloom_version", "0.", "9.")}) {
    const std::string quoted = '"' + std::string(key) + '"';
    EXPECT_THAT(map_error(edited(map_text(), quoted, from, to)), EndsWith(": " + (key + kEdited)));
    EXPECT_THAT(program_error(edited(program_text(), quoted, from, to)), EndsWith(": " + (key + kEdited)));
  }
}

TEST(ProgramFilesErrors, NameTheOperationThatChanged) {
  const std::string edits[][2] = {{"\"num_windows\": 16", "\"num_windows\": 15"},
                                  {"\"operation\": 0", "\"operation\": 1"},
                                  {"\"home_tile\": 0", "\"home_tile\": 1"},
                                  {"\"num_macs\": 540", "\"num_macs\": 541"},
                                  {"\"crossbar\": 0", "\"crossbar\": 1"},
                                  {"\"has_signed_inputs\": false", "\"has_signed_inputs\": true"},
                                  {"\"kind\": \"crossbar\"", "\"kind\": \"vector\""}};
  for (const auto& [from, to] : edits) {
    EXPECT_THAT(program_error(edited(program_text(), "\"layer0\"", from, to)), EndsWith(": operations[1]" + kEdited)) << to;
  }
}

TEST(ProgramFilesErrors, NameTheFirstElementBehindADeletedOne) {
  TileMap map = two_layers().tile_map;
  const std::string whole = tile_map_to_json(map);
  map.crossbars.erase(map.crossbars.begin() + 2);
  const std::string cut = tile_map_to_json(map);
  const auto hashes = [](const std::string& text) { return text.substr(text.find("\"section_hashes\"")); };
  const std::string text = cut.substr(0, cut.find("\"section_hashes\"")) + hashes(whole);
  EXPECT_THAT(map_error(text),
              EndsWith(": crossbars[2]: does not match its hash (5 elements, 6 when it was written): edited since "
                       "it was written; compile again"));
}

TEST(ProgramFilesErrors, NameAHashThatChanged) {
  const std::string text = map_text();
  const std::size_t seed_hash = text.find("\"seed\": \"") + 9;
  std::string changed = text;
  changed[seed_hash] = changed[seed_hash] == '0' ? '1' : '0';
  EXPECT_THAT(map_error(changed), EndsWith(": seed" + kEdited));
}

TEST(ProgramFilesErrors, RefuseAFileWithoutHashes) {
  std::string text = map_text();
  text = text.substr(0, text.find(",\n  \"section_hashes\"")) + "\n}\n";
  EXPECT_EQ(map_error(text), "tilemap.json:1: section_hashes: is missing, allowed: a mapping of keys to values");
  EXPECT_THAT(map_error(edited(map_text(), "\"section_hashes\"", "\"seed\"", "\"sead\"")),
              HasSubstr(": section_hashes.seed: is missing"));
}

TEST(ProgramFilesErrors, RefuseUnknownKeysWithAHint) {
  EXPECT_THAT(map_error(edited(map_text(), "\"crossbar\": 1", "\"cols\": 4", "\"cols\": 4, \"row1\": 2")),
              HasSubstr(": crossbars[1].blocks[0].row1: unknown key (did you mean row0?)"));
  EXPECT_THAT(program_error(edited(program_text(), "\"operations\"", "\"inputs\"", "\"imputs\"")),
              HasSubstr(": operations[0].inputs: is missing"));
}

TEST(ProgramFilesErrors, RefuseWrongTypesAndValuesOutsideTheirBounds) {
  EXPECT_THAT(map_error(edited(map_text(), "\"crossbars\"", "\"tile\": 0", "\"tile\": \"0\"")),
              HasSubstr(": crossbars[0].tile: \"0\", allowed: an integer from 0 to 2147483648"));
  EXPECT_THAT(map_error(edited(map_text(), "\"crossbars\"", "\"rows\": 16", "\"rows\": 0")),
              HasSubstr(": crossbars[0].blocks[0].rows: 0, allowed: an integer from 1 to 2147483648"));
  EXPECT_THAT(map_error(edited(map_text(), "\"crossbars\"", "\"row0\": 0", "\"row0\": -1")),
              HasSubstr(": crossbars[0].blocks[0].row0: -1, allowed:"));
  EXPECT_THAT(program_error(edited(program_text(), "\"layer0\"", "\"crossbar\"", "\"crosbar\"")),
              HasSubstr("crosbar is not one of input, crossbar, vector, pooling, output (did you mean crossbar?)"));
  EXPECT_THAT(map_error(edited(map_text(), "\"cell\"", "\"bits_per_cell\": 4", "\"bits_per_cell\": 4.5")),
              HasSubstr(": chip.cell.bits_per_cell: 4.5, allowed: an integer"));
}

TEST(ProgramFilesErrors, RefuseAChipWhoseSectionsDoNotFitTogether) {
  EXPECT_THAT(map_error(edited(map_text(), "\"crossbar\": {", "\"active_rows\": 16", "\"active_rows\": 17")),
              HasSubstr(": chip: crossbar.active_rows: 17, allowed: at most crossbar.rows = 16"));
}

TEST(ProgramFilesErrors, RefuseTruncatedFiles) {
  const std::string text = map_text();
  for (std::size_t length = 0; length + 2 < text.size(); length += 97) {
    EXPECT_THAT(map_error(text.substr(0, length)), StartsWith("tilemap.json:")) << length;
  }
}

TEST(ProgramFilesErrors, RefuseAFileOfAnotherKindOrVersion) {
  EXPECT_EQ(map_error(program_text()), "tilemap.json:2: schema: crossloom/program is not one of crossloom/tilemap");
  EXPECT_EQ(map_error(edited(map_text(), "", "\"schema_version\": 1", "\"schema_version\": 2")),
            "tilemap.json:3: schema_version: 2, allowed: an integer from 1 to 1");
}

}  // namespace
}  // namespace crossloom
