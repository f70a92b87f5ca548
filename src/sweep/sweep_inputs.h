#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <variant>

#include "compiler/compile.h"
#include "compiler/ir/network.h"
#include "simulator/hardware/chip_config.h"
#include "sweep/point_result.h"
#include "sweep/sweep.h"

namespace crossloom {

/// A network at one input shape.
struct SweepNetwork {
  Network network;
  std::string structure_hash;  ///< compiler/ir/structure_hash.h
  std::int64_t num_macs = 0;
};

[[nodiscard]] SweepNetwork sweep_network(Network network);

/// A point with nothing left to look up.
struct ResolvedPoint {
  const SweepNetwork* network = nullptr;
  ChipConfig chip;
  CompileOptions options;
  std::string hash;  ///< content_hash of network, chip, options, evaluation and version: equal inputs, equal hash
};

/// The networks and chips of a sweep, loaded once; reading from several threads is safe.
class SweepInputs {
 public:
  /// The sweep must outlive it. Throws UserError: a network or chip that cannot be loaded, a key that no chip of the sweep has.
  explicit SweepInputs(const Sweep& sweep);

  /// Throws UserError when the point cannot be: a network that does not take the input, values that do not go together.
  [[nodiscard]] ResolvedPoint resolve(std::span<const std::string> values) const;

  /// Of all networks and chips: tells whether a sweep that is continued is still the same.
  [[nodiscard]] std::string content_hash_of_all() const;

 private:
  void load_networks();
  void load_chips();

  const Sweep& sweep_;
  std::vector<std::string> keys_;
  std::map<std::pair<std::string, std::string>, std::variant<SweepNetwork, std::string>> networks_;  ///< or why it is none
  std::map<std::string, ChipConfig> chips_;
};

/// Compiles and scores a point. Throws UserError when it cannot be: values of a chip or network that do not go together.
[[nodiscard]] PointResult evaluate_point(const ResolvedPoint& point, EvaluationKind evaluation, std::int64_t num_images);

}  // namespace crossloom
