#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "compiler/ir/network.h"
#include "compiler/ir/weight_store.h"

namespace crossloom {

/// What a run of learned numbers is; weights alone decay.
enum class ParameterRole { kWeights, kBias, kScale, kShift };

/// A tensor in the flat array of all learned numbers.
struct ParameterPlace {
  std::size_t layer = 0;  ///< in the network
  ParameterRole role = ParameterRole::kWeights;
  std::vector<std::int64_t> dims;
  std::size_t first = 0;
  std::size_t count = 0;
  friend bool operator==(const ParameterPlace&, const ParameterPlace&) = default;
};

/// Running mean and variance of one batch normalization in the flat array of statistics.
struct StatisticsPlace {
  std::size_t layer = 0;
  std::int64_t num_channels = 0;
  std::size_t first_mean = 0;
  std::size_t first_variance = 0;
  double epsilon = 0.0;
  friend bool operator==(const StatisticsPlace&, const StatisticsPlace&) = default;
};

/// For each layer, whether it is the last of a residual: of the operands of an addition the one behind most layers, read by
/// nothing else.
[[nodiscard]] std::vector<bool> residual_ends(const Network& network);

/// Everything that training changes, in two arrays: learned numbers, and what is observed of the batches that pass.
struct NetworkValues {
  std::vector<float> parameters;
  std::vector<float> statistics;  ///< running means and variances, then the range of each layer's output (0: not known)
  friend bool operator==(const NetworkValues&, const NetworkValues&) = default;
};

/// Where the numbers of each layer stand in the arrays.
class ParameterLayout {
 public:
  /// For layers with the tensors that training can change: weights, an optional bias and at most one batch normalization with
  /// running statistics. `network` needs shapes.
  explicit ParameterLayout(const Network& network);

  [[nodiscard]] const std::vector<ParameterPlace>& parameters() const { return parameters_; }
  [[nodiscard]] const std::vector<StatisticsPlace>& statistics() const { return statistics_; }
  [[nodiscard]] std::size_t num_parameters() const { return num_parameters_; }
  [[nodiscard]] std::size_t num_statistics() const { return first_range_ + num_layers_; }
  /// Place of a layer's range among the statistics: the largest magnitude its output is quantized to.
  [[nodiscard]] std::size_t range_of(std::size_t layer) const { return first_range_ + layer; }
  /// The ranges of all layers.
  [[nodiscard]] std::vector<double> ranges(std::span<const float> statistics) const;
  /// Null when the layer has none.
  [[nodiscard]] const ParameterPlace* find(std::size_t layer, ParameterRole role) const;
  [[nodiscard]] const StatisticsPlace* find_statistics(std::size_t layer) const;

 private:
  void add(std::size_t layer, ParameterRole role, std::vector<std::int64_t> dims);
  void add_normalization(std::size_t layer, std::int64_t num_channels);

  std::vector<ParameterPlace> parameters_;
  std::vector<StatisticsPlace> statistics_;
  std::size_t num_parameters_ = 0;
  std::size_t first_range_ = 0;
  std::size_t num_layers_ = 0;
};

/// The network as training takes it: a layer whose stored normalization is of another form than scale, shift, mean and variance
/// has it folded into weights and bias.
struct TrainableNetwork {
  Network network;
  NetworkValues values;
};

/// Numbers of a store in the order of the layout. Throws UserError naming the layer whose numbers are missing or have another
/// number of values.
[[nodiscard]] TrainableNetwork trainable(const Network& network, const WeightStore& store);

/// Hash of layers and numbers.
[[nodiscard]] std::string content_hash_of(const TrainableNetwork& trained);

/// Sets the scales of the normalization at the end of each residual to 0, so that a network begins training as a shallow one
/// (Goyal et al., Accurate, Large Minibatch SGD, arXiv 1706.02677, section 5.1).
void zero_last_scales_of_residuals(TrainableNetwork& network);

/// The numbers as a store again, with normalizations of `kBatchNormEpsilon`.
[[nodiscard]] WeightStore to_store(const Network& network, const NetworkValues& values);

/// Added to the variance (Ioffe, Szegedy, ICML 2015, algorithm 1); the usual value.
inline constexpr double kBatchNormEpsilon = 1e-5;

}  // namespace crossloom
