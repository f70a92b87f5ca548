#pragma once

#include <span>
#include <vector>

#include "compiler/import/onnx/onnx_model.h"

namespace crossloom {

/// What the inputs of a graph are.
struct GraphInputs {
  const OnnxValue* image = nullptr;
  /// Learned numbers that the file leaves to whoever runs it, as exporters write that are told to leave the weights out.
  std::vector<const OnnxValue*> weights;
};

/// Tells the image from the weights among the inputs that `nodes` or the graph's outputs read. An input is a weight when its
/// extents are known and each reader takes it for one: as a later operand of a Conv, Gemm or MatMul, or, of rank 1 or less, as
/// a later operand of any operator. Throws UserError unless one input is left as the image.
[[nodiscard]] GraphInputs graph_inputs(const OnnxModel& model, std::span<const OnnxNode* const> nodes);

}  // namespace crossloom
