#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "compiler/compile.h"

/// The files of an output folder. A folder holds one compilation: writing a new one takes the results of the earlier one away.
namespace crossloom {

inline constexpr std::string_view kTileMapFile = "tilemap.json";
inline constexpr std::string_view kProgramFile = "program.json";
inline constexpr std::string_view kBlocksFile = "blocks.csv";
inline constexpr std::string_view kLayersFile = "layers.csv";
inline constexpr std::string_view kMetricsFile = "metrics.json";
inline constexpr std::string_view kReportFile = "report.html";
inline constexpr std::string_view kAccuracyFile = "accuracy.json";

/// Path of a file in the folder.
[[nodiscard]] std::string path_in(const std::string& folder, std::string_view file);

/// What a run adds to a compilation; empty texts for one that was not simulated.
struct RunTexts {
  std::string metrics_json;
  std::string report_html;
};

/// Writes the files of a compilation, and metrics.json and report.html unless their texts are empty; otherwise those of an
/// earlier compilation are removed. All or nothing: on UserError the folder is as it was.
void write_compilation(const std::string& folder, const CompiledNetwork& compiled, const RunTexts& run = {});

/// Writes metrics.json and removes a report.html that shows earlier metrics. All or nothing likewise.
void write_metrics(const std::string& folder, std::string_view metrics_json);

/// Reads the program of a folder for a run. Throws UserError when a file is missing or was edited, or when the tile map beside
/// the program is of another compilation.
[[nodiscard]] PlacedProgram load_compiled_program(const std::string& folder);

}  // namespace crossloom
