#pragma once

#include "compiler/import/onnx/onnx_model.h"
#include "compiler/ir/network.h"
#include "compiler/ir/weight_store.h"

namespace crossloom {

/// Operator set of the graphs that are made here.
inline constexpr std::int64_t kExportedOpset = 13;

/// The network as an ONNX graph (docs/onnx.md, Export): a node of each layer's name with the layer's output as a value of the
/// same name, `<layer>/batch_norm` and `<layer>/activation` behind it. `network` needs shapes (infer_shapes). With an empty
/// store the weights are constants of zero and the metadata says so. No numbers are read: the model knows where they lie.
/// Throws LayerError for a layer that ONNX has no operator for (a vector operation, a dilated mean) or whose numbers the store
/// does not know.
[[nodiscard]] OnnxModel to_onnx(const Network& network, const WeightStore& weights = {});

}  // namespace crossloom
