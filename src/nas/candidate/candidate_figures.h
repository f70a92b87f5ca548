#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "compiler/ir/network.h"
#include "simulator/hardware/chip_config.h"
#include "sweep/point_result.h"

namespace crossloom {

/// How well a network does on held-out images.
struct CandidateAccuracy {
  double accuracy_fraction = 0.0;
  double loss = 0.0;  ///< mean cross entropy, in nats
  /// Mean over draws of the errors of its weights, less a multiple of their standard deviation.
  double noisy_accuracy_fraction = 0.0;
  friend bool operator==(const CandidateAccuracy&, const CandidateAccuracy&) = default;
};

/// What a candidate came to: its network on its chip.
struct CandidateFigures {
  PointResult hardware;
  double batch_latency_ns = 0.0;  ///< of as many images in a row as the search says
  /// The same by RNC's evaluator and rules, in a search about it; infinite where they find no packing.
  double rnc_batch_latency_ns = 0.0;
  double num_parameters = 0.0;
  double memory_bytes = 0.0;  ///< parameter_bytes
  double nn_degree = 0.0;
  double predicted_accuracy_fraction = 0.0;  ///< in a search for it
  CandidateAccuracy accuracy;
};

/// The goal that RNC's evaluator scores.
inline constexpr std::string_view kRncGoal = "rnc_batch_latency";

/// What a search can make better or hold to a limit.
struct SearchGoal {
  std::string_view name;    ///< as an objective: "latency"
  std::string_view figure;  ///< as a constraint, and in files: "latency_ns"
  std::string_view meaning;
  bool is_maximised = false;
  bool needs_images = false;  ///< and a trained supernet
  double (*value)(const CandidateFigures& figures) = nullptr;
};
[[nodiscard]] std::span<const SearchGoal> search_goals();
/// Names, and figures, in the order of search_goals.
[[nodiscard]] std::span<const std::string_view> search_goal_names();
[[nodiscard]] std::span<const std::string_view> search_goal_figures();

/// Bytes of a network's learned numbers on the chip: weights of `arithmetic.weight_bits`, and 32 bits for each bias, into which
/// batch normalization is folded. Rounded up to whole bytes once.
[[nodiscard]] double parameter_bytes(const Network& network, const ChipConfig& chip);

}  // namespace crossloom
