#include "accuracy/network_execution.h"

#include <utility>

#include "accuracy/digital_layers.h"
#include "accuracy/layer_windows.h"
#include "accuracy/window_products.h"

namespace crossloom {
namespace {

/// Last layer that reads each layer's output.
std::vector<std::size_t> last_readers(const Network& network) {
  std::vector<std::size_t> last(network.layers.size(), 0);
  for (std::size_t i = 0; i < network.layers.size(); ++i) {
    for (const std::int64_t input : network.layers[i].inputs) last[static_cast<std::size_t>(input)] = i;
  }
  return last;
}

}  // namespace

bool runs_in_crossbars(const Layer& layer) { return layer.kind == LayerKind::kConvolution || layer.kind == LayerKind::kLinear; }

std::vector<FoldedWeights> load_weights(const Network& network, const WeightStore& store) {
  std::vector<FoldedWeights> result;
  for (const Layer& layer : network.layers) {
    FoldedWeights& weights = result.emplace_back();
    if (runs_in_crossbars(layer)) weights = store.load_folded(layer.name);
    if (layer.kind == LayerKind::kBatchNorm) weights = store.load_normalization(layer.name, layer.output_shape.channels);
  }
  return result;
}

Tensor execute(const Network& network, const std::vector<FoldedWeights>& weights, const Tensor& image,
               const LayerComputation& computation) {
  const std::vector<std::size_t> last = last_readers(network);
  std::vector<Tensor> outputs(network.layers.size());
  for (std::size_t i = 0; i < network.layers.size(); ++i) {
    const Layer& layer = network.layers[i];
    std::vector<const Tensor*> operands;
    operands.reserve(layer.inputs.size());
    for (const std::int64_t input : layer.inputs) operands.push_back(&outputs[static_cast<std::size_t>(input)]);
    if (layer.kind == LayerKind::kInput) {
      outputs[i] = image;
    } else if (runs_in_crossbars(layer)) {
      outputs[i] = computation.product(i, *operands.front());
    } else {
      outputs[i] = digital_output(layer, operands, weights[i]);
    }
    apply_activation(layer.activation, layer.activation_slope, outputs[i]);
    if (computation.store) computation.store(i, outputs[i]);
    for (const std::int64_t input : layer.inputs) {
      if (last[static_cast<std::size_t>(input)] == i) outputs[static_cast<std::size_t>(input)] = {};
    }
  }
  return std::move(outputs.back());
}

Tensor execute_float(const Network& network, const std::vector<FoldedWeights>& weights, const Tensor& image,
                     const std::function<void(std::size_t layer, Tensor& output)>& look) {
  const auto product = [&](std::size_t i, const Tensor& input) {
    const Layer& layer = network.layers[i];
    const std::vector<double> matrix(weights[i].weights.begin(), weights[i].weights.end());
    Tensor output(layer.output_shape, window_products(LayerWindows(layer, input.shape), input.values, matrix));
    const auto num_pixels = static_cast<std::size_t>(output.shape.height * output.shape.width);
    for (std::size_t value = 0; value < output.values.size(); ++value) {
      output.values[value] += static_cast<double>(weights[i].bias[value / num_pixels]);
    }
    return output;
  };
  return execute(network, weights, image, {.product = product, .store = look});
}

}  // namespace crossloom
