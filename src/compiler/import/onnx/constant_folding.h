#pragma once

#include <optional>
#include <vector>

#include "compiler/import/onnx/onnx_model.h"

namespace crossloom {

/// Result of a node whose inputs are all small constants with inline numbers (null: left out): the arithmetic on shapes that
/// exporters leave in the graph. Nothing for an operator or a case that it does not know. Throws UserError for inputs that the
/// operator refuses. At most 4096 numbers.
[[nodiscard]] std::optional<StoredTensor> fold_constants(const OnnxNode& node, const std::vector<const StoredTensor*>& inputs);

/// Numbers of a tensor as integers; nothing when it has none or they are not whole.
[[nodiscard]] std::optional<std::vector<std::int64_t>> integer_numbers(const StoredTensor& tensor);

/// Axis counted from the front: -1 is the last. Throws UserError outside -rank .. rank - 1.
[[nodiscard]] std::size_t axis_from_front(std::int64_t axis, std::size_t rank);

/// Bounds of a slice clamped to an extent: negative ones count from the end (ONNX operator Slice).
struct SliceBounds {
  std::int64_t first = 0;
  std::int64_t count = 0;
};
[[nodiscard]] SliceBounds slice_bounds(std::int64_t start, std::int64_t end, std::int64_t extent);

}  // namespace crossloom
