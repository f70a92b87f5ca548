#include "compiler/import/onnx/constant_folding.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <span>
#include <string_view>
#include <utility>

#include "support/error.h"

namespace crossloom {
namespace {

constexpr std::int64_t kMaxNumbers = 4096;

using Inputs = std::vector<const StoredTensor*>;
using Result = std::optional<StoredTensor>;

std::int64_t integer_attribute(const OnnxNode& node, std::string_view name, std::int64_t otherwise) {
  const OnnxAttribute* attribute = node.find(name);
  return attribute == nullptr ? otherwise : attribute->integer;
}

/// Integers given as an input (newer operator sets) or as an attribute.
std::optional<std::vector<std::int64_t>> integers(const OnnxNode& node, const Inputs& inputs, std::size_t input,
                                                  std::string_view name) {
  if (input < inputs.size() && inputs[input] != nullptr) return integer_numbers(*inputs[input]);
  const OnnxAttribute* attribute = node.find(name);
  return attribute == nullptr ? std::nullopt : std::optional(attribute->integers);
}

StoredTensor with_dims(StoredTensor tensor, std::vector<std::int64_t> dims) {
  tensor.dims = std::move(dims);
  return tensor;
}

/// Picks the numbers at `positions`.
StoredTensor picked(const StoredTensor& from, const std::vector<std::size_t>& positions, std::vector<std::int64_t> dims) {
  StoredTensor result{.dims = std::move(dims), .type = from.type};
  for (const std::size_t position : positions) {
    if (is_integer(from.type)) {
      result.integers.push_back(from.integers[position]);
    } else {
      result.reals.push_back(from.reals[position]);
    }
  }
  return result;
}

bool has_inline_numbers(const StoredTensor& tensor) {
  return std::cmp_equal(tensor.integers.size() + tensor.reals.size(), num_elements(tensor.dims));
}

Result same(const OnnxNode& /*node*/, const Inputs& inputs) { return *inputs[0]; }

Result cast(const OnnxNode& node, const Inputs& inputs) {
  constexpr std::array<std::int64_t, 2> kFloatTypes = {1, 11};  // FLOAT, DOUBLE
  const std::int64_t to = integer_attribute(node, "to", 0);
  const bool to_real = std::ranges::find(kFloatTypes, to) != kFloatTypes.end();
  const bool to_integer = to == 6 || to == 7;  // INT32, INT64
  if (!to_real && !to_integer) return std::nullopt;
  StoredTensor result{.dims = inputs[0]->dims, .type = to_real ? ElementType::kFloat64 : ElementType::kInt64};
  for (const std::int64_t number : inputs[0]->integers) {
    if (to_real) result.reals.push_back(static_cast<double>(number));
    if (to_integer) result.integers.push_back(number);
  }
  for (const double number : inputs[0]->reals) {
    if (to_real) result.reals.push_back(number);
    if (to_integer && !(std::abs(number) < 9e18)) return std::nullopt;
    if (to_integer) result.integers.push_back(static_cast<std::int64_t>(number));
  }
  return result;
}

Result unsqueeze(const OnnxNode& node, const Inputs& inputs) {
  const auto axes = integers(node, inputs, 1, "axes");
  if (!axes || axes->size() > 8) return std::nullopt;
  std::vector<std::int64_t> dims = inputs[0]->dims;
  const std::size_t rank = dims.size() + axes->size();
  std::vector<std::size_t> places;
  for (const std::int64_t axis : *axes) places.push_back(axis_from_front(axis, rank));
  std::ranges::sort(places);
  for (const std::size_t place : places) {
    if (place > dims.size()) return std::nullopt;  // an axis named twice
    dims.insert(dims.begin() + static_cast<std::ptrdiff_t>(place), 1);
  }
  return with_dims(*inputs[0], std::move(dims));
}

Result squeeze(const OnnxNode& node, const Inputs& inputs) {
  const auto axes = integers(node, inputs, 1, "axes");
  const std::vector<std::int64_t>& from = inputs[0]->dims;
  std::vector<bool> is_dropped(from.size(), false);
  for (std::size_t axis = 0; axis < from.size(); ++axis) is_dropped[axis] = !axes && from[axis] == 1;
  for (const std::int64_t axis : axes.value_or(std::vector<std::int64_t>()))
    is_dropped[axis_from_front(axis, from.size())] = true;
  std::vector<std::int64_t> dims;
  for (std::size_t axis = 0; axis < from.size(); ++axis) {
    if (!is_dropped[axis]) dims.push_back(from[axis]);
    if (is_dropped[axis] && from[axis] != 1) return std::nullopt;
  }
  return with_dims(*inputs[0], std::move(dims));
}

Result reshape(const OnnxNode& node, const Inputs& inputs) {
  auto dims = integers(node, inputs, 1, "shape");
  if (!dims) return std::nullopt;
  const std::int64_t count = num_elements(inputs[0]->dims);
  std::int64_t known = 1;
  for (std::size_t axis = 0; axis < dims->size(); ++axis) {
    std::int64_t& extent = (*dims)[axis];
    if (extent == 0 && axis < inputs[0]->dims.size()) extent = inputs[0]->dims[axis];
    if (extent < -1 || extent > kMaxNumbers) return std::nullopt;
    if (extent >= 0) known = std::min(known * extent, kMaxNumbers + 1);
  }
  for (std::int64_t& extent : *dims) {
    if (extent == -1) extent = known > 0 ? count / known : 0;
  }
  if (num_elements(*dims) != count) return std::nullopt;
  return with_dims(*inputs[0], *dims);
}

/// Tensor of the numbers at every combination of indices, one list an axis, the last axis fastest. `strides[i]` is the distance
/// of neighbours along axis i.
StoredTensor picked_grid(const StoredTensor& from, const std::vector<std::vector<std::size_t>>& indices,
                         const std::vector<std::size_t>& strides) {
  std::vector<std::size_t> positions{0};
  std::vector<std::int64_t> dims;
  for (std::size_t axis = 0; axis < indices.size(); ++axis) {
    std::vector<std::size_t> finer;
    for (const std::size_t position : positions) {
      for (const std::size_t index : indices[axis]) finer.push_back(position + index * strides[axis]);
    }
    positions = std::move(finer);
    dims.push_back(static_cast<std::int64_t>(indices[axis].size()));
  }
  return picked(from, positions, std::move(dims));
}

std::vector<std::size_t> dense_strides(const StoredTensor& tensor) {
  std::vector<std::size_t> strides(tensor.dims.size(), 1);
  for (std::size_t axis = strides.size(); axis-- > 1;)
    strides[axis - 1] = strides[axis] * static_cast<std::size_t>(tensor.dims[axis]);
  return strides;
}

/// All indices of each axis.
std::vector<std::vector<std::size_t>> all_indices(const StoredTensor& tensor) {
  std::vector<std::vector<std::size_t>> indices;
  for (const std::int64_t extent : tensor.dims) {
    indices.emplace_back(static_cast<std::size_t>(extent));
    std::iota(indices.back().begin(), indices.back().end(), std::size_t{0});
  }
  return indices;
}

Result concat(const OnnxNode& node, const Inputs& inputs) {
  const std::vector<std::int64_t>& first = inputs[0]->dims;
  const std::size_t axis = axis_from_front(integer_attribute(node, "axis", 1), first.size());
  StoredTensor result{.dims = first, .type = inputs[0]->type};
  result.dims[axis] = 0;
  for (const StoredTensor* input : inputs) {
    std::vector<std::int64_t> dims = input->dims;
    if (dims.size() != first.size() || is_integer(input->type) != is_integer(result.type)) return std::nullopt;
    result.dims[axis] += dims[axis];
    dims[axis] = first[axis];
    if (dims != first) return std::nullopt;
  }
  if (num_elements(result.dims) > kMaxNumbers) return std::nullopt;
  std::int64_t num_outer = 1;
  for (std::size_t i = 0; i < axis; ++i) num_outer *= first[i];
  for (std::int64_t outer = 0; outer < num_outer; ++outer) {
    for (const StoredTensor* input : inputs) {
      const auto append = [&](const auto& from, auto& to) {
        const auto count = static_cast<std::ptrdiff_t>(from.size()) / num_outer;
        to.insert(to.end(), from.begin() + outer * count, from.begin() + (outer + 1) * count);
      };
      append(input->integers, result.integers);
      append(input->reals, result.reals);
    }
  }
  return result;
}

Result gather(const OnnxNode& node, const Inputs& inputs) {
  if (inputs.size() < 2 || inputs[1] == nullptr || !is_integer(inputs[1]->type)) return std::nullopt;
  const StoredTensor& from = *inputs[0];
  const std::size_t axis = axis_from_front(integer_attribute(node, "axis", 0), from.dims.size());
  std::vector<std::vector<std::size_t>> indices = all_indices(from);
  indices[axis].clear();
  for (const std::int64_t index : inputs[1]->integers)
    indices[axis].push_back(axis_from_front(index, static_cast<std::size_t>(from.dims[axis])));
  std::int64_t count = 1;
  for (const std::vector<std::size_t>& along : indices) count *= static_cast<std::int64_t>(along.size());
  if (count > kMaxNumbers) return std::nullopt;
  StoredTensor result = picked_grid(from, indices, dense_strides(from));
  const auto place = result.dims.begin() + static_cast<std::ptrdiff_t>(axis);
  result.dims.insert(result.dims.erase(place), inputs[1]->dims.begin(), inputs[1]->dims.end());
  return result;
}

/// Indices start, start + step, ... before `end` of an axis, bounds clamped (ONNX operator Slice).
std::vector<std::size_t> stepped_indices(std::int64_t start, std::int64_t end, std::int64_t step, std::int64_t extent) {
  std::vector<std::size_t> indices;
  if (step > 0) {
    const SliceBounds bounds = slice_bounds(start, end, extent);
    for (std::int64_t i = 0; i < bounds.count; i += std::min(step, extent))
      indices.push_back(static_cast<std::size_t>(bounds.first + i));
    return indices;
  }
  const auto clamped = [extent](std::int64_t bound, std::int64_t lowest) {
    const std::int64_t from_front = bound < 0 ? std::max(bound, -extent - 1) + extent : bound;
    return std::clamp(from_front, lowest, extent - 1);
  };
  const std::int64_t last = clamped(end, -1);
  for (std::int64_t i = clamped(start, 0); i > last; i -= std::min(-std::max(step, -extent), extent))
    indices.push_back(static_cast<std::size_t>(i));
  return indices;
}

Result slice(const OnnxNode& node, const Inputs& inputs) {
  const StoredTensor& from = *inputs[0];
  const auto starts = integers(node, inputs, 1, "starts");
  const auto ends = integers(node, inputs, 2, "ends");
  auto axes = integers(node, inputs, 3, "axes");
  const auto steps = integers(node, inputs, 4, "steps");
  if (!starts || !ends || starts->size() != ends->size() || num_elements(from.dims) == 0) return std::nullopt;
  if (!axes) {
    axes.emplace(starts->size());
    std::iota(axes->begin(), axes->end(), std::int64_t{0});
  }
  if (axes->size() != starts->size() || (steps && steps->size() != starts->size())) return std::nullopt;
  std::vector<std::vector<std::size_t>> indices = all_indices(from);
  for (std::size_t i = 0; i < axes->size(); ++i) {
    const std::size_t axis = axis_from_front((*axes)[i], from.dims.size());
    const std::int64_t step = steps ? (*steps)[i] : 1;
    if (step == 0) throw UserError("a step of 0");
    indices[axis] = stepped_indices((*starts)[i], (*ends)[i], step, from.dims[axis]);
  }
  return picked_grid(from, indices, dense_strides(from));
}

Result transpose(const OnnxNode& node, const Inputs& inputs) {
  const StoredTensor& from = *inputs[0];
  std::vector<std::int64_t> order(from.dims.size());
  for (std::size_t axis = 0; axis < order.size(); ++axis) order[axis] = static_cast<std::int64_t>(order.size() - 1 - axis);
  const OnnxAttribute* asked = node.find("perm");
  if (asked != nullptr) {
    if (!std::ranges::is_permutation(asked->integers, order)) return std::nullopt;
    order = asked->integers;
  }
  const std::vector<std::vector<std::size_t>> indices = all_indices(from);
  const std::vector<std::size_t> strides = dense_strides(from);
  std::vector<std::vector<std::size_t>> new_indices;
  std::vector<std::size_t> new_strides;
  for (const std::int64_t axis : order) {
    new_indices.push_back(indices[static_cast<std::size_t>(axis)]);
    new_strides.push_back(strides[static_cast<std::size_t>(axis)]);
  }
  return picked_grid(from, new_indices, new_strides);
}

Result constant_of_shape(const OnnxNode& node, const Inputs& inputs) {
  const auto dims = integer_numbers(*inputs[0]);
  if (!dims) return std::nullopt;
  const OnnxAttribute* value = node.find("value");
  StoredTensor result{.dims = *dims, .type = ElementType::kFloat32, .fill = 0.0};
  if (value != nullptr && value->tensor) {
    result.type = value->tensor->type;
    if (!value->tensor->reals.empty()) result.fill = value->tensor->reals.front();
    if (!value->tensor->integers.empty()) result.fill = static_cast<double>(value->tensor->integers.front());
  }
  const std::int64_t count = num_elements(result.dims);
  if (count <= kMaxNumbers && is_integer(result.type)) {
    result.integers.assign(static_cast<std::size_t>(count), static_cast<std::int64_t>(*result.fill));
    result.fill.reset();
  }
  return result;
}

/// Extents without the ones in front, which broadcasting adds.
std::span<const std::int64_t> inner_dims(const StoredTensor& tensor) {
  const auto first = std::ranges::find_if(tensor.dims, [](std::int64_t extent) { return extent != 1; });
  return {first, tensor.dims.end()};
}

/// Element-wise, with one of the operands a single number or both of one shape.
Result arithmetic(const OnnxNode& node, const Inputs& inputs) {
  if (inputs.size() != 2 || inputs[1] == nullptr) return std::nullopt;
  const bool are_integers = is_integer(inputs[0]->type) && is_integer(inputs[1]->type);
  const auto count = [](const StoredTensor& tensor) { return tensor.integers.size() + tensor.reals.size(); };
  const std::size_t counts[] = {count(*inputs[0]), count(*inputs[1])};
  const bool is_one_shape = std::ranges::equal(inner_dims(*inputs[0]), inner_dims(*inputs[1]));
  if (!is_one_shape && counts[0] != 1 && counts[1] != 1) return std::nullopt;
  // That of more numbers, or of the higher rank.
  const auto size = [&](std::size_t i) { return std::pair(counts[i], inputs[i]->dims.size()); };
  StoredTensor result{.dims = inputs[size(0) >= size(1) ? 0 : 1]->dims,
                      .type = are_integers ? ElementType::kInt64 : ElementType::kFloat64};
  const auto number = [](const StoredTensor& tensor, std::size_t i) {
    return is_integer(tensor.type) ? static_cast<double>(tensor.integers[i]) : tensor.reals[i];
  };
  for (std::size_t i = 0; i < std::max(counts[0], counts[1]); ++i) {
    const double a = number(*inputs[0], counts[0] == 1 ? 0 : i);
    const double b = number(*inputs[1], counts[1] == 1 ? 0 : i);
    if (node.op_type == "Div" && b == 0) throw UserError("a division by zero");
    double value = node.op_type == "Add" ? a + b : node.op_type == "Sub" ? a - b : node.op_type == "Mul" ? a * b : a / b;
    if (!are_integers) {
      result.reals.push_back(value);
      continue;
    }
    value = std::trunc(value);
    constexpr double kExact = 9007199254740992.0;  // 2^53: beyond, a double no longer holds every integer
    if (!(std::abs(value) < kExact)) throw UserError("a number that overflows");
    result.integers.push_back(static_cast<std::int64_t>(value));
  }
  return result;
}

struct Folder {
  std::string_view op_type;
  Result (*fold)(const OnnxNode&, const Inputs&);
  enum Needs { kShape, kNumbers } needs = kNumbers;  ///< of the first input
};
constexpr auto kFolders = std::to_array<Folder>({{"Add", arithmetic},
                                                 {"Cast", cast},
                                                 {"Concat", concat},
                                                 {"ConstantOfShape", constant_of_shape},
                                                 {"Div", arithmetic},
                                                 {"Gather", gather},
                                                 {"Identity", same, Folder::kShape},
                                                 {"Mul", arithmetic},
                                                 {"Reshape", reshape, Folder::kShape},
                                                 {"Slice", slice},
                                                 {"Squeeze", squeeze, Folder::kShape},
                                                 {"Sub", arithmetic},
                                                 {"Transpose", transpose},
                                                 {"Unsqueeze", unsqueeze, Folder::kShape}});

}  // namespace

std::optional<StoredTensor> fold_constants(const OnnxNode& node, const std::vector<const StoredTensor*>& inputs) {
  const auto folder = std::ranges::find(kFolders, node.op_type, &Folder::op_type);
  if (folder == kFolders.end() || inputs.empty() || inputs[0] == nullptr) return std::nullopt;
  for (std::size_t i = folder->needs == Folder::kNumbers ? 0 : 1; i < inputs.size(); ++i) {
    if (inputs[i] != nullptr && !has_inline_numbers(*inputs[i])) return std::nullopt;
  }
  const bool has_hole = std::ranges::find(inputs, nullptr) != inputs.end();
  if (has_hole && node.op_type == "Concat") return std::nullopt;
  Result result = folder->fold(node, inputs);
  if (result && !result->fill && num_elements(result->dims) > kMaxNumbers) return std::nullopt;
  return result;
}

std::optional<std::vector<std::int64_t>> integer_numbers(const StoredTensor& tensor) {
  if (!is_integer(tensor.type) || tensor.fill || !tensor.ranges.empty()) return std::nullopt;
  return tensor.integers;
}

std::size_t axis_from_front(std::int64_t axis, std::size_t rank) {
  const auto signed_rank = static_cast<std::int64_t>(rank);
  if (axis < -signed_rank || axis >= signed_rank)
    throw UserError(fmt::format("axis {}, allowed: {} to {}", axis, -signed_rank, signed_rank - 1));
  return static_cast<std::size_t>(axis < 0 ? axis + signed_rank : axis);
}

SliceBounds slice_bounds(std::int64_t start, std::int64_t end, std::int64_t extent) {
  const auto clamped = [extent](std::int64_t bound) {
    return std::clamp<std::int64_t>(bound < 0 ? std::max<std::int64_t>(bound, -extent) + extent : bound, 0, extent);
  };
  const std::int64_t first = clamped(start);
  return {.first = first, .count = std::max<std::int64_t>(clamped(end) - first, 0)};
}

}  // namespace crossloom
