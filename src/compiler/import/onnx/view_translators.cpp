#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "compiler/import/onnx/constant_folding.h"
#include "compiler/import/onnx/graph_values.h"
#include "support/error.h"

namespace crossloom {
namespace {

std::string text(const std::vector<std::int64_t>& dims) { return fmt::format("{}", fmt::join(dims, "x")); }

/// The look under this node's name.
TensorView named(const NodeTranslation& node, TensorView view) {
  view.name = node.name();
  return view;
}

/// Result `output`: a part of the tensor that input 0 is. Of an image in its own order it is a layer at once, where the file
/// has it; of anything else a look.
void set_part(NodeTranslation& node, std::size_t output, TensorView part) {
  const TensorView& from = node.view(0);
  const std::size_t rank = part.dims.size();
  const bool is_image = rank == 4 && from.dims == image_dims(node.shape_of(from.layer), rank) && is_in_order(from);
  if (is_image) {
    node.set_layer(output, node.image_of(part), rank);
  } else {
    node.set(output, std::move(part));
  }
}

/// Gives output 0 the values of input 0 in other extents; through a layer of its own where no look can.
bool set_reshaped(NodeTranslation& node, const std::vector<std::int64_t>& dims) {
  std::optional<TensorView> look = reshaped(node.view(0), dims);
  if (!look) {
    const std::int64_t layer = node.in_order(0);
    node.set(0, whole_view(layer, dims));
    return true;
  }
  node.set(0, named(node, std::move(*look)));
  return true;
}

/// Target extents of Reshape with its 0 (as the input's) and -1 (what is left) settled.
std::vector<std::int64_t> settled_extents(const NodeTranslation& node, const std::vector<std::int64_t>& asked) {
  const std::vector<std::int64_t>& from = node.view(0).dims;
  const bool keeps_zero = node.integer("allowzero", 0) != 0;
  const std::int64_t count = product(from);
  std::vector<std::int64_t> dims = asked;
  const auto fail = [&] {
    throw UserError(fmt::format("a tensor of extents {} cannot be read as {}", text(from), text(asked)));
  };
  // The batch the file was written for, where one sample is translated.
  if (!dims.empty() && node.declared_batch() > 1 && dims[0] == node.declared_batch() && from[0] == 1) dims[0] = 1;
  std::int64_t known = 1;
  std::int64_t* open = nullptr;
  for (std::size_t axis = 0; axis < dims.size(); ++axis) {
    if (dims[axis] == 0 && !keeps_zero && axis < from.size()) dims[axis] = from[axis];
    if (dims[axis] == -1 && open == nullptr) {
      open = &dims[axis];
      continue;
    }
    if (dims[axis] < 1 || dims[axis] > count / known) fail();
    known *= dims[axis];
  }
  if (open != nullptr) *open = count / known;
  if (product(dims) != count) fail();
  return dims;
}

bool reshape(NodeTranslation& node) {
  const auto asked = node.integers(1, "shape");
  if (!asked) throw UserError("no shape is given");
  return set_reshaped(node, settled_extents(node, *asked));
}

bool flatten(NodeTranslation& node) {
  const std::vector<std::int64_t>& from = node.view(0).dims;
  const std::int64_t asked = node.integer("axis", 1);
  const std::size_t axis = asked == static_cast<std::int64_t>(from.size()) ? from.size() : axis_from_front(asked, from.size());
  const std::span<const std::int64_t> extents(from);
  return set_reshaped(node, {product(extents.first(axis)), product(extents.subspan(axis))});
}

bool squeeze(NodeTranslation& node) {
  const std::vector<std::int64_t>& from = node.view(0).dims;
  const auto axes = node.integers(1, "axes");
  std::vector<bool> is_dropped(from.size(), false);
  for (std::size_t axis = 0; axis < from.size(); ++axis) is_dropped[axis] = !axes && from[axis] == 1;
  if (axes) {
    for (const std::int64_t axis : *axes) is_dropped[axis_from_front(axis, from.size())] = true;
  }
  std::vector<std::int64_t> dims;
  for (std::size_t axis = 0; axis < from.size(); ++axis) {
    if (is_dropped[axis] && from[axis] != 1) throw UserError(fmt::format("axis {} of extents {} is not 1", axis, text(from)));
    if (!is_dropped[axis]) dims.push_back(from[axis]);
  }
  return set_reshaped(node, dims);
}

bool unsqueeze(NodeTranslation& node) {
  const auto axes = node.integers(1, "axes");
  if (!axes) throw UserError("no axes are given");
  std::vector<std::int64_t> dims = node.view(0).dims;
  const std::size_t rank = dims.size() + axes->size();
  std::vector<std::size_t> places;
  for (const std::int64_t axis : *axes) places.push_back(axis_from_front(axis, rank));
  std::ranges::sort(places);
  if (std::ranges::adjacent_find(places) != places.end()) throw UserError("an axis is named twice");
  for (const std::size_t place : places) dims.insert(dims.begin() + static_cast<std::ptrdiff_t>(place), 1);
  return set_reshaped(node, dims);
}

/// Axes in their new order; the reverse when none is given.
std::vector<std::int64_t> permutation(const NodeTranslation& node, std::size_t rank) {
  std::vector<std::int64_t> order;
  for (std::size_t axis = rank; axis-- > 0;) order.push_back(static_cast<std::int64_t>(axis));
  const auto asked = node.integers("perm");
  if (!asked) return order;
  if (!std::ranges::is_permutation(*asked, order))
    throw UserError(fmt::format("perm {} of a tensor of rank {}", text(*asked), rank));
  return *asked;
}

bool transpose(NodeTranslation& node) {
  if (!node.is_constant(0)) {
    const TensorView& view = node.view(0);
    node.set(0, named(node, transposed(view, permutation(node, view.dims.size()))));
    return true;
  }
  WeightTensor tensor = node.constant(0);
  const std::size_t rank = tensor.stored.dims.size();
  std::vector<std::int64_t> order = permutation(node, rank);
  if (!tensor.permutation.empty()) {
    for (std::int64_t& axis : order) axis = tensor.permutation[static_cast<std::size_t>(axis)];
  }
  tensor.permutation = std::move(order);
  node.set(0, std::make_shared<const WeightTensor>(std::move(tensor)));
  return true;
}

bool slice(NodeTranslation& node) {
  const auto starts = node.integers(1, "starts");
  const auto ends = node.integers(2, "ends");
  if (!starts || !ends || starts->size() != ends->size()) throw UserError("starts and ends of different length");
  std::vector<std::int64_t> every;
  for (std::size_t i = 0; i < starts->size(); ++i) every.push_back(static_cast<std::int64_t>(i));
  const std::vector<std::int64_t> axes = node.integers(3, "axes").value_or(every);
  const std::vector<std::int64_t> steps = node.integers(4, "steps").value_or(std::vector<std::int64_t>(starts->size(), 1));
  if (axes.size() != starts->size() || steps.size() != starts->size()) throw UserError("axes or steps of another length");
  TensorView view = node.view(0);
  for (std::size_t i = 0; i < axes.size(); ++i) {
    const std::size_t axis = axis_from_front(axes[i], view.dims.size());
    if (steps[i] < 1) return false;
    const SliceBounds bounds = slice_bounds((*starts)[i], (*ends)[i], view.dims[axis]);
    if (bounds.count < 1) throw UserError(fmt::format("leaves nothing of axis {} of extents {}", axis, text(view.dims)));
    view = sliced(view, axis, bounds.first, (bounds.count - 1) / steps[i] + 1, steps[i]);
  }
  set_part(node, 0, named(node, std::move(view)));
  return true;
}

/// Extents of the parts: given, or as equal as can be.
std::vector<std::int64_t> part_sizes(const NodeTranslation& node, std::int64_t extent) {
  const auto given = node.integers(1, "split");
  if (given) return *given;
  const auto num_parts = static_cast<std::int64_t>(node.node().outputs.size());
  if (num_parts < 1) throw UserError("no outputs");
  const std::int64_t size = (extent + num_parts - 1) / num_parts;
  std::vector<std::int64_t> sizes(static_cast<std::size_t>(num_parts), size);
  sizes.back() = extent - size * (num_parts - 1);
  return sizes;
}

bool split(NodeTranslation& node) {
  const TensorView view = node.view(0);
  const std::size_t axis = axis_from_front(node.integer("axis", 0), view.dims.size());
  const std::vector<std::int64_t> sizes = part_sizes(node, view.dims[axis]);
  if (sizes.size() != node.node().outputs.size())
    throw UserError(fmt::format("{} parts for {} outputs", sizes.size(), node.node().outputs.size()));
  std::int64_t first = 0;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    if (sizes[i] < 1 || sizes[i] > view.dims[axis] - first)
      throw UserError(fmt::format("parts {} of an axis of {}", text(sizes), view.dims[axis]));
    TensorView part = sliced(view, axis, first, sizes[i]);
    part.name = node.node().outputs[i].empty() ? node.name() : node.node().outputs[i];
    set_part(node, i, std::move(part));
    first += sizes[i];
  }
  if (first != view.dims[axis]) throw UserError(fmt::format("parts {} of an axis of {}", text(sizes), view.dims[axis]));
  return true;
}

/// One index of an axis, or neighbouring ones.
bool gather(NodeTranslation& node) {
  const TensorView& view = node.view(0);
  const std::size_t axis = axis_from_front(node.integer("axis", 0), view.dims.size());
  const StoredTensor& indices = node.constant(1).stored;
  const auto numbers = integer_numbers(indices);
  if (!numbers || numbers->empty() || indices.dims.size() > 1) return false;
  const auto first = static_cast<std::int64_t>(axis_from_front(numbers->front(), static_cast<std::size_t>(view.dims[axis])));
  for (std::size_t i = 1; i < numbers->size(); ++i) {
    if ((*numbers)[i] != first + static_cast<std::int64_t>(i)) return false;
  }
  const auto count = static_cast<std::int64_t>(numbers->size());
  if (first + count > view.dims[axis])
    throw UserError(fmt::format("index {} of an axis of {}", first + count - 1, view.dims[axis]));
  TensorView part = named(node, sliced(view, axis, first, count));
  if (indices.dims.empty()) {
    const auto at = static_cast<std::ptrdiff_t>(axis);
    part.dims.erase(part.dims.begin() + at);
    part.strides.erase(part.strides.begin() + at);
  }
  node.set(0, std::move(part));
  return true;
}

bool shape(NodeTranslation& node) {
  std::vector<std::int64_t> dims = node.is_constant(0) ? dims_of(node.constant(0)) : node.view(0).dims;
  const auto rank = static_cast<std::int64_t>(dims.size());
  const SliceBounds bounds =
      slice_bounds(node.integer("start", 0), node.integer("end", std::numeric_limits<std::int64_t>::max()), rank);
  WeightTensor result;
  result.stored.type = ElementType::kInt64;
  for (std::int64_t i = 0; i < bounds.count; ++i)
    result.stored.integers.push_back(dims[static_cast<std::size_t>(bounds.first + i)]);
  result.stored.dims = {bounds.count};
  node.set(0, std::make_shared<const WeightTensor>(std::move(result)));
  return true;
}

/// Values repeated along axes of extent 1, and along new axes in front: a look that steps by 0.
bool expand(NodeTranslation& node) {
  TensorView view = node.view(0);
  const auto asked = node.integers(1, "shape");
  if (!asked) throw UserError("no shape is given");
  const std::size_t rank = std::max(view.dims.size(), asked->size());
  const auto with_rank = [rank](std::vector<std::int64_t> extents, std::int64_t filler) {
    extents.insert(extents.begin(), rank - extents.size(), filler);
    return extents;
  };
  view.dims = with_rank(view.dims, 1);
  view.strides = with_rank(view.strides, 0);
  const std::vector<std::int64_t> target = with_rank(*asked, 1);
  for (std::size_t axis = 0; axis < rank; ++axis) {
    const std::int64_t extent = axis == 0 && target[0] == node.declared_batch() ? 1 : target[axis];
    if (extent == 1 || extent == view.dims[axis]) continue;
    if (view.dims[axis] != 1 || extent < 1 || extent > kMaxExtent)
      throw UserError(fmt::format("extents {} cannot be expanded to {}", text(node.view(0).dims), text(*asked)));
    view.dims[axis] = extent;
    view.strides[axis] = 0;
  }
  node.set(0, named(node, std::move(view)));
  return true;
}

bool concat(NodeTranslation& node) {
  const std::vector<std::int64_t> first = node.view(0).dims;
  const std::size_t axis = axis_from_front(node.integer("axis", 1), first.size());
  std::vector<std::int64_t> dims = first;
  dims[axis] = 0;
  Layer layer{.kind = LayerKind::kConcat};
  for (std::size_t i = 0; i < node.num_inputs(); ++i) {
    std::vector<std::int64_t> other = node.view(i).dims;
    if (other.size() != first.size()) throw UserError(fmt::format("operands of extents {} and {}", text(first), text(other)));
    dims[axis] += other[axis];
    other[axis] = first[axis];
    if (other != first) throw UserError(fmt::format("operands of extents {} and {}", text(first), text(node.view(i).dims)));
    layer.inputs.push_back(node.image(i));
  }
  const std::optional<TensorShape> shape = image_shape(dims);
  if (!shape) return false;
  if (layer.inputs.size() == 1) {
    node.set_layer(0, layer.inputs[0], first.size());
    return true;
  }
  if (axis != 1) {
    layer.kind = LayerKind::kVectorOperation;
    layer.given_shape = *shape;
  }
  node.set_layer(0, node.add(std::move(layer)), first.size());
  return true;
}

/// Values read as tensor of extents `axes`, its axes in the order given, as an image of extents `dims`.
bool rearrange(NodeTranslation& node, const std::vector<std::int64_t>& axes, const std::vector<std::int64_t>& order,
               std::vector<std::int64_t> dims) {
  const TensorView look = transposed(whole_view(node.in_order(0), axes), order);
  const std::int64_t layer = node.reordered(look, image_shape(dims).value());
  node.set(0, whole_view(layer, std::move(dims)));
  return true;
}

/// Side of the blocks of DepthToSpace and SpaceToDepth.
std::int64_t block_size(const NodeTranslation& node) {
  constexpr std::int64_t kMaxBlock = 1024;
  const std::int64_t block = node.integer("blocksize", 0);
  const std::vector<std::int64_t>& from = node.view(0).dims;
  if (from.size() != 4 || from[0] != 1 || block < 1 || block > kMaxBlock)
    throw UserError(fmt::format("blocks of {} pixels in a tensor of extents {}", block, text(from)));
  return block;
}

void require_divisible(std::int64_t extent, std::int64_t by) {
  if (extent % by != 0) throw UserError(fmt::format("an extent of {} does not divide into {} parts", extent, by));
}

bool depth_to_space(NodeTranslation& node) {
  const std::int64_t block = block_size(node);
  const std::vector<std::int64_t> from = node.view(0).dims;
  require_divisible(from[1], block * block);
  const std::int64_t channels = from[1] / (block * block);
  std::vector<std::int64_t> dims{1, channels, from[2] * block, from[3] * block};
  if (node.text("mode", "DCR") == "CRD")
    return rearrange(node, {channels, block, block, from[2], from[3]}, {0, 3, 1, 4, 2}, std::move(dims));
  return rearrange(node, {block, block, channels, from[2], from[3]}, {2, 3, 0, 4, 1}, std::move(dims));
}

bool space_to_depth(NodeTranslation& node) {
  const std::int64_t block = block_size(node);
  const std::vector<std::int64_t> from = node.view(0).dims;
  require_divisible(from[2], block);
  require_divisible(from[3], block);
  return rearrange(node, {from[1], from[2] / block, block, from[3] / block, block}, {2, 4, 0, 1, 3},
                   {1, from[1] * block * block, from[2] / block, from[3] / block});
}

constexpr auto kTranslators = std::to_array<NodeTranslator>({{"Concat", concat},
                                                             {"DepthToSpace", depth_to_space},
                                                             {"Expand", expand},
                                                             {"Flatten", flatten},
                                                             {"Gather", gather},
                                                             {"Reshape", reshape},
                                                             {"Shape", shape},
                                                             {"Slice", slice},
                                                             {"SpaceToDepth", space_to_depth},
                                                             {"Split", split},
                                                             {"Squeeze", squeeze},
                                                             {"Transpose", transpose},
                                                             {"Unsqueeze", unsqueeze}});

}  // namespace

std::span<const NodeTranslator> view_translators() { return kTranslators; }

}  // namespace crossloom
