#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "compiler/ir/network.h"
#include "compiler/ir/weight_store.h"

namespace crossloom {

/// A sum or product with one number, such as the 3 and the 1/6 of a hard sigmoid written out.
struct ScalarStep {
  bool is_product = false;
  double number = 0;
};

/// What a draft knows of a layer besides the layer itself.
struct DraftDetail {
  LayerTensors tensors;
  std::optional<ScalarStep> scalar;  ///< a vector operation that does just this
  bool has_factor = true;            ///< a batch normalization that scales; without, it only adds an offset
};

/// A network while it is read: layer by layer as the file has them, shapes set; simplified at the end.
struct DraftNetwork {
  Network network;
  std::vector<DraftDetail> details;  ///< of each layer
};

/// Index of the new layer. Sets its shape; throws LayerError when it does not fit.
std::int64_t add_layer(DraftNetwork& draft, Layer layer, DraftDetail detail = {});

/// A network with its weights.
struct SimplifiedNetwork {
  Network network;
  WeightStore weights;
};

/// Turns what exporters write out into what it means, and leaves layers out that the output does not depend on:
/// - sum with 3, clip to [0, 6], division by 6 is a hard sigmoid; times the value itself a hard swish (Howard et al., ICCV
/// 2019)
/// - x * sigmoid(x) is SiLU, x * hard_sigmoid(x) hard swish
/// - batch normalization, offset and activation join the layer before, where nothing else reads it
/// The last layer of the result is `output`.
[[nodiscard]] SimplifiedNetwork simplify(DraftNetwork draft, std::int64_t output);

}  // namespace crossloom
