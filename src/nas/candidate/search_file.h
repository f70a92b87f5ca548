#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "nas/search_options.h"
#include "nas/space/search_space.h"
#include "sweep/sweep.h"

namespace crossloom {

/// Copy of a search in the folder of its results.
inline constexpr std::string_view kSearchFile = "search.yaml";

/// Values that a key of the chip, or a compile option, takes; one value: it does not vary.
struct HardwareChoice {
  std::string key;
  std::int64_t line = 0;            ///< of the file
  std::vector<std::string> values;  ///< texts as in the file
};

/// A bound that no network of the front may break: from above, from below for what is maximised.
struct GoalLimit {
  std::size_t goal = 0;  ///< index into search_goals
  double limit = 0.0;    ///< above 0
};

/// How the accuracy of candidates is scored.
struct AccuracySettings {
  std::int64_t num_images = 0;                 ///< held-out images, the first ones; 0: all
  std::int64_t num_calibration_images = 1000;  ///< training images for the statistics of normalizations
  bool takes_other_images = false;             ///< than those the supernet was trained on
  std::string noise;                           ///< noise file of noisy_accuracy (docs/devices.md); empty: no noise
  std::int64_t num_trials = 3;                 ///< draws of the noise
  double deviations = 1.0;                     ///< standard deviations that noisy_accuracy lies below the mean
  std::string samples;                         ///< networks that predicted_accuracy is fitted to: a table or its folder
  std::string candidates;                      ///< or those it is learned from: a table or its folder
  friend bool operator==(const AccuracySettings&, const AccuracySettings&) = default;
};

/// A search as its file describes it (docs/nas.md).
struct SearchFile {
  std::string source_name;
  SearchSpace space;
  std::string chip;  ///< name or path
  std::vector<HardwareChoice> hardware;
  EvaluationKind score = EvaluationKind::kEstimate;
  std::int64_t batch = 1;  ///< images in a row: of batch_latency, of simulations and of speed over the baseline
  std::int64_t num_rnc_steps =
      30'000'000;                       ///< looks at a crossbar for a mapping under RNC's rules; and ten times for the front
  std::vector<std::size_t> objectives;  ///< indices into search_goals, two or more
  std::vector<GoalLimit> constraints;
  AccuracySettings accuracy;
  std::string baseline;   ///< network that speed is compared with; empty: none
  SearchOptions options;  ///< course and ends of the search
};

/// Reads a search. Throws UserError `file:line: key: value, allowed`: unknown keys, spaces, objectives and constraints;
/// empty lists. Whether the chip has the keys is seen by CandidateEvaluator.
[[nodiscard]] SearchFile parse_search_yaml(std::string_view text, std::string_view source_name);

/// Whether a goal is an objective or a limit.
[[nodiscard]] bool has_goal(const SearchFile& file, std::string_view name);

/// The lines of a search that say what its space is: space, input, signed_input, width, classes, stem_stride. Throws UserError
/// for a text that is not YAML.
[[nodiscard]] std::string space_lines(std::string_view text, std::string_view source_name);

}  // namespace crossloom
