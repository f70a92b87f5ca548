#include "cli/folder_checks.h"

#include <filesystem>
#include <optional>
#include <utility>

#include "cli/output_folder.h"
#include "compiler/compile_tables.h"
#include "simulator/metrics/metrics_files.h"
#include "simulator/metrics/verify_metrics.h"
#include "simulator/program/program_files.h"
#include "simulator/program/verify_program.h"
#include "support/document.h"
#include "support/error.h"

namespace crossloom {
namespace {

class FolderChecker {
 public:
  explicit FolderChecker(std::string folder) : folder_(std::move(folder)) {}

  [[nodiscard]] std::vector<FolderCheck> run() {
    const std::string tile_map_text = read_text_file(path_in(folder_, kTileMapFile));
    const std::string program_text = read_text_file(path_in(folder_, kProgramFile));
    const auto tile_map = read(kTileMapFile, [&](const auto& path) { return load_tile_map(tile_map_text, path); });
    const auto program = read(kProgramFile, [&](const auto& path) { return load_program(program_text, path); });
    const bool is_map_sound = tile_map && add("tilemap.json: the blocks of every copy rebuild its weight matrix exactly",
                                              kTileMapFile, verify_tile_map(tile_map->content));
    const bool is_program_sound =
        program && add("program.json: every window runs once, on what exists", kProgramFile, verify_program(program->content));
    if (tile_map && program) {
      add("program.json runs the blocks of tilemap.json where they lie", kProgramFile,
          verify_agreement(tile_map->content, program->content));
    }
    if (tile_map) add_edits(kTileMapFile, tile_map->edits);
    if (program) add_edits(kProgramFile, program->edits);
    if (is_map_sound) check_blocks_table(tile_map->content);
    if (is_program_sound) check_metrics(program->content);
    return std::move(checks_);
  }

 private:
  /// What `load` returns; nothing when it refuses the file, which is then a finding.
  template <class Load>
  auto read(std::string_view file, Load&& load) -> std::optional<decltype(load(std::string()))> {
    FolderCheck check{.name = std::string(file) + ": every value is there and within its bounds", .findings = {}};
    std::optional<decltype(load(std::string()))> content;
    try {
      content = load(path_in(folder_, file));
    } catch (const UserError& error) {
      check.findings.emplace_back(error.what());
    }
    checks_.push_back(std::move(check));
    return content;
  }

  /// Returns whether the check passed.
  bool add(std::string name, std::string_view file, const std::vector<std::string>& findings) {
    FolderCheck check{.name = std::move(name), .findings = {}};
    for (const std::string& finding : findings) check.findings.push_back(path_in(folder_, file) + ": " + finding);
    checks_.push_back(std::move(check));
    return findings.empty();
  }

  /// The messages of an edit name the file already.
  void add_edits(std::string_view file, const std::vector<std::string>& edits) {
    checks_.push_back({.name = std::string(file) + ": not edited since it was written", .findings = edits});
  }

  void check_blocks_table(const TileMap& tile_map) {
    const std::string path = path_in(folder_, kBlocksFile);
    if (!std::filesystem::exists(path)) return;
    std::vector<std::string> findings;
    if (read_text_file(path) != blocks_csv(tile_map)) findings.emplace_back("is not the table of tilemap.json");
    add("blocks.csv: the table of tilemap.json", kBlocksFile, findings);
  }

  void check_metrics(const PlacedProgram& program) {
    const std::string path = path_in(folder_, kMetricsFile);
    if (!std::filesystem::exists(path)) return;
    const std::string text = read_text_file(path);
    const auto metrics = read(kMetricsFile, [&](const auto& name) { return metrics_from_json(text, name); });
    if (metrics) add("metrics.json: agrees with the program and with itself", kMetricsFile, verify_metrics(*metrics, program));
  }

  std::string folder_;
  std::vector<FolderCheck> checks_;
};

}  // namespace

std::vector<FolderCheck> check_folder(const std::string& folder) { return FolderChecker(folder).run(); }

}  // namespace crossloom
