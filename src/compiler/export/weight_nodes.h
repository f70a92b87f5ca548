#pragma once

#include "compiler/export/onnx_graph_builder.h"
#include "compiler/ir/weight_store.h"

namespace crossloom {

/// Learned numbers of a layer as constants of the graph; without `tensors` (a network without weights) of zero, with a batch
/// normalization that changes nothing.
struct LayerWeights {
  const Layer& layer;
  std::int64_t num_channels = 0;          ///< of the output
  const LayerTensors* tensors = nullptr;  ///< null: the network has none
};

/// Weights of extents `dims`, then the bias if the layer has one: the operands of Conv and Gemm after the first. Throws
/// LayerError when numbers are not known.
[[nodiscard]] std::vector<std::string> add_weight_operands(OnnxGraphBuilder& graph, const LayerWeights& weights,
                                                           std::vector<std::int64_t> dims);

/// The normalizations that follow a convolution or matrix product, or that a kBatchNorm layer is: BatchNormalization where
/// there is a variance, arithmetic with one number a channel otherwise. Of a kBatchNorm layer the first node bears the name.
[[nodiscard]] ExportedValue add_normalization_nodes(OnnxGraphBuilder& graph, const LayerWeights& weights, ExportedValue value);

}  // namespace crossloom
