#include "cli/run_results.h"

#include <filesystem>

#include "simulator/metrics/metrics_files.h"
#include "simulator/program/program_files.h"
#include "support/document.h"
#include "support/error.h"

namespace crossloom {

RunResults load_run_results(const std::string& folder) {
  const std::string map_path = path_in(folder, kTileMapFile);
  RunResults results = {.tile_map = tile_map_from_json(read_text_file(map_path), map_path), .metrics = {}};
  const std::string metrics_path = path_in(folder, kMetricsFile);
  if (!std::filesystem::exists(metrics_path)) return results;
  results.metrics = metrics_from_json(read_text_file(metrics_path), metrics_path);
  if (results.metrics->network != results.tile_map.network || results.metrics->chip != results.tile_map.chip.name) {
    throw UserError(metrics_path + ": is of another run than " + std::string(kTileMapFile));
  }
  return results;
}

}  // namespace crossloom
