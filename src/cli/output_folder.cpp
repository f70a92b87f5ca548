#include "cli/output_folder.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>

#include "compiler/compile_tables.h"
#include "simulator/program/program_files.h"
#include "simulator/program/verify_program.h"
#include "support/atomic_file.h"
#include "support/document.h"
#include "support/error.h"
#include "support/json.h"

namespace crossloom {
namespace {

/// Takes a file aside; puts it back unless `discard` is called.
class SetAside {
 public:
  explicit SetAside(std::string path) : path_(std::move(path)), aside_path_(fmt::format("{}.earlier-{}", path_, ::getpid())) {
    if (std::rename(path_.c_str(), aside_path_.c_str()) == 0) {
      exists_ = true;
    } else if (errno != ENOENT && errno != ENOTDIR) {
      throw UserError(path_ + ": cannot be removed: " + std::generic_category().message(errno));
    }
  }
  SetAside(const SetAside&) = delete;
  SetAside& operator=(const SetAside&) = delete;
  ~SetAside() {
    if (exists_) static_cast<void>(std::rename(aside_path_.c_str(), path_.c_str()));
  }

  void discard() {
    std::error_code ignored;  // what stays under its other name is read by nobody
    std::filesystem::remove_all(aside_path_, ignored);
    exists_ = false;
  }

 private:
  std::string path_;
  std::string aside_path_;
  bool exists_ = false;
};

}  // namespace

std::string path_in(const std::string& folder, std::string_view file) {
  return (std::filesystem::path(folder) / file).string();
}

void write_compilation(const std::string& folder, const CompiledNetwork& compiled, const RunTexts& run) {
  const std::string tile_map_json = tile_map_to_json(compiled.tile_map);
  std::vector<std::pair<std::string, std::string>> files = {
      {std::string(kTileMapFile), tile_map_json},
      {std::string(kProgramFile), program_to_json(compiled.program, tile_map_json)},
      {std::string(kBlocksFile), blocks_csv(compiled.tile_map)},
      {std::string(kLayersFile), layers_csv(compiled.layers)}};
  if (!run.metrics_json.empty()) files.emplace_back(kMetricsFile, run.metrics_json);
  if (!run.report_html.empty()) files.emplace_back(kReportFile, run.report_html);
  SetAside earlier_metrics(path_in(folder, kMetricsFile));
  SetAside earlier_report(path_in(folder, kReportFile));
  write_files_atomically(folder, files);
  earlier_metrics.discard();
  earlier_report.discard();
}

void write_metrics(const std::string& folder, std::string_view metrics_json) {
  SetAside earlier_report(path_in(folder, kReportFile));
  write_file_atomically(path_in(folder, kMetricsFile), metrics_json);
  earlier_report.discard();
}

PlacedProgram load_compiled_program(const std::string& folder) {
  const std::string program_path = path_in(folder, kProgramFile);
  const std::string tile_map_path = path_in(folder, kTileMapFile);
  LoadedFile<PlacedProgram> file = load_program(read_text_file(program_path), program_path);
  if (!file.edits.empty()) throw UserError(file.edits.front());
  PlacedProgram program = std::move(file.content);
  const std::string tile_map_json = read_text_file(tile_map_path);
  // compile() has verified the pair that it wrote.
  if (content_hash(tile_map_json) == file.tile_map_hash) return program;
  const std::vector<std::string> findings = verify_agreement(tile_map_from_json(tile_map_json, tile_map_path), program);
  if (!findings.empty()) {
    throw UserError(fmt::format("{}: does not agree with {}: {}", program_path, kTileMapFile, findings.front()));
  }
  return program;
}

}  // namespace crossloom
