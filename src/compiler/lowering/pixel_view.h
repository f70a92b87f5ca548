#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "compiler/ir/network.h"
#include "simulator/program/placed_program.h"

/// Where the values of a layer's output really lie once concatenation, slicing, padding and flattening are dissolved: none of
/// them moves data, they only change which pixels of which operation a consumer asks for.
namespace crossloom {

/// Which pixels of the operation a pixel of the view takes its values from.
enum class PixelMapping {
  kShifted,     ///< from the pixel at its own place, less the shift
  kWholeImage,  ///< from all pixels: the view is flattened to 1x1
};

/// Neighbouring channels of an operation's output that a view is made of.
struct PixelSource {
  std::int64_t operation = 0;
  std::int64_t num_channels = 0;  ///< that the view takes
  std::int64_t image_height = 0;  ///< of the operation's output
  std::int64_t image_width = 0;
  PixelMapping mapping = PixelMapping::kShifted;
  std::int64_t row_shift = 0;             ///< rows of padding above the image
  std::int64_t col_shift = 0;             ///< columns of padding left of it
  std::int64_t num_values_a_channel = 1;  ///< of the view that stand for one channel: its pixels when it was flattened
  friend bool operator==(const PixelSource&, const PixelSource&) = default;
};

/// A layer's output as pieces of operations' outputs, in channel order.
using PixelView = std::vector<PixelSource>;

/// The same values, an image of `height` x `width`, as one pixel.
[[nodiscard]] PixelView flattened(PixelView view, std::int64_t height, std::int64_t width);

/// The same image inside `rows` rows and `cols` columns of zeros.
[[nodiscard]] PixelView shifted(PixelView view, std::int64_t rows, std::int64_t cols);

/// Channels [first, first + count) of a view that has them. Throws LayerError for `layer` when the cut goes through a channel
/// that was flattened.
[[nodiscard]] PixelView channel_slice(const PixelView& view, std::int64_t first, std::int64_t count, const std::string& layer);

/// What a consumer whose windows have `geometry` in pixels of the view asks of the view's operations: one entry a piece.
[[nodiscard]] std::vector<OperationInput> inputs_through(const PixelView& view, const OperationInput& geometry);

/// Adds the entries that `inputs` does not have yet: the same producer with the same geometry is waited for once.
void add_distinct(std::vector<OperationInput>& inputs, const std::vector<OperationInput>& more);

/// Values that a window with `geometry` reads through the view; pixels in the padding count.
[[nodiscard]] std::int64_t num_window_values(const PixelView& view, const OperationInput& geometry);

}  // namespace crossloom
