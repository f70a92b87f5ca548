#include "compiler/ir/weight_store.h"

#include <cmath>

#include "support/error.h"

namespace crossloom {
namespace {

/// Multiplies each number by its scale after taking its zero point off.
void dequantize(std::vector<float>& numbers, const WeightTensor& tensor) {
  const std::vector<float> scale = load(tensor.dequantization[0]);
  const std::vector<float> zero_point = load(tensor.dequantization[1]);
  const std::vector<std::int64_t>& dims = tensor.stored.dims;
  std::size_t inner = 1;  // numbers between two neighbours along the axis
  for (auto axis = static_cast<std::size_t>(tensor.dequantization_axis) + 1; axis < dims.size(); ++axis)
    inner *= static_cast<std::size_t>(dims[axis]);
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const std::size_t index = i / inner;
    numbers[i] = (numbers[i] - zero_point[index % zero_point.size()]) * scale[index % scale.size()];
  }
}

std::vector<float> permuted(const std::vector<float>& numbers, const WeightTensor& tensor) {
  const std::vector<std::int64_t>& dims = tensor.stored.dims;
  std::vector<std::size_t> stored_stride(dims.size(), 1);
  for (std::size_t axis = dims.size(); axis-- > 1;)
    stored_stride[axis - 1] = stored_stride[axis] * static_cast<std::size_t>(dims[axis]);
  std::vector<float> result;
  result.reserve(numbers.size());
  std::vector<std::int64_t> index(dims.size(), 0);  // in the order of the permutation
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    std::size_t position = 0;
    for (std::size_t axis = 0; axis < dims.size(); ++axis)
      position += static_cast<std::size_t>(index[axis]) * stored_stride[static_cast<std::size_t>(tensor.permutation[axis])];
    result.push_back(numbers[position]);
    for (std::size_t axis = dims.size(); axis-- > 0;) {
      if (++index[axis] < dims[static_cast<std::size_t>(tensor.permutation[axis])]) break;
      index[axis] = 0;
    }
  }
  return result;
}

/// The numbers of an optional tensor, one a channel.
std::vector<double> numbers_or(const std::optional<WeightTensor>& tensor, std::size_t num_channels, double otherwise) {
  if (!tensor) return std::vector<double>(num_channels, otherwise);
  const std::vector<float> numbers = load(*tensor);
  if (numbers.size() == 1) return std::vector<double>(num_channels, numbers[0]);
  if (numbers.size() != num_channels)
    throw UserError(std::to_string(numbers.size()) + " numbers for " + std::to_string(num_channels) + " channels");
  return {numbers.begin(), numbers.end()};
}

void fold(FoldedWeights& folded, const NormalizationTensors& normalization) {
  const std::size_t num_channels = folded.bias.size();
  const std::size_t weights_a_channel = folded.weights.size() / num_channels;
  const std::vector<double> scale = numbers_or(normalization.scale, num_channels, 1);
  const std::vector<double> shift = numbers_or(normalization.shift, num_channels, 0);
  const std::vector<double> mean = numbers_or(normalization.mean, num_channels, 0);
  const std::vector<double> variance = numbers_or(normalization.variance, num_channels, 1);
  const std::vector<double> divisor = numbers_or(normalization.divisor, num_channels, 1);
  for (std::size_t channel = 0; channel < num_channels; ++channel) {
    const double factor = scale[channel] / (divisor[channel] * std::sqrt(variance[channel] + normalization.epsilon));
    for (std::size_t i = channel * weights_a_channel; i < (channel + 1) * weights_a_channel; ++i)
      folded.weights[i] = static_cast<float>(folded.weights[i] * factor);
    folded.bias[channel] = static_cast<float>((folded.bias[channel] - mean[channel]) * factor + shift[channel]);
  }
}

}  // namespace

std::vector<float> load(const WeightTensor& tensor) {
  std::vector<float> numbers = load(tensor.stored);
  if (!tensor.dequantization.empty()) dequantize(numbers, tensor);
  return tensor.permutation.empty() ? numbers : permuted(numbers, tensor);
}

const LayerTensors* WeightStore::find(const std::string& layer) const {
  const auto found = layers_.find(layer);
  return found == layers_.end() ? nullptr : &found->second;
}

bool WeightStore::has_weights(const std::string& layer) const {
  const LayerTensors* tensors = find(layer);
  return tensors != nullptr && tensors->weights && tensors->weights->stored.has_numbers();
}

FoldedWeights WeightStore::load_folded(const std::string& layer) const {
  if (!has_weights(layer)) throw UserError("layer " + layer + ": the network comes without its weights");
  const LayerTensors& tensors = *find(layer);
  const WeightTensor& weights = *tensors.weights;
  const std::size_t output_axis = weights.permutation.empty() ? 0 : static_cast<std::size_t>(weights.permutation[0]);
  const auto num_channels = static_cast<std::size_t>(weights.stored.dims.at(output_axis));
  FoldedWeights folded{.weights = load(weights), .bias = {}};
  for (const double number : numbers_or(tensors.bias, num_channels, 0)) folded.bias.push_back(static_cast<float>(number));
  for (const NormalizationTensors& normalization : tensors.normalizations) fold(folded, normalization);
  return folded;
}

FoldedWeights WeightStore::load_normalization(const std::string& layer, std::int64_t num_channels) const {
  const LayerTensors* tensors = find(layer);
  if (tensors == nullptr || tensors->normalizations.empty())
    throw UserError("layer " + layer + ": the network comes without its weights");
  const auto count = static_cast<std::size_t>(num_channels);
  FoldedWeights folded{.weights = std::vector<float>(count, 1.0F), .bias = std::vector<float>(count, 0.0F)};
  for (const NormalizationTensors& normalization : tensors->normalizations) fold(folded, normalization);
  return folded;
}

}  // namespace crossloom
