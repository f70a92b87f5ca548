#include "compiler/import/onnx/tensor_view.h"

#include <functional>
#include <numeric>
#include <utility>

namespace crossloom {
namespace {

std::vector<std::int64_t> dense_strides(std::span<const std::int64_t> dims) {
  std::vector<std::int64_t> strides(dims.size(), 1);
  for (std::size_t axis = dims.size(); axis-- > 1;) strides[axis - 1] = strides[axis] * dims[axis];
  return strides;
}

}  // namespace

std::vector<StridedRun> joined_runs(const TensorView& view) {
  std::vector<StridedRun> result;
  for (std::size_t axis = 0; axis < view.dims.size(); ++axis) {
    const StridedRun next{.extent = view.dims[axis], .stride = view.strides[axis]};
    if (next.extent == 1) continue;
    if (!result.empty() && result.back().stride == next.extent * next.stride) {
      result.back() = {.extent = result.back().extent * next.extent, .stride = next.stride};
    } else {
      result.push_back(next);
    }
  }
  return result;
}

std::int64_t product(std::span<const std::int64_t> extents) {
  return std::accumulate(extents.begin(), extents.end(), std::int64_t{1}, std::multiplies<>());
}

TensorView whole_view(std::int64_t layer, std::vector<std::int64_t> dims) {
  std::vector<std::int64_t> strides = dense_strides(dims);
  return {.layer = layer, .dims = std::move(dims), .strides = std::move(strides)};
}

bool shows_all(const TensorView& view, const TensorShape& image) {
  if (view.offset != 0 || product(view.dims) != image.num_values()) return false;
  return without_repeats(view).dims == view.dims;
}

TensorView without_repeats(const TensorView& view) {
  TensorView result = view;
  for (std::size_t axis = 0; axis < result.dims.size(); ++axis) {
    if (result.strides[axis] == 0) result.dims[axis] = 1;
  }
  return result;
}

bool is_in_order(const TensorView& view) {
  const std::vector<StridedRun> joined = joined_runs(view);
  return joined.empty() || (joined.size() == 1 && joined.front().stride == 1);
}

TensorView transposed(const TensorView& view, std::span<const std::int64_t> permutation) {
  TensorView result{.layer = view.layer, .dims = {}, .strides = {}, .offset = view.offset, .name = view.name};
  for (const std::int64_t axis : permutation) {
    result.dims.push_back(view.dims[static_cast<std::size_t>(axis)]);
    result.strides.push_back(view.strides[static_cast<std::size_t>(axis)]);
  }
  return result;
}

TensorView sliced(const TensorView& view, std::size_t axis, std::int64_t first, std::int64_t count, std::int64_t step) {
  TensorView result = view;
  result.offset += first * view.strides[axis];
  result.dims[axis] = count;
  result.strides[axis] *= step;
  return result;
}

std::optional<TensorView> reshaped(const TensorView& view, std::vector<std::int64_t> dims) {
  std::vector<StridedRun> left = joined_runs(view);  // split from the back, as the new extents ask
  std::vector<std::int64_t> strides(dims.size(), 1);
  for (std::size_t axis = dims.size(); axis-- > 0;) {
    if (dims[axis] == 1) continue;
    if (left.empty() || left.back().extent % dims[axis] != 0) return std::nullopt;
    StridedRun& last = left.back();
    strides[axis] = last.stride;
    last = {.extent = last.extent / dims[axis], .stride = last.stride * dims[axis]};
    if (last.extent == 1) left.pop_back();
  }
  if (!left.empty()) return std::nullopt;
  return TensorView{
      .layer = view.layer, .dims = std::move(dims), .strides = std::move(strides), .offset = view.offset, .name = view.name};
}

std::optional<std::int64_t> shuffle_groups(const TensorView& view, const TensorShape& image) {
  const std::int64_t num_pixels = image.height * image.width;
  std::vector<StridedRun> order = joined_runs(view);
  if (num_pixels > 1) {
    if (order.empty() || order.back() != StridedRun{.extent = num_pixels, .stride = 1}) return std::nullopt;
    order.pop_back();
  }
  if (order.size() != 2) return std::nullopt;
  const std::int64_t channels_a_group = order[0].extent;
  const std::int64_t num_groups = order[1].extent;
  const bool is_shuffle = channels_a_group * num_groups == image.channels && order[0].stride == num_pixels &&
                          order[1].stride == channels_a_group * num_pixels;
  return is_shuffle ? std::optional(num_groups) : std::nullopt;
}

std::optional<std::size_t> channel_axis(const TensorView& view, const TensorShape& image) {
  if (!shows_all(view, image)) return std::nullopt;
  const std::int64_t num_pixels = image.height * image.width;
  std::optional<std::size_t> found;
  for (std::size_t axis = 0; axis < view.dims.size(); ++axis) {
    const bool is_candidate = view.dims[axis] == image.channels && (image.channels == 1 || view.strides[axis] == num_pixels);
    if (is_candidate && !found) found = axis;
    if (!is_candidate && view.dims[axis] > 1 && view.strides[axis] >= num_pixels) return std::nullopt;
  }
  return found;
}

bool is_channels_last(const TensorView& view, const TensorShape& image) {
  const std::size_t rank = view.dims.size();
  if (rank < 3 || rank > 4 || channel_axis(view, image) != rank - 1) return false;
  return is_in_order(with_channels_second(view));
}

TensorView with_channels_second(const TensorView& view) {
  std::vector<std::int64_t> order{0, static_cast<std::int64_t>(view.dims.size()) - 1};
  for (std::int64_t axis = 1; axis < order[1]; ++axis) order.push_back(axis);
  return transposed(view, order);
}

TensorView with_channels_last(const TensorView& view) {
  std::vector<std::int64_t> order{0};
  for (std::size_t axis = 2; axis < view.dims.size(); ++axis) order.push_back(static_cast<std::int64_t>(axis));
  order.push_back(1);
  return transposed(view, order);
}

std::optional<TensorShape> image_shape(std::span<const std::int64_t> dims) {
  if (dims.size() < 2 || dims.size() > 4 || dims[0] != 1) return std::nullopt;
  return TensorShape{
      .channels = dims[1], .height = dims.size() == 4 ? dims[2] : 1, .width = dims.size() == 2 ? 1 : dims.back()};
}

std::vector<std::int64_t> image_dims(const TensorShape& shape, std::size_t rank) {
  if (rank == 2) return {1, shape.num_values()};
  if (rank == 3) return {1, shape.channels, shape.height * shape.width};
  return {1, shape.channels, shape.height, shape.width};
}

}  // namespace crossloom
