#include "accuracy/digital_layers.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include "support/error.h"

namespace crossloom {
namespace {

std::size_t at(std::int64_t index) { return static_cast<std::size_t>(index); }

/// Calls `take(value)` for the pixels of the image that one pooling window covers.
template <class Take>
void for_each_in_window(const Tensor& input, const WindowAttributes& window, std::int64_t channel, std::int64_t out_row,
                        std::int64_t out_col, Take take) {
  for (std::int64_t i = 0; i < window.kernel_height; ++i) {
    const std::int64_t row = out_row * window.stride_height + i * window.dilation_height - window.pad_top;
    if (row < 0 || row >= input.shape.height) continue;
    for (std::int64_t j = 0; j < window.kernel_width; ++j) {
      const std::int64_t col = out_col * window.stride_width + j * window.dilation_width - window.pad_left;
      if (col >= 0 && col < input.shape.width) take(input.at(channel, row, col));
    }
  }
}

/// Positions of a window, out of `kernel`, that lie within the padded image: a last window of a ceil-mode layer may overhang.
std::int64_t positions_within(std::int64_t first, std::int64_t kernel, std::int64_t dilation, std::int64_t padded_end) {
  std::int64_t count = 0;
  for (std::int64_t i = 0; i < kernel; ++i) count += first + i * dilation < padded_end ? 1 : 0;
  return count;
}

Tensor max_pool(const Layer& layer, const Tensor& input) {
  Tensor output(layer.output_shape);
  for (std::int64_t channel = 0; channel < output.shape.channels; ++channel) {
    for (std::int64_t row = 0; row < output.shape.height; ++row) {
      for (std::int64_t col = 0; col < output.shape.width; ++col) {
        double largest = -std::numeric_limits<double>::infinity();
        for_each_in_window(input, layer.window, channel, row, col, [&](double value) { largest = std::max(largest, value); });
        output.at(channel, row, col) = largest;
      }
    }
  }
  return output;
}

Tensor average_pool(const Layer& layer, const Tensor& input) {
  const WindowAttributes& window = layer.window;
  Tensor output(layer.output_shape);
  for (std::int64_t channel = 0; channel < output.shape.channels; ++channel) {
    for (std::int64_t row = 0; row < output.shape.height; ++row) {
      for (std::int64_t col = 0; col < output.shape.width; ++col) {
        double sum = 0.0;
        std::int64_t count = 0;
        for_each_in_window(input, window, channel, row, col, [&](double value) {
          sum += value;
          ++count;
        });
        if (window.counts_padding) {
          count = positions_within(row * window.stride_height - window.pad_top, window.kernel_height, window.dilation_height,
                                   input.shape.height + window.pad_bottom) *
                  positions_within(col * window.stride_width - window.pad_left, window.kernel_width, window.dilation_width,
                                   input.shape.width + window.pad_right);
        }
        output.at(channel, row, col) = sum / static_cast<double>(count);
      }
    }
  }
  return output;
}

Tensor global_average(const Layer& layer, const Tensor& input) {
  Tensor output(layer.output_shape);
  const std::int64_t num_pixels = input.shape.height * input.shape.width;
  for (std::int64_t channel = 0; channel < input.shape.channels; ++channel) {
    double sum = 0.0;
    for (std::int64_t pixel = 0; pixel < num_pixels; ++pixel) sum += input.values[at(channel * num_pixels + pixel)];
    output.values[at(channel)] = sum / static_cast<double>(num_pixels);
  }
  return output;
}

/// Operands of extent 1 are repeated.
template <class Function>
Tensor element_wise(const Layer& layer, std::span<const Tensor* const> operands, Function function) {
  Tensor output(layer.output_shape);
  const auto value = [](const Tensor& tensor, std::int64_t channel, std::int64_t row, std::int64_t col) {
    return tensor.at(tensor.shape.channels == 1 ? 0 : channel, tensor.shape.height == 1 ? 0 : row,
                     tensor.shape.width == 1 ? 0 : col);
  };
  for (std::int64_t channel = 0; channel < output.shape.channels; ++channel) {
    for (std::int64_t row = 0; row < output.shape.height; ++row) {
      for (std::int64_t col = 0; col < output.shape.width; ++col) {
        double result = value(*operands[0], channel, row, col);
        for (const Tensor* operand : operands.subspan(1)) result = function(result, value(*operand, channel, row, col));
        output.at(channel, row, col) = result;
      }
    }
  }
  return output;
}

Tensor concatenated(const Layer& layer, std::span<const Tensor* const> operands) {
  Tensor output;
  output.shape = layer.output_shape;
  for (const Tensor* operand : operands) {
    output.values.insert(output.values.end(), operand->values.begin(), operand->values.end());
  }
  return output;
}

/// Channel `source(c)` of the input becomes channel c.
template <class Source>
Tensor channels_moved(const Layer& layer, const Tensor& input, Source source) {
  Tensor output(layer.output_shape);
  const std::int64_t num_pixels = input.shape.height * input.shape.width;
  for (std::int64_t channel = 0; channel < output.shape.channels; ++channel) {
    std::copy_n(input.values.begin() + source(channel) * num_pixels, num_pixels, output.values.begin() + channel * num_pixels);
  }
  return output;
}

/// The image moved by (row_shift, col_shift) into the output's frame; zeros where there is none.
Tensor shifted(const Layer& layer, const Tensor& input, std::int64_t row_shift, std::int64_t col_shift) {
  Tensor output(layer.output_shape);
  for (std::int64_t channel = 0; channel < output.shape.channels; ++channel) {
    for (std::int64_t row = 0; row < output.shape.height; ++row) {
      for (std::int64_t col = 0; col < output.shape.width; ++col) {
        const std::int64_t from_row = row - row_shift;
        const std::int64_t from_col = col - col_shift;
        const bool is_inside = from_row >= 0 && from_row < input.shape.height && from_col >= 0 && from_col < input.shape.width;
        if (is_inside) output.at(channel, row, col) = input.at(channel, from_row, from_col);
      }
    }
  }
  return output;
}

Tensor batch_normalized(const Tensor& input, const FoldedWeights& normalization) {
  Tensor output = input;
  const auto num_pixels = at(input.shape.height * input.shape.width);
  for (std::size_t i = 0; i < output.values.size(); ++i) {
    const std::size_t channel = i / num_pixels;
    output.values[i] = output.values[i] * static_cast<double>(normalization.weights[channel]) +
                       static_cast<double>(normalization.bias[channel]);
  }
  return output;
}

Tensor local_response(const Layer& layer, const Tensor& input) {
  Tensor output = input;
  const std::int64_t before = (layer.num_neighbour_channels - 1) / 2;
  const std::int64_t after = layer.num_neighbour_channels - 1 - before;
  const double alpha = static_cast<double>(layer.local_response.alpha) / static_cast<double>(layer.num_neighbour_channels);
  for (std::int64_t channel = 0; channel < input.shape.channels; ++channel) {
    const std::int64_t first = std::max<std::int64_t>(channel - before, 0);
    const std::int64_t last = std::min(channel + after, input.shape.channels - 1);
    for (std::int64_t row = 0; row < input.shape.height; ++row) {
      for (std::int64_t col = 0; col < input.shape.width; ++col) {
        double squares = 0.0;
        for (std::int64_t c = first; c <= last; ++c) squares += input.at(c, row, col) * input.at(c, row, col);
        output.at(channel, row, col) /= std::pow(static_cast<double>(layer.local_response.bias) + alpha * squares,
                                                 static_cast<double>(layer.local_response.beta));
      }
    }
  }
  return output;
}

Tensor reordered(const Layer& layer, const Tensor& input) {
  Tensor output(layer.output_shape, input.values);
  const std::vector<std::int64_t>& extents = layer.reorder.extents;
  if (extents.empty()) return output;
  std::vector<std::int64_t> strides(extents.size(), 1);
  for (std::size_t axis = extents.size(); axis-- > 1;) strides[axis - 1] = strides[axis] * extents[axis];
  std::vector<std::int64_t> index(extents.size(), 0);  // in the order of the result's axes
  for (double& value : output.values) {
    std::int64_t position = 0;
    for (std::size_t axis = 0; axis < index.size(); ++axis) position += index[axis] * strides[at(layer.reorder.order[axis])];
    value = input.values[at(position)];
    for (std::size_t axis = index.size(); axis-- > 0;) {
      if (++index[axis] < extents[at(layer.reorder.order[axis])]) break;
      index[axis] = 0;
    }
  }
  return output;
}

}  // namespace

Tensor digital_output(const Layer& layer, std::span<const Tensor* const> operands, const FoldedWeights& normalization) {
  const Tensor& input = *operands.front();
  switch (layer.kind) {
    case LayerKind::kInput:
    case LayerKind::kConvolution:
    case LayerKind::kLinear:
      break;
    case LayerKind::kMaxPool:
      return max_pool(layer, input);
    case LayerKind::kAveragePool:
      return average_pool(layer, input);
    case LayerKind::kGlobalAveragePool:
      return global_average(layer, input);
    case LayerKind::kActivation:
      return input;
    case LayerKind::kAdd:
      return element_wise(layer, operands, std::plus<double>());
    case LayerKind::kMultiply:
      return element_wise(layer, operands, std::multiplies<double>());
    case LayerKind::kSubtract:
      return element_wise(layer, operands, std::minus<double>());
    case LayerKind::kDivide:
      return element_wise(layer, operands, std::divides<double>());
    case LayerKind::kConcat:
      return concatenated(layer, operands);
    case LayerKind::kFlatten:
      return {layer.output_shape, input.values};
    case LayerKind::kSlice:
      return channels_moved(layer, input, [&](std::int64_t channel) { return layer.first_channel + channel; });
    case LayerKind::kChannelShuffle: {
      const std::int64_t channels_a_group = input.shape.channels / layer.num_groups;
      return channels_moved(layer, input, [&](std::int64_t channel) {
        return channel % layer.num_groups * channels_a_group + channel / layer.num_groups;
      });
    }
    case LayerKind::kPad:
      return shifted(layer, input, layer.window.pad_top, layer.window.pad_left);
    case LayerKind::kCrop:
      return shifted(layer, input, -layer.window.pad_top, -layer.window.pad_left);
    case LayerKind::kBatchNorm:
      return batch_normalized(input, normalization);
    case LayerKind::kLocalResponseNorm:
      return local_response(layer, input);
    case LayerKind::kReorder:
      return reordered(layer, input);
    case LayerKind::kVectorOperation:
      throw UserError("layer " + layer.name + ": only the shape of this operation is known, its values cannot be computed");
  }
  throw InternalError("digital_output: layer " + layer.name + " runs elsewhere");
}

}  // namespace crossloom
