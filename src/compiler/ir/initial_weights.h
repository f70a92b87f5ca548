#pragma once

#include <cstdint>

#include "compiler/ir/network.h"
#include "compiler/ir/weight_store.h"

namespace crossloom {

/// Weights to begin with: normal with standard deviation sqrt(2 / n), n the inputs of one output (He et al., "Delving deep into
/// rectifiers", ICCV 2015, equation 10), biases zero, batch normalizations that change nothing. The draws of a layer depend on
/// `seed` and its place in the network alone. Eight bytes of memory a weight.
[[nodiscard]] WeightStore initial_weights(const Network& network, std::uint64_t seed);

}  // namespace crossloom
