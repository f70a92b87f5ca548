#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <utility>

#include "compiler/import/onnx/constant_folding.h"
#include "compiler/import/onnx/graph_values.h"
#include "compiler/import/onnx/window_attributes.h"
#include "support/error.h"

namespace crossloom {
namespace {

bool pooling(NodeTranslation& node, LayerKind kind) {
  const std::size_t rank = node.view(0).dims.size();
  if (rank != 3 && rank != 4) throw UserError(fmt::format("an input of rank {}, allowed: 3 or 4", rank));
  const bool has_indices = node.node().outputs.size() > 1 && !node.node().outputs[1].empty();
  if (has_indices) return false;
  const std::int64_t input = node.image(0);
  Layer layer{.kind = kind, .inputs = {input}, .window = window_attributes(node, rank - 2, node.shape_of(input), {})};
  WindowAttributes& window = layer.window;
  const bool has_padding = window.pad_top + window.pad_bottom + window.pad_left + window.pad_right > 0;
  window.counts_padding = kind == LayerKind::kAveragePool && has_padding && node.integer("count_include_pad", 0) != 0;
  const WindowAttributes one_pixel{.ceil_mode = window.ceil_mode, .counts_padding = window.counts_padding};
  if (window == one_pixel) {  // an adaptive pooling to the size that is there
    node.set(0, node.view(0));
    return true;
  }
  node.set_layer(0, node.add(std::move(layer)), rank);
  return true;
}

bool max_pool(NodeTranslation& node) { return pooling(node, LayerKind::kMaxPool); }
bool average_pool(NodeTranslation& node) { return pooling(node, LayerKind::kAveragePool); }

/// One value a channel of `input`, by the mean or the largest.
std::int64_t add_global(NodeTranslation& node, LayerKind kind, std::int64_t input) {
  Layer layer{.kind = kind, .inputs = {input}};
  if (kind == LayerKind::kMaxPool) {
    layer.window.kernel_height = node.shape_of(input).height;
    layer.window.kernel_width = node.shape_of(input).width;
  }
  return node.add(std::move(layer));
}

bool global_pool(NodeTranslation& node, LayerKind kind) {
  const std::size_t rank = node.view(0).dims.size();
  node.set_layer(0, add_global(node, kind, node.image(0)), rank);
  return true;
}

bool global_average_pool(NodeTranslation& node) { return global_pool(node, LayerKind::kGlobalAveragePool); }
bool global_max_pool(NodeTranslation& node) { return global_pool(node, LayerKind::kMaxPool); }

/// Over every pixel it is a global pooling; over anything else an operation without a layer of its own.
bool reduction(NodeTranslation& node, LayerKind kind) {
  const TensorView view = node.view(0);
  const std::size_t rank = view.dims.size();
  const auto axes = node.integers(1, "axes");
  std::vector<bool> is_reduced(rank, !axes || axes->empty());
  if (axes) {
    for (const std::int64_t axis : *axes) is_reduced[axis_from_front(axis, rank)] = true;
  }
  const bool keeps_axes = node.integer("keepdims", 1) != 0;
  std::vector<std::int64_t> dims;
  std::vector<std::int64_t> kept;  // with the reduced axes as 1
  for (std::size_t axis = 0; axis < rank; ++axis) {
    kept.push_back(is_reduced[axis] ? 1 : view.dims[axis]);
    if (keeps_axes || !is_reduced[axis]) dims.push_back(kept.back());
  }
  const std::optional<std::size_t> channels = channel_axis(view, node.shape_of(view.layer));
  bool is_global = channels && !is_reduced[*channels];
  for (std::size_t axis = 0; axis < rank; ++axis) {
    if (axis != channels && view.dims[axis] > 1 && !is_reduced[axis]) is_global = false;
  }
  if (is_global) {
    node.set(0, whole_view(add_global(node, kind, view.layer), std::move(dims)));
    return true;
  }
  const TensorShape& source = node.shape_of(view.layer);
  if (keeps_axes && is_channels_last(view, source) && std::ranges::count(is_reduced, true) == 1 && is_reduced.back()) {
    Layer layer{.kind = LayerKind::kVectorOperation, .inputs = {view.layer}, .given_shape = source};
    layer.given_shape.channels = 1;
    const std::int64_t pixelwise = node.add(std::move(layer));
    node.set(0, with_channels_last(whole_view(pixelwise, image_dims(node.shape_of(pixelwise), rank))));
    return true;
  }
  const std::optional<TensorShape> shape = image_shape(kept);
  if (!shape) return false;
  Layer layer{.kind = LayerKind::kVectorOperation, .inputs = {node.image(0)}, .given_shape = *shape};
  node.set(0, whole_view(node.add(std::move(layer)), std::move(dims)));
  return true;
}

bool reduce_mean(NodeTranslation& node) { return reduction(node, LayerKind::kGlobalAveragePool); }
bool reduce_max(NodeTranslation& node) { return reduction(node, LayerKind::kMaxPool); }

bool local_response_norm(NodeTranslation& node) {
  const std::size_t rank = node.view(0).dims.size();
  Layer layer{.kind = LayerKind::kLocalResponseNorm, .inputs = {node.image(0)}};
  layer.num_neighbour_channels = node.integer("size", 0);
  layer.local_response = {.alpha = static_cast<float>(node.real("alpha", 1e-4)),
                          .beta = static_cast<float>(node.real("beta", 0.75)),
                          .bias = static_cast<float>(node.real("bias", 1))};
  node.set_layer(0, node.add(std::move(layer)), rank);
  return true;
}

/// What a margin of the image gains (kPad) or, negative, loses (kCrop).
Layer margin_layer(LayerKind kind, std::int64_t input, const std::vector<std::int64_t>& before,
                   const std::vector<std::int64_t>& after) {
  const std::int64_t sign = kind == LayerKind::kPad ? 1 : -1;
  const auto gain = [sign](std::int64_t margin) { return std::max<std::int64_t>(sign * margin, 0); };
  Layer layer{.kind = kind, .inputs = {input}};
  layer.window.pad_top = gain(before[2]);
  layer.window.pad_left = gain(before[3]);
  layer.window.pad_bottom = gain(after[2]);
  layer.window.pad_right = gain(after[3]);
  return layer;
}

/// Whether the margins of a Pad are certainly zeros: no other mode, and no value or a stored one of zero.
bool pads_with_zeros(const NodeTranslation& node) {
  if (node.text("mode", "constant") != "constant") return false;
  if (node.opset() < 11) return node.real("value", 0) == 0;
  if (!node.has_input(2)) return true;
  return node.is_constant(2) && single_number(node.constant(2)) == 0.0;
}

bool pad(NodeTranslation& node) {
  const std::size_t rank = node.view(0).dims.size();
  auto pads = node.integers(1, node.opset() < 2 ? "paddings" : "pads");
  if (!pads || pads->size() != 2 * rank)
    throw UserError(fmt::format("pads for a tensor of rank {}, allowed: {} numbers", rank, 2 * rank));
  for (const std::int64_t margin : *pads) {
    if (margin < -kMaxExtent || margin > kMaxExtent)
      throw UserError(fmt::format("a margin of {}, allowed: at most {}", margin, kMaxExtent));
  }
  std::vector<std::int64_t> before(pads->begin(), pads->begin() + static_cast<std::ptrdiff_t>(rank));
  std::vector<std::int64_t> after(pads->begin() + static_cast<std::ptrdiff_t>(rank), pads->end());
  if (rank == 3) {
    before.insert(before.begin() + 2, 0);
    after.insert(after.begin() + 2, 0);
  }
  if (rank != 3 && rank != 4) return false;
  std::int64_t image = node.image(0);
  if (before[0] != 0 || after[0] != 0) return false;
  const bool is_negative_only = std::ranges::all_of(*pads, [](std::int64_t margin) { return margin <= 0; });
  if (before[1] != 0 || after[1] != 0 || !(is_negative_only || pads_with_zeros(node))) {  // no layer has such margins
    TensorShape shape = node.shape_of(image);
    shape = {.channels = shape.channels + before[1] + after[1],
             .height = shape.height + before[2] + after[2],
             .width = shape.width + before[3] + after[3]};
    image = node.add({.kind = LayerKind::kVectorOperation, .inputs = {image}, .given_shape = shape});
    node.set_layer(0, image, rank);
    return true;
  }
  for (const LayerKind kind : {LayerKind::kCrop, LayerKind::kPad}) {
    Layer layer = margin_layer(kind, image, before, after);
    if (layer.window != WindowAttributes()) image = node.add(std::move(layer));
  }
  node.set_layer(0, image, rank);
  return true;
}

constexpr auto kTranslators = std::to_array<NodeTranslator>({{"AveragePool", average_pool},
                                                             {"GlobalAveragePool", global_average_pool},
                                                             {"GlobalMaxPool", global_max_pool},
                                                             {"LRN", local_response_norm},
                                                             {"MaxPool", max_pool},
                                                             {"Pad", pad},
                                                             {"ReduceMax", reduce_max},
                                                             {"ReduceMean", reduce_mean}});

}  // namespace

std::span<const NodeTranslator> window_translators() { return kTranslators; }

}  // namespace crossloom
