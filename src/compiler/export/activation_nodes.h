#pragma once

#include <string>

#include "compiler/export/onnx_graph_builder.h"

namespace crossloom {

/// The activation of `layer` on `value`; the last node is called `name`. Hard swish and SiLU are products with a gate, as the
/// operator set has no node for them. `layer.activation` must not be kNone.
std::string add_activation_nodes(OnnxGraphBuilder& graph, const Layer& layer, const std::string& value,
                                 const std::string& name);

}  // namespace crossloom
