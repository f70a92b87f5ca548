#include "training/network_parameters.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "support/error.h"
#include "support/json.h"

namespace crossloom {
namespace {

bool has_product(const Layer& layer) { return layer.kind == LayerKind::kConvolution || layer.kind == LayerKind::kLinear; }

std::vector<std::int64_t> weight_dims(const Network& network, const Layer& layer) {
  const TensorShape& input = input_shape_of(network, layer);
  if (layer.kind == LayerKind::kLinear) return {layer.num_output_channels, input.num_values()};
  return {layer.num_output_channels, input.channels / layer.num_groups, layer.window.kernel_height, layer.window.kernel_width};
}

/// Whether training can go on with the normalizations as they are: none, or one of scale, shift, mean and variance.
bool is_trainable(const std::vector<NormalizationTensors>& steps) {
  return steps.empty() || (steps.size() == 1 && !steps.front().divisor);
}

class Reader {
 public:
  Reader(const Network& network, const WeightStore& store) : store_(store) {
    result_.network = network;
    for (Layer& layer : result_.network.layers) read_form(layer);
    const ParameterLayout layout(result_.network);
    result_.values.parameters.resize(layout.num_parameters());
    result_.values.statistics.resize(layout.num_statistics());
    for (const ParameterPlace& place : layout.parameters())
      put(place.layer, numbers_of(place), place.first, place.count, result_.values.parameters);
    for (const StatisticsPlace& place : layout.statistics()) read_statistics(place);
  }
  [[nodiscard]] TrainableNetwork result() && { return std::move(result_); }

 private:
  /// Bias and normalization of a layer are those of the store.
  void read_form(Layer& layer) {
    if (!has_product(layer)) return;
    if (!store_.has_weights(layer.name)) throw LayerError(layer.name, "the network comes without its weights");
    const LayerTensors& tensors = *store_.find(layer.name);
    layer.has_batch_norm = is_trainable(tensors.normalizations) && !tensors.normalizations.empty();
    layer.has_bias = tensors.bias.has_value() || !is_trainable(tensors.normalizations);
  }

  [[nodiscard]] std::vector<float> numbers_of(const ParameterPlace& place) const {
    const Layer& layer = result_.network.layers[place.layer];
    const LayerTensors* tensors = store_.find(layer.name);
    if (tensors == nullptr) throw LayerError(layer.name, "the network comes without its weights");
    if (!has_product(layer) && !is_trainable(tensors->normalizations)) {
      FoldedWeights folded = store_.load_normalization(layer.name, place.dims.front());
      return place.role == ParameterRole::kScale ? std::move(folded.weights) : std::move(folded.bias);
    }
    if (has_product(layer) && !is_trainable(tensors->normalizations)) {
      FoldedWeights folded = store_.load_folded(layer.name);
      return place.role == ParameterRole::kWeights ? std::move(folded.weights) : std::move(folded.bias);
    }
    switch (place.role) {
      case ParameterRole::kWeights:
        return load(*tensors->weights);
      case ParameterRole::kBias:
        return repeated(tensors->bias, place.count, 0.0F);
      case ParameterRole::kScale:
        return repeated(normalization(layer, *tensors).scale, place.count, 1.0F);
      case ParameterRole::kShift:
        return repeated(normalization(layer, *tensors).shift, place.count, 0.0F);
    }
    throw InternalError("ParameterRole outside its range");
  }

  [[nodiscard]] static const NormalizationTensors& normalization(const Layer& layer, const LayerTensors& tensors) {
    if (tensors.normalizations.empty()) throw LayerError(layer.name, "the network comes without its weights");
    return tensors.normalizations.front();
  }

  void read_statistics(const StatisticsPlace& place) {
    const Layer& layer = result_.network.layers[place.layer];
    const LayerTensors& tensors = *store_.find(layer.name);
    const auto count = static_cast<std::size_t>(place.num_channels);
    std::vector<float> mean(count, 0.0F);
    std::vector<float> variance(count, 1.0F);
    if (is_trainable(tensors.normalizations)) {
      const NormalizationTensors& step = normalization(layer, tensors);
      mean = repeated(step.mean, count, 0.0F);
      // Another epsilon than ours is made part of the variance.
      const auto more = static_cast<float>(step.variance ? step.epsilon - kBatchNormEpsilon : 0.0);
      variance = repeated(step.variance, count, 1.0F);
      for (float& value : variance) value += more;
    }
    put(place.layer, mean, place.first_mean, count, result_.values.statistics);
    put(place.layer, variance, place.first_variance, count, result_.values.statistics);
  }

  [[nodiscard]] static std::vector<float> repeated(const std::optional<WeightTensor>& tensor, std::size_t count,
                                                   float otherwise) {
    if (!tensor) return std::vector<float>(count, otherwise);
    std::vector<float> numbers = load(*tensor);
    if (numbers.size() == 1) numbers.assign(count, numbers.front());
    return numbers;
  }

  void put(std::size_t layer, const std::vector<float>& numbers, std::size_t first, std::size_t count,
           std::vector<float>& array) const {
    if (numbers.size() != count) {
      throw LayerError(result_.network.layers[layer].name,
                       std::to_string(numbers.size()) + " numbers are stored where " + std::to_string(count) + " belong");
    }
    std::ranges::copy(numbers, array.begin() + static_cast<std::ptrdiff_t>(first));
  }

  const WeightStore& store_;
  TrainableNetwork result_;
};

WeightTensor stored(std::vector<std::int64_t> dims, const std::vector<float>& array, std::size_t first, std::size_t count) {
  WeightTensor tensor;
  tensor.stored.dims = std::move(dims);
  tensor.stored.type = ElementType::kFloat32;
  const auto begin = array.begin() + static_cast<std::ptrdiff_t>(first);
  tensor.stored.reals.assign(begin, begin + static_cast<std::ptrdiff_t>(count));
  return tensor;
}

}  // namespace

std::vector<bool> residual_ends(const Network& network) {
  std::vector<std::int64_t> depth(network.layers.size());
  std::vector<std::int64_t> num_readers(network.layers.size());
  std::vector<bool> ends(network.layers.size());
  for (std::size_t i = 0; i < network.layers.size(); ++i) {
    for (const std::int64_t input : network.layers[i].inputs) {
      depth[i] = std::max(depth[i], depth[static_cast<std::size_t>(input)] + 1);
      ++num_readers[static_cast<std::size_t>(input)];
    }
  }
  for (const Layer& layer : network.layers) {
    if (layer.kind != LayerKind::kAdd) continue;
    const auto deepest = static_cast<std::size_t>(*std::ranges::max_element(
        layer.inputs, {}, [&](std::int64_t input) { return depth[static_cast<std::size_t>(input)]; }));
    const auto is_as_deep = [&](std::int64_t input) { return depth[static_cast<std::size_t>(input)] == depth[deepest]; };
    ends[deepest] = num_readers[deepest] == 1 && std::ranges::count_if(layer.inputs, is_as_deep) == 1;
  }
  return ends;
}

std::string content_hash_of(const TrainableNetwork& trained) {
  std::string bytes;
  for (const Layer& layer : trained.network.layers) {
    bytes += fmt::format("{} {} {}x{}x{}\n", layer.name, static_cast<int>(layer.kind), layer.output_shape.channels,
                         layer.output_shape.height, layer.output_shape.width);
  }
  for (const std::vector<float>* values : {&trained.values.parameters, &trained.values.statistics})
    bytes.append(reinterpret_cast<const char*>(values->data()), values->size() * sizeof(float));
  return content_hash(bytes);
}

void zero_last_scales_of_residuals(TrainableNetwork& network) {
  const ParameterLayout layout(network.network);
  const std::vector<bool> ends = residual_ends(network.network);
  for (const ParameterPlace& place : layout.parameters()) {
    if (place.role == ParameterRole::kScale && ends[place.layer])
      std::fill_n(network.values.parameters.begin() + static_cast<std::ptrdiff_t>(place.first), place.count, 0.0F);
  }
}

ParameterLayout::ParameterLayout(const Network& network) : num_layers_(network.layers.size()) {
  for (std::size_t i = 0; i < network.layers.size(); ++i) {
    const Layer& layer = network.layers[i];
    if (has_product(layer)) {
      add(i, ParameterRole::kWeights, weight_dims(network, layer));
      if (layer.has_bias) add(i, ParameterRole::kBias, {layer.num_output_channels});
      if (layer.has_batch_norm) add_normalization(i, layer.num_output_channels);
    } else if (layer.kind == LayerKind::kBatchNorm) {
      add_normalization(i, layer.output_shape.channels);
    }
  }
}

void ParameterLayout::add(std::size_t layer, ParameterRole role, std::vector<std::int64_t> dims) {
  const auto count = static_cast<std::size_t>(num_elements(dims));
  parameters_.push_back({.layer = layer, .role = role, .dims = std::move(dims), .first = num_parameters_, .count = count});
  num_parameters_ += count;
}

void ParameterLayout::add_normalization(std::size_t layer, std::int64_t num_channels) {
  add(layer, ParameterRole::kScale, {num_channels});
  add(layer, ParameterRole::kShift, {num_channels});
  const auto count = static_cast<std::size_t>(num_channels);
  statistics_.push_back({.layer = layer,
                         .num_channels = num_channels,
                         .first_mean = first_range_,
                         .first_variance = first_range_ + count,
                         .epsilon = kBatchNormEpsilon});
  first_range_ += 2 * count;
}

std::vector<double> ParameterLayout::ranges(std::span<const float> statistics) const {
  const auto ranges = statistics.subspan(first_range_, num_layers_);
  return {ranges.begin(), ranges.end()};
}

const ParameterPlace* ParameterLayout::find(std::size_t layer, ParameterRole role) const {
  const auto found = std::ranges::find_if(
      parameters_, [&](const ParameterPlace& place) { return place.layer == layer && place.role == role; });
  return found == parameters_.end() ? nullptr : &*found;
}

const StatisticsPlace* ParameterLayout::find_statistics(std::size_t layer) const {
  const auto found = std::ranges::find(statistics_, layer, &StatisticsPlace::layer);
  return found == statistics_.end() ? nullptr : &*found;
}

TrainableNetwork trainable(const Network& network, const WeightStore& store) { return Reader(network, store).result(); }

WeightStore to_store(const Network& network, const NetworkValues& values) {
  std::vector<LayerTensors> tensors(network.layers.size());
  const ParameterLayout layout(network);
  for (const StatisticsPlace& place : layout.statistics()) {
    const auto count = static_cast<std::size_t>(place.num_channels);
    NormalizationTensors& step = tensors[place.layer].normalizations.emplace_back();
    step.epsilon = place.epsilon;
    step.mean = stored({place.num_channels}, values.statistics, place.first_mean, count);
    step.variance = stored({place.num_channels}, values.statistics, place.first_variance, count);
  }
  for (const ParameterPlace& place : layout.parameters()) {
    WeightTensor tensor = stored(place.dims, values.parameters, place.first, place.count);
    LayerTensors& layer = tensors[place.layer];
    switch (place.role) {
      case ParameterRole::kWeights:
        layer.weights = std::move(tensor);
        break;
      case ParameterRole::kBias:
        layer.bias = std::move(tensor);
        break;
      case ParameterRole::kScale:
        layer.normalizations.front().scale = std::move(tensor);
        break;
      case ParameterRole::kShift:
        layer.normalizations.front().shift = std::move(tensor);
        break;
    }
  }
  WeightStore store;
  for (std::size_t i = 0; i < network.layers.size(); ++i) {
    if (tensors[i].weights || !tensors[i].normalizations.empty()) store.set(network.layers[i].name, std::move(tensors[i]));
  }
  return store;
}

}  // namespace crossloom
