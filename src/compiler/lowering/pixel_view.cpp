#include "compiler/lowering/pixel_view.h"

#include <algorithm>

#include "compiler/lowering/operand_geometry.h"
#include "support/integer_math.h"

namespace crossloom {
namespace {

OperationInput input_through(const PixelSource& source, const OperationInput& geometry) {
  OperationInput input = geometry;
  if (source.mapping == PixelMapping::kWholeImage) {
    input = whole_image(source.image_height, source.image_width);
  } else {
    input.row_offset -= source.row_shift;
    input.col_offset -= source.col_shift;
  }
  input.operation = source.operation;
  return input;
}

}  // namespace

PixelView flattened(PixelView view, std::int64_t height, std::int64_t width) {
  for (PixelSource& source : view) {
    source.mapping = PixelMapping::kWholeImage;
    source.num_values_a_channel *= height * width;
  }
  return view;
}

PixelView shifted(PixelView view, std::int64_t rows, std::int64_t cols) {
  for (PixelSource& source : view) {
    source.row_shift += rows;
    source.col_shift += cols;
  }
  return view;
}

PixelView channel_slice(const PixelView& view, std::int64_t first, std::int64_t count, const std::string& layer) {
  PixelView slice;
  std::int64_t begin = 0;  // of the piece, in channels of the view
  for (const PixelSource& source : view) {
    const std::int64_t unit = source.num_values_a_channel;
    const std::int64_t end = begin + source.num_channels * unit;
    const std::int64_t from = std::max(begin, first);
    const std::int64_t to = std::min(end, first + count);
    if (from < to) {
      if ((from - begin) % unit != 0 || (to - begin) % unit != 0)
        throw LayerError(layer, "slices a flattened image inside a channel, allowed: whole channels");
      slice.push_back(source);
      slice.back().num_channels = (to - from) / unit;
    }
    begin = end;
  }
  return slice;
}

std::vector<OperationInput> inputs_through(const PixelView& view, const OperationInput& geometry) {
  std::vector<OperationInput> inputs;
  inputs.reserve(view.size());
  for (const PixelSource& source : view) inputs.push_back(input_through(source, geometry));
  return inputs;
}

void add_distinct(std::vector<OperationInput>& inputs, const std::vector<OperationInput>& more) {
  for (const OperationInput& input : more) {
    if (std::find(inputs.begin(), inputs.end(), input) == inputs.end()) inputs.push_back(input);
  }
}

std::int64_t num_window_values(const PixelView& view, const OperationInput& geometry) {
  constexpr const char* kWhat = "the number of values a window reads";
  std::int64_t num_values = 0;
  for (const PixelSource& source : view) {
    const OperationInput input = input_through(source, geometry);
    const std::int64_t num_pixels = checked_mul(input.num_rows, input.num_cols, kWhat);
    num_values = checked_add(num_values, checked_mul(num_pixels, source.num_channels, kWhat), kWhat);
  }
  return num_values;
}

}  // namespace crossloom
