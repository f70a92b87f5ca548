#include "compiler/import/onnx/graph_inputs.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <set>
#include <string_view>

#include "support/error.h"

namespace crossloom {
namespace {

/// Operators whose operands after the first are weights.
constexpr std::array<std::string_view, 3> kWeighted = {"Conv", "Gemm", "MatMul"};

bool is_weight(const OnnxValue& input, std::span<const OnnxNode* const> nodes) {
  const auto is_known = [](const std::optional<std::int64_t>& extent) { return extent.has_value(); };
  if (!input.dims || !std::ranges::all_of(*input.dims, is_known)) return false;
  return std::ranges::all_of(nodes, [&](const OnnxNode* node) {
    const auto place = std::ranges::find(node->inputs, input.name);
    if (place == node->inputs.end()) return true;
    const bool is_weighted = node->domain.empty() && std::ranges::find(kWeighted, node->op_type) != kWeighted.end();
    return place != node->inputs.begin() && (is_weighted || input.dims->size() <= 1);
  });
}

}  // namespace

GraphInputs graph_inputs(const OnnxModel& model, std::span<const OnnxNode* const> nodes) {
  std::set<std::string_view> read;
  for (const OnnxNode* node : nodes) read.insert(node->inputs.begin(), node->inputs.end());
  std::set<std::string_view> outputs;
  for (const OnnxValue& output : model.outputs) outputs.insert(output.name);
  GraphInputs result;
  for (const OnnxValue& input : model.inputs) {
    const bool is_output = outputs.contains(input.name);
    if (!read.contains(input.name) && !is_output) continue;
    if (!is_output && is_weight(input, nodes)) {
      result.weights.push_back(&input);
    } else if (result.image != nullptr) {
      throw UserError(fmt::format("inputs {} and {}, allowed: one input", result.image->name, input.name));
    } else {
      result.image = &input;
    }
  }
  if (result.image == nullptr) throw UserError("no node depends on an input of the graph, allowed: one input");
  return result;
}

}  // namespace crossloom
