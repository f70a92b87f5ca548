#include <algorithm>
#include <numeric>

#include "nas/supernet/shared_layout.h"
#include "support/error.h"

namespace crossloom {
namespace {

/// Which of a layer's most channels its channels are.
using ChannelMap = std::vector<std::size_t>;

ChannelMap first_channels(std::int64_t count) {
  ChannelMap map(static_cast<std::size_t>(count));
  std::iota(map.begin(), map.end(), std::size_t{0});
  return map;
}

/// A number for each pixel of each channel, channel after channel.
ChannelMap flattened(const ChannelMap& channels, std::size_t num_pixels) {
  ChannelMap map;
  map.reserve(channels.size() * num_pixels);
  for (const std::size_t channel : channels) {
    for (std::size_t pixel = 0; pixel < num_pixels; ++pixel) map.push_back(channel * num_pixels + pixel);
  }
  return map;
}

std::size_t num_pixels(const TensorShape& shape) { return static_cast<std::size_t>(shape.height * shape.width); }

/// The maps of a network's layers, one after the other.
class ChannelMaps {
 public:
  ChannelMaps(const SharedLayout& layout, const Network& network) : layout_(layout), network_(network) {
    maps_.reserve(network.layers.size());
    for (const Layer& layer : network.layers) maps_.push_back(map_of(layer));
  }

  [[nodiscard]] const ChannelMap& output(std::size_t layer) const { return maps_[layer]; }

  /// Second axis of a layer's weights.
  [[nodiscard]] ChannelMap columns(const Layer& layer) const {
    const ChannelMap& input = input_map(layer);
    if (layer.kind == LayerKind::kLinear) {
      const TensorShape& shape = input_shape_of(network_, layer);
      require_one_size(layer, layout_.find(layer.name, ParameterRole::kWeights)->dims[1]);
      return flattened(input, num_pixels(shape));
    }
    return layer.num_groups == 1 ? input : first_channels(input_shape_of(network_, layer).channels / layer.num_groups);
  }

 private:
  [[nodiscard]] const ChannelMap& input_map(const Layer& layer, std::size_t operand = 0) const {
    return maps_[static_cast<std::size_t>(layer.inputs[operand])];
  }
  [[nodiscard]] const Layer& input_layer(const Layer& layer, std::size_t operand = 0) const {
    return network_.layers[static_cast<std::size_t>(layer.inputs[operand])];
  }

  /// Channels of layers that look at them by place: all must be there.
  void require_all(const Layer& layer) const {
    const ChannelMap& map = input_map(layer);
    if (map != first_channels(layout_.num_channels(input_layer(layer).name)))
      throw LayerError(layer.name, "reads channels of which some networks have fewer; it cannot share its weights");
  }

  /// `most` numbers at most must be all pixels of all channels of the input.
  void require_one_size(const Layer& layer, std::int64_t most) const {
    const auto pixels = static_cast<std::int64_t>(num_pixels(input_shape_of(network_, layer)));
    if (most != layout_.num_channels(input_layer(layer).name) * pixels)
      throw LayerError(layer.name, "reads images of several sizes; it cannot share its weights");
  }

  [[nodiscard]] ChannelMap map_of(const Layer& layer) const {
    switch (layer.kind) {
      case LayerKind::kInput:
      case LayerKind::kLinear:
        return first_channels(layer.output_shape.channels);
      case LayerKind::kConvolution: {
        const std::int64_t num_inputs = input_shape_of(network_, layer).channels;
        if (layer.num_groups == 1) return first_channels(layer.num_output_channels);
        if (layer.num_groups == num_inputs && layer.num_output_channels == num_inputs) return input_map(layer);
        require_all(layer);
        return first_channels(layer.num_output_channels);
      }
      case LayerKind::kConcat: {
        ChannelMap map;
        std::size_t offset = 0;
        for (std::size_t i = 0; i < layer.inputs.size(); ++i) {
          for (const std::size_t channel : input_map(layer, i)) map.push_back(offset + channel);
          offset += static_cast<std::size_t>(layout_.num_channels(input_layer(layer, i).name));
        }
        return map;
      }
      case LayerKind::kFlatten:
        require_one_size(layer, layout_.num_channels(layer.name));
        return flattened(input_map(layer), num_pixels(input_shape_of(network_, layer)));
      case LayerKind::kSlice:
      case LayerKind::kChannelShuffle:
      case LayerKind::kReorder:
      case LayerKind::kVectorOperation:
        require_all(layer);
        return first_channels(layer.output_shape.channels);
      case LayerKind::kAdd:
      case LayerKind::kMultiply:
      case LayerKind::kSubtract:
      case LayerKind::kDivide: {
        std::size_t operand = 0;
        while (input_shape_of(network_, layer, operand).channels != layer.output_shape.channels) ++operand;
        return input_map(layer, operand);
      }
      case LayerKind::kMaxPool:
      case LayerKind::kAveragePool:
      case LayerKind::kGlobalAveragePool:
      case LayerKind::kActivation:
      case LayerKind::kPad:
      case LayerKind::kCrop:
      case LayerKind::kBatchNorm:
      case LayerKind::kLocalResponseNorm:
        return input_map(layer);
    }
    throw InternalError("LayerKind outside its range");
  }

  const SharedLayout& layout_;
  const Network& network_;
  std::vector<ChannelMap> maps_;
};

using Kernel = std::vector<float>;

/// Calls `visit(place, place_in_larger)` for each number of the centre of a larger kernel.
template <class Visit>
void for_centre(const KernelTransform& transform, const Visit& visit) {
  const std::int64_t border = (transform.from - transform.to) / 2;
  for (std::int64_t row = 0; row < transform.to; ++row) {
    for (std::int64_t col = 0; col < transform.to; ++col) {
      visit(static_cast<std::size_t>(row * transform.to + col),
            static_cast<std::size_t>((row + border) * transform.from + col + border));
    }
  }
}

Kernel centre_of(const KernelTransform& transform, std::span<const float> larger) {
  Kernel centre(static_cast<std::size_t>(transform.to * transform.to));
  for_centre(transform, [&](std::size_t to, std::size_t from) { centre[to] = larger[from]; });
  return centre;
}

Kernel transformed(const KernelTransform& transform, std::span<const float> shared, const Kernel& centre) {
  Kernel result(centre.size());
  for (std::size_t row = 0; row < centre.size(); ++row) {
    const auto factors = shared.subspan(transform.first + row * centre.size(), centre.size());
    result[row] = std::inner_product(factors.begin(), factors.end(), centre.begin(), 0.0F);
  }
  return result;
}

}  // namespace

WeightSharing::WeightSharing(const SharedLayout& layout, const Network& network) {
  const ParameterLayout own(network);
  const ChannelMaps maps(layout, network);
  num_parameters_ = own.num_parameters();
  parts_.reserve(own.parameters().size());
  for (const ParameterPlace& place : own.parameters()) {
    const Layer& layer = network.layers[place.layer];
    const SharedTensor* tensor = layout.find(layer.name, place.role);
    if (tensor == nullptr) throw LayerError(layer.name, "is no layer of the shared networks");
    Part part{.first = place.first, .shared_first = tensor->first, .rows = maps.output(place.layer), .cols = {0}};
    if (place.role == ParameterRole::kWeights) {
      part.cols = maps.columns(layer);
      part.area = place.count / (part.rows.size() * part.cols.size());
      part.row_stride = tensor->count / static_cast<std::size_t>(tensor->dims[0]);
      part.col_stride = part.shared_area = part.row_stride / static_cast<std::size_t>(tensor->dims[1]);
      for (const KernelTransform& transform : layout.transforms(layer.name)) {
        if (transform.to >= layer.window.kernel_height) part.transforms.push_back(transform);
      }
      merge_columns(part);
    }
    parts_.push_back(std::move(part));
  }
}

void WeightSharing::merge_columns(Part& part) {
  for (std::size_t i = 0; i < part.cols.size(); ++i) {
    if (part.cols[i] != i) return;
  }
  if (!part.transforms.empty()) return;
  part.area *= part.cols.size();
  part.shared_area = part.area;
  part.cols = {0};
}

template <class Visit>
void WeightSharing::for_each_kernel(const Visit& visit) const {
  for (const Part& part : parts_) {
    std::size_t place = part.first;
    for (const std::size_t row : part.rows) {
      for (const std::size_t col : part.cols) {
        visit(part, place, part.shared_first + row * part.row_stride + col * part.col_stride);
        place += part.area;
      }
    }
  }
}

std::vector<float> WeightSharing::gathered(std::span<const float> shared) const {
  std::vector<float> parameters(num_parameters_);
  for_each_kernel([&](const Part& part, std::size_t place, std::size_t shared_place) {
    const auto largest = shared.subspan(shared_place, part.shared_area);
    const auto begin = parameters.begin() + static_cast<std::ptrdiff_t>(place);
    if (part.transforms.empty()) {
      std::ranges::copy(largest, begin);
      return;
    }
    Kernel kernel(largest.begin(), largest.end());
    for (const KernelTransform& transform : part.transforms)
      kernel = transformed(transform, shared, centre_of(transform, kernel));
    std::ranges::copy(kernel, begin);
  });
  return parameters;
}

void WeightSharing::scatter(std::span<const float> shared, std::span<const float> gradients,
                            std::span<float> shared_gradients) const {
  for_each_kernel([&](const Part& part, std::size_t place, std::size_t shared_place) {
    const auto own = gradients.subspan(place, part.area);
    if (part.transforms.empty()) {
      for (std::size_t i = 0; i < own.size(); ++i) shared_gradients[shared_place + i] += own[i];
      return;
    }
    Kernel gradient(own.begin(), own.end());
    // Forwards once more for the centres that the matrices were multiplied with, then back.
    std::vector<Kernel> centres;
    centres.reserve(part.transforms.size());
    const auto largest = shared.subspan(shared_place, part.shared_area);
    Kernel kernel(largest.begin(), largest.end());
    for (const KernelTransform& transform : part.transforms) {
      centres.push_back(centre_of(transform, kernel));
      kernel = transformed(transform, shared, centres.back());
    }
    for (std::size_t i = part.transforms.size(); i-- > 0;) {
      const KernelTransform& transform = part.transforms[i];
      const Kernel& centre = centres[i];
      Kernel of_centre(centre.size());
      for (std::size_t row = 0; row < centre.size(); ++row) {
        const std::size_t first = transform.first + row * centre.size();
        for (std::size_t col = 0; col < centre.size(); ++col) {
          shared_gradients[first + col] += gradient[row] * centre[col];
          of_centre[col] += gradient[row] * shared[first + col];
        }
      }
      gradient.assign(static_cast<std::size_t>(transform.from * transform.from), 0.0F);
      for_centre(transform, [&](std::size_t to, std::size_t from) { gradient[from] = of_centre[to]; });
    }
    for (std::size_t i = 0; i < gradient.size(); ++i) shared_gradients[shared_place + i] += gradient[i];
  });
}

}  // namespace crossloom
