#pragma once

#include <string>

#include "compiler/import/load_network.h"
#include "compiler/import/onnx/onnx_model.h"

namespace crossloom {

/// Reads a network from an ONNX file (docs/onnx.md: operators, patterns, limits). The weights stay in the file; the result's
/// WeightStore knows where they lie. Throws UserError `path: ...` or `path: node NAME (Operator): ...` for what a user must
/// fix. O(size of the graph log nodes); the numbers of large tensors are not read.
[[nodiscard]] NetworkFile import_onnx(const std::string& path, const NetworkOptions& options = {});
/// The same of a model in memory; errors name its `path`.
[[nodiscard]] NetworkFile import_onnx(const OnnxModel& model, const NetworkOptions& options = {});

}  // namespace crossloom
