#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "accuracy/tensor.h"
#include "compiler/ir/network.h"
#include "compiler/ir/weight_store.h"

namespace crossloom {

/// Whether a layer's product runs in crossbars: convolutions and linear layers.
[[nodiscard]] bool runs_in_crossbars(const Layer& layer);

/// Numbers of every layer of a network, batch normalization folded: a matrix and a bias for layers that run in crossbars, a
/// factor and an offset a channel for other batch normalizations, nothing for the rest.
[[nodiscard]] std::vector<FoldedWeights> load_weights(const Network& network, const WeightStore& store);

/// How the layers that run in crossbars are computed, and what becomes of each layer's output.
struct LayerComputation {
  /// Weights times input plus bias, without the activation. Called with the index of the layer.
  std::function<Tensor(std::size_t layer, const Tensor& input)> product;
  /// Changes or looks at the output of a layer, after its activation; may be empty.
  std::function<void(std::size_t layer, Tensor& output)> store = {};
};

/// Runs one image through the network, layer by layer; digital layers in binary64. `weights` as load_weights gives them.
/// Throws UserError for a layer of which only the shape is known.
[[nodiscard]] Tensor execute(const Network& network, const std::vector<FoldedWeights>& weights, const Tensor& image,
                             const LayerComputation& computation);

/// The network in floating point (binary64 sums of binary32 weights): what its training meant.
[[nodiscard]] Tensor execute_float(const Network& network, const std::vector<FoldedWeights>& weights, const Tensor& image,
                                   const std::function<void(std::size_t layer, Tensor& output)>& look = {});

}  // namespace crossloom
