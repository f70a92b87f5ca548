#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sweep/filter.h"

namespace crossloom {

/// How a point is scored: by the analytical estimate of its placed program, or by simulation.
enum class EvaluationKind { kEstimate, kSimulate };
[[nodiscard]] inline std::span<const std::string_view> enum_names(EvaluationKind) {
  static constexpr std::array<std::string_view, 2> kNames = {"estimate", "simulate"};
  return kNames;
}

/// Which points of the space there are: all combinations; independent draws; or a Latin hypercube (McKay, Beckman, Conover,
/// Technometrics 1979): of n points each n-th part of every axis has one.
enum class SampleKind { kProduct, kRandom, kLatinHypercube };
[[nodiscard]] inline std::span<const std::string_view> enum_names(SampleKind) {
  static constexpr std::array<std::string_view, 3> kNames = {"product", "random", "latin_hypercube"};
  return kNames;
}

/// Any value between two bounds, for samples only.
struct ContinuousRange {
  double min = 0.0;
  double max = 0.0;
  bool is_logarithmic = false;  ///< equal odds for equal ratios
  bool is_integer = false;
};

/// One or several keys that vary together.
struct SweepAxis {
  std::vector<std::string> keys;
  std::int64_t line = 0;                         ///< of the file
  std::vector<std::vector<std::string>> values;  ///< [i][j]: text of keys[j] at the i-th value; empty with a range
  std::optional<ContinuousRange> range;          ///< of the only key
};

/// A sweep as its file describes it.
struct Sweep {
  std::string source_name;
  EvaluationKind evaluation = EvaluationKind::kSimulate;
  std::int64_t num_images = 1;  ///< of a simulation
  SampleKind sample = SampleKind::kProduct;
  std::int64_t num_samples = 0;
  std::int64_t seed = 1;  ///< of the samples
  std::vector<SweepAxis> axes;
  std::vector<Filter> filters;  ///< a point must pass all
  std::string text_hash;        ///< of the file's text
};

/// Keys of all axes in the order of the file: the columns of a point.
[[nodiscard]] std::vector<std::string> keys_of(const Sweep& sweep);

/// Reads a sweep (docs/sweeps.md): axes over `network`, `input`, `chip`, the compile options (compile_option_names) and any key
/// of a chip; values as lists, `{first, last, step}`, `{first, last, factor}` or `{min, max}`. Throws UserError
/// `file:line: key: value, allowed`: unknown keys, an empty or endless range, a repeated axis, a value that no compile option
/// takes, a range of any value without a sample, a filter that names no axis. Whether chips have the keys is seen by
/// `SweepInputs`.
[[nodiscard]] Sweep parse_sweep_yaml(std::string_view text, std::string_view source_name);

}  // namespace crossloom
