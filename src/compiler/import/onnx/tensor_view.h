#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "compiler/ir/network.h"

namespace crossloom {

/// An ONNX value as a strided look at a layer's output, whose values lie in channel, row, column order. Reshapes, transposes
/// and slices only change the look, so a chain of them says what it means once it is read: nothing, a channel split, a shuffle,
/// or a copy in another order.
struct TensorView {
  std::int64_t layer = 0;  ///< index in the draft
  std::vector<std::int64_t> dims;
  std::vector<std::int64_t> strides;  ///< of each dimension, in values; that of an extent of 1 is without meaning
  std::int64_t offset = 0;            ///< of the first value
  std::string name;                   ///< of the node that made the look: a copy bears it
};

/// Values between neighbours of a sequence of `extent`.
struct StridedRun {
  std::int64_t extent = 1;
  std::int64_t stride = 1;
  friend bool operator==(const StridedRun&, const StridedRun&) = default;
};
/// The view's dimensions without extents of 1, neighbours joined that one stride can step through. Slowest first.
[[nodiscard]] std::vector<StridedRun> joined_runs(const TensorView& view);

/// The layer's output in its own order. The product of `dims` is the number of its values.
[[nodiscard]] TensorView whole_view(std::int64_t layer, std::vector<std::int64_t> dims);

/// Product of extents whose product is a number of values.
[[nodiscard]] std::int64_t product(std::span<const std::int64_t> extents);

/// Whether the view shows every value of an image once.
[[nodiscard]] bool shows_all(const TensorView& view, const TensorShape& image);
/// The view with one index of each axis along which it repeats values (a stride of 0).
[[nodiscard]] TensorView without_repeats(const TensorView& view);

/// Whether the values come in the order in which they lie, without gaps.
[[nodiscard]] bool is_in_order(const TensorView& view);

/// Axis i of the result is axis permutation[i]. `permutation` is one of the view's axes.
[[nodiscard]] TensorView transposed(const TensorView& view, std::span<const std::int64_t> permutation);

/// Indices first, first + step, ... of one axis; `count` of them, at least one, all inside.
[[nodiscard]] TensorView sliced(const TensorView& view, std::size_t axis, std::int64_t first, std::int64_t count,
                                std::int64_t step = 1);

/// The same values in the same order with other extents of the same product; nothing when no strides give that order.
[[nodiscard]] std::optional<TensorView> reshaped(const TensorView& view, std::vector<std::int64_t> dims);

/// Groups of the channel shuffle that puts the values of a layer of shape `image` into the view's order; nothing when none
/// does. Example: 1 x 2 x 3 x h x w, transposed to 1 x 3 x 2 x h x w, shuffles 6 channels in 2 groups.
[[nodiscard]] std::optional<std::int64_t> shuffle_groups(const TensorView& view, const TensorShape& image);

/// The view's axis that runs through all channels of `image`, when there is one and every other axis stays inside a channel;
/// the view is of all values of the image.
[[nodiscard]] std::optional<std::size_t> channel_axis(const TensorView& view, const TensorShape& image);

/// Whether the view is of all values of `image`, pixel by pixel with the channels of each together (NHWC), of rank 3 or 4.
[[nodiscard]] bool is_channels_last(const TensorView& view, const TensorShape& image);
/// Channels from the last place to the second, and back.
[[nodiscard]] TensorView with_channels_second(const TensorView& view);
[[nodiscard]] TensorView with_channels_last(const TensorView& view);

/// Shape as one image: 1xCxHxW, 1xCxW as C x 1 x W, 1xC as C x 1 x 1; nothing for other ranks and batches.
[[nodiscard]] std::optional<TensorShape> image_shape(std::span<const std::int64_t> dims);
/// The other way: extents of rank 2, 3 or 4.
[[nodiscard]] std::vector<std::int64_t> image_dims(const TensorShape& shape, std::size_t rank);

}  // namespace crossloom
