#pragma once

#include <optional>
#include <string>
#include <vector>

#include "compiler/ir/network.h"
#include "compiler/ir/weight_store.h"

namespace crossloom {

/// What to do with an operator of a file that no layer stands for.
enum class UnknownOperator {
  kRefuse,
  kVectorOperation,  ///< an operation of the vector unit, known by its output's shape
};

struct NetworkOptions {
  std::optional<TensorShape> input_shape;  ///< replaces the file's; settles symbolic extents
  UnknownOperator unknown_operator = UnknownOperator::kRefuse;
};

/// A network file: the network at the input shape asked for, and what the file declares of itself at its own input shape.
struct NetworkFile {
  Network network;
  WeightStore weights;                     ///< empty when the file has none
  std::optional<ExpectedCounts> expected;  ///< true of the layers: a file whose counts disagree is refused
  TensorShape declared_input_shape;
  std::vector<std::string> warnings;  ///< what was taken to mean something it does not say
};

/// Names of the built-in networks (models/*.yaml in `data_folder()`), sorted. Throws UserError when the folder cannot be read.
[[nodiscard]] std::vector<std::string> builtin_network_names();

/// Loads a built-in network by name, or a file by path (anything with a '/' or ending in .yaml or .onnx). Throws UserError,
/// with a "did you mean" for an unknown name.
[[nodiscard]] NetworkFile load_network(const std::string& name_or_path, const NetworkOptions& options = {});

}  // namespace crossloom
