#pragma once

#include <cstdint>
#include <vector>

#include "compiler/ir/network.h"
#include "simulator/program/placed_program.h"
#include "simulator/program/weight_matrix.h"

namespace crossloom {

/// An operation before placement: the program's record without copies, and the matrix it multiplies with.
struct LoweredOperation {
  Operation operation;
  std::int64_t matrix = -1;  ///< index into LoweredNetwork::matrices, -1 when none
  friend bool operator==(const LoweredOperation&, const LoweredOperation&) = default;
};

/// A network as the machine sees it: batch normalization folded into weights and bias, activations fused into their producer
/// when they are its only consumer, flatten and concatenation dissolved into pixel dependencies, convolutions as matrices.
struct LoweredNetwork {
  std::string name;
  std::vector<LoweredOperation> operations;  ///< topological; [0] kInput, last kOutput
  std::vector<WeightMatrix> matrices;        ///< in the order of operations
  friend bool operator==(const LoweredNetwork&, const LoweredNetwork&) = default;
};

/// Lowers a checked network with shapes. Throws UserError naming the layer for what the machine cannot run.
[[nodiscard]] LoweredNetwork lower(const Network& network);

/// Vector unit operations to apply an activation to one value (docs/model.md).
[[nodiscard]] std::int64_t operations_per_value(Activation activation);

}  // namespace crossloom
