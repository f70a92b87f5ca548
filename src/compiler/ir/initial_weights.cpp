#include "compiler/ir/initial_weights.h"

#include <cmath>

#include "support/random_stream.h"

namespace crossloom {
namespace {

WeightTensor stored(std::vector<std::int64_t> dims) {
  WeightTensor result;
  result.stored.dims = std::move(dims);
  result.stored.type = ElementType::kFloat32;
  return result;
}

WeightTensor filled(std::int64_t num_channels, double value) {
  WeightTensor result = stored({num_channels});
  result.stored.fill = value;
  return result;
}

WeightTensor drawn(std::vector<std::int64_t> dims, RandomStream random) {
  WeightTensor result = stored(std::move(dims));
  const std::int64_t count = num_elements(result.stored.dims);
  const double sigma = std::sqrt(2.0 * static_cast<double>(result.stored.dims.front()) / static_cast<double>(count));
  result.stored.reals.reserve(static_cast<std::size_t>(count));
  for (std::int64_t i = 0; i < count; ++i) result.stored.reals.push_back(sigma * random.next_normal());
  return result;
}

NormalizationTensors identity_normalization(std::int64_t num_channels) {
  NormalizationTensors result;
  result.scale = filled(num_channels, 1);
  result.shift = filled(num_channels, 0);
  return result;
}

}  // namespace

WeightStore initial_weights(const Network& network, std::uint64_t seed) {
  WeightStore store;
  for (std::size_t i = 0; i < network.layers.size(); ++i) {
    const Layer& layer = network.layers[i];
    LayerTensors tensors;
    if (layer.kind == LayerKind::kConvolution || layer.kind == LayerKind::kLinear) {
      const TensorShape& input = input_shape_of(network, layer);
      std::vector<std::int64_t> dims =
          layer.kind == LayerKind::kLinear
              ? std::vector<std::int64_t>{layer.num_output_channels, input.num_values()}
              : std::vector<std::int64_t>{layer.num_output_channels, input.channels / layer.num_groups,
                                          layer.window.kernel_height, layer.window.kernel_width};
      tensors.weights = drawn(std::move(dims), RandomStream(seed, {.purpose = RandomPurpose::kInitialWeights, .layer = i}));
      if (layer.has_bias) tensors.bias = filled(layer.num_output_channels, 0);
      if (layer.has_batch_norm) tensors.normalizations.push_back(identity_normalization(layer.num_output_channels));
    } else if (layer.kind == LayerKind::kBatchNorm) {
      tensors.normalizations.push_back(identity_normalization(layer.output_shape.channels));
    } else {
      continue;
    }
    store.set(layer.name, std::move(tensors));
  }
  return store;
}

}  // namespace crossloom
