#include "compiler/import/onnx/view_layers.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>

#include "support/error.h"

namespace crossloom {
namespace {

/// Strided indices of one axis of an image.
struct AxisCut {
  std::int64_t first = 0;
  std::int64_t count = 1;
  std::int64_t step = 1;
};
struct ImageCut {
  AxisCut channels;
  AxisCut rows;
  AxisCut cols;
};

/// The cut whose extent is `count` and whose stride, in steps of `unit`, is `stride`. An extent of 1 has any stride.
std::optional<AxisCut> axis_cut(std::int64_t first, std::int64_t count, std::int64_t stride, std::int64_t unit) {
  if (count == 1) return AxisCut{.first = first};
  if (stride <= 0 || stride % unit != 0) return std::nullopt;
  return AxisCut{.first = first, .count = count, .step = stride / unit};
}

bool is_inside(const AxisCut& cut, std::int64_t extent) {
  return cut.first >= 0 && cut.first + (cut.count - 1) * cut.step < extent;
}

/// The view, of extents 1 x channels x height x width, as a cut of `image`.
std::optional<ImageCut> image_cut(const TensorView& view, const TensorShape& image) {
  if (view.dims.size() != 4) return std::nullopt;
  const std::int64_t num_pixels = image.height * image.width;
  const std::int64_t pixel = view.offset % num_pixels;
  const auto channels = axis_cut(view.offset / num_pixels, view.dims[1], view.strides[1], num_pixels);
  const auto rows = axis_cut(pixel / image.width, view.dims[2], view.strides[2], image.width);
  const auto cols = axis_cut(pixel % image.width, view.dims[3], view.strides[3], 1);
  if (!channels || !rows || !cols) return std::nullopt;
  if (!is_inside(*channels, image.channels) || !is_inside(*rows, image.height) || !is_inside(*cols, image.width))
    return std::nullopt;
  return ImageCut{.channels = *channels, .rows = *rows, .cols = *cols};
}

std::int64_t last_of(const AxisCut& cut) { return cut.first + (cut.count - 1) * cut.step; }

/// The view as one run of neighbouring values.
std::optional<StridedRun> single_run(const TensorView& view) {
  const std::vector<StridedRun> runs = joined_runs(view);
  if (runs.empty()) return StridedRun{};
  return runs.size() == 1 ? std::optional(runs.front()) : std::nullopt;
}

/// A layer that an unknown operation stands for reads what it needs of the image.
TensorShape collapsed_shape(const TensorView& view) {
  TensorShape shape{.channels = view.dims.size() > 1 ? view.dims[1] : 1, .height = 1, .width = 1};
  for (std::size_t axis = 2; axis < view.dims.size(); ++axis) shape.width *= view.dims[axis];
  return shape;
}

}  // namespace

std::int64_t ViewLayers::image(const TensorView& view, const std::string& name) {
  const std::optional<TensorShape> shape = image_shape(view.dims);
  if (!shape) {
    throw UserError(fmt::format("reads a tensor of extents {}, allowed: an image of one sample (1xCxHxW, 1xCxW or 1xC)",
                                fmt::join(view.dims, "x")));
  }
  const Look look{view.layer, view.dims, view.strides, view.offset};
  const auto known = images_.find(look);
  if (known != images_.end()) return known->second;
  const std::int64_t layer = made_image(view, *shape, name);
  images_[look] = layer;
  return layer;
}

std::int64_t ViewLayers::made_image(const TensorView& view, const TensorShape& shape, const std::string& name) {
  const TensorShape source = shape_of(view.layer);
  const bool is_whole = shows_all(view, source);
  if (is_whole && is_in_order(view)) return read_as(view.layer, shape, name);
  if (is_whole) {
    const std::optional<std::int64_t> groups = shuffle_groups(view, source);
    if (groups)
      return read_as(add({.kind = LayerKind::kChannelShuffle, .inputs = {view.layer}, .num_groups = *groups}, name), shape,
                     name);
  }
  const std::int64_t part = cut_out(view, shape, name);
  if (part >= 0) return part;
  if (is_whole) return reordered(view, shape, name);
  return add({.kind = LayerKind::kVectorOperation, .inputs = {view.layer}, .given_shape = shape}, name);
}

std::int64_t ViewLayers::in_order(const TensorView& view, const std::string& name) {
  const Look look{view.layer, view.dims, view.strides, view.offset};
  const auto known = ordered_.find(look);
  if (known != ordered_.end()) return known->second;
  const std::int64_t layer = made_in_order(view, name);
  ordered_[look] = layer;
  return layer;
}

std::int64_t ViewLayers::made_in_order(const TensorView& view, const std::string& name) {
  const TensorShape source = shape_of(view.layer);
  if (!shows_all(view, source)) {
    if (image_shape(view.dims)) return image(view, name);
    return add({.kind = LayerKind::kVectorOperation, .inputs = {view.layer}, .given_shape = collapsed_shape(view)}, name);
  }
  if (is_in_order(view)) return view.layer;
  const std::optional<std::int64_t> groups = shuffle_groups(view, source);
  if (groups) return add({.kind = LayerKind::kChannelShuffle, .inputs = {view.layer}, .num_groups = *groups}, name);
  return reordered(view, source, name);
}

std::int64_t ViewLayers::read_as(std::int64_t layer, const TensorShape& shape, const std::string& name) {
  if (shape_of(layer) == shape) return layer;
  if (shape.height == 1 && shape.width == 1) return add({.kind = LayerKind::kFlatten, .inputs = {layer}}, name);
  return add({.kind = LayerKind::kReorder, .inputs = {layer}, .given_shape = shape}, name);
}

std::int64_t ViewLayers::reordered(const TensorView& view, const TensorShape& shape, const std::string& name) {
  const std::vector<StridedRun> runs = joined_runs(view);
  std::vector<std::size_t> slowest_first(runs.size());
  for (std::size_t i = 0; i < runs.size(); ++i) slowest_first[i] = i;
  std::ranges::sort(slowest_first, [&](std::size_t a, std::size_t b) { return runs[a].stride > runs[b].stride; });
  AxisOrder reorder{.extents = {}, .order = std::vector<std::int64_t>(runs.size())};
  for (std::size_t axis = 0; axis < runs.size(); ++axis) {
    reorder.extents.push_back(runs[slowest_first[axis]].extent);
    reorder.order[slowest_first[axis]] = static_cast<std::int64_t>(axis);
  }
  return add({.kind = LayerKind::kReorder, .inputs = {view.layer}, .reorder = std::move(reorder), .given_shape = shape}, name);
}

std::int64_t ViewLayers::cut_out(const TensorView& view, const TensorShape& shape, const std::string& name) {
  if (without_repeats(view).dims != view.dims) return -1;
  const TensorShape source = shape_of(view.layer);
  const std::int64_t num_pixels = source.height * source.width;
  const std::optional<StridedRun> run = single_run(view);
  if (run && run->stride == 1 && view.offset % num_pixels == 0 && run->extent % num_pixels == 0)
    return read_as(channels_of(view.layer, view.offset / num_pixels, run->extent / num_pixels, name), shape, name);

  const std::optional<ImageCut> cut = image_cut(view, source);
  if (!cut) return -1;
  std::int64_t layer = view.layer;
  std::int64_t first_channel = cut->channels.first;
  if (cut->channels.step > 1) {
    // Every n-th channel: a shuffle puts them side by side.
    const std::int64_t step = cut->channels.step;
    if (source.channels % step != 0) return -1;
    const std::vector<std::int64_t> interleaved{source.channels / step, step, num_pixels};
    const std::vector<std::int64_t> apart{1, 0, 2};
    layer = in_order(transposed(whole_view(layer, interleaved), apart), name);
    first_channel = first_channel % step * (source.channels / step) + first_channel / step;
  }
  layer = channels_of(layer, first_channel, cut->channels.count, name);
  Layer crop{.kind = LayerKind::kCrop, .inputs = {layer}};
  crop.window.pad_top = cut->rows.first;
  crop.window.pad_bottom = source.height - 1 - last_of(cut->rows);
  crop.window.pad_left = cut->cols.first;
  crop.window.pad_right = source.width - 1 - last_of(cut->cols);
  if (crop.window != WindowAttributes()) layer = add(std::move(crop), name);
  if (cut->rows.step > 1 || cut->cols.step > 1) {
    Layer subsample{.kind = LayerKind::kMaxPool, .inputs = {layer}};
    subsample.window.stride_height = cut->rows.step;
    subsample.window.stride_width = cut->cols.step;
    layer = add(std::move(subsample), name);
  }
  return layer;
}

std::int64_t ViewLayers::channels_of(std::int64_t layer, std::int64_t first, std::int64_t count, const std::string& name) {
  if (first == 0 && count == shape_of(layer).channels) return layer;
  return add({.kind = LayerKind::kSlice, .inputs = {layer}, .num_output_channels = count, .first_channel = first}, name);
}

const TensorShape& ViewLayers::shape_of(std::int64_t layer) const {
  return draft_.network.layers[static_cast<std::size_t>(layer)].output_shape;
}

std::int64_t ViewLayers::add(Layer layer, const std::string& name) {
  layer.name = unique_name(name);
  return add_layer(draft_, std::move(layer));
}

std::string ViewLayers::unique_name(const std::string& name) {
  std::string candidate = name;
  while (!names_.insert(candidate).second) {
    std::int64_t& number = last_number_.try_emplace(name, 1).first->second;
    candidate = fmt::format("{}_{}", name, ++number);
  }
  return candidate;
}

}  // namespace crossloom
