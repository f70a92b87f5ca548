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

/// Path of a file in the folder.
[[nodiscard]] std::string path_in(const std::string& folder, std::string_view file);

/// Writes the files of a compilation, and `metrics_json` (the text of metrics.json) unless empty; otherwise a metrics.json of
/// an earlier compilation is removed. All or nothing: on UserError the folder is as it was.
void write_compilation(const std::string& folder, const CompiledNetwork& compiled, std::string_view metrics_json);

/// Reads the program of a folder for a run. Throws UserError when a file is missing or was edited, or when the tile map beside
/// the program is of another compilation.
[[nodiscard]] PlacedProgram load_compiled_program(const std::string& folder);

}  // namespace crossloom
