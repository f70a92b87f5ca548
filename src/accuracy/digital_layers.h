#pragma once

#include <optional>
#include <span>

#include "accuracy/tensor.h"
#include "compiler/ir/network.h"
#include "compiler/ir/weight_store.h"

/// What the digital units compute: every layer but convolutions and linear ones, in binary64.
namespace crossloom {

/// The layer's value without its activation. `normalization` holds the factor and offset a channel of a batch normalization and
/// is unused otherwise. Throws InternalError for an input, convolution or linear layer, UserError for a vector operation, of
/// which only the shape is known.
[[nodiscard]] Tensor digital_output(const Layer& layer, std::span<const Tensor* const> operands,
                                    const FoldedWeights& normalization);

/// Applies an activation in place; softmax goes over the channels of a pixel. A slope that is absent is 0.01 (leaky ReLU) or
/// 1/6 (hard sigmoid, hard swish: Howard et al., ICCV 2019).
void apply_activation(Activation activation, std::optional<float> slope, Tensor& tensor);

}  // namespace crossloom
