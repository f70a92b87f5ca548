#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace crossloom {

/// Programmed conductances as measured: for each target the outcomes at equally likely quantiles, or mean and sigma of a normal
/// distribution. Between targets both are interpolated.
struct MeasuredTable {
  struct Target {
    double target_siemens = 0.0;
    double mean_siemens = 0.0;
    double sigma_siemens = 0.0;
    std::vector<double> samples_siemens = {};  ///< sorted; empty for a normal distribution
    friend bool operator==(const Target&, const Target&) = default;
  };
  std::vector<Target> targets = {};  ///< by increasing target; either all have samples or none has
  friend bool operator==(const MeasuredTable&, const MeasuredTable&) = default;

  [[nodiscard]] double low_siemens() const { return targets.front().target_siemens; }
  [[nodiscard]] double high_siemens() const { return targets.back().target_siemens; }
  [[nodiscard]] bool has_samples() const { return !targets.empty() && !targets.front().samples_siemens.empty(); }

  /// Mean and standard deviation at a target inside the table.
  [[nodiscard]] double mean_siemens(double target_siemens) const;
  [[nodiscard]] double sigma_siemens(double target_siemens) const;
  /// Outcome at quantile `u` in [0, 1) of the measured samples, linear between order statistics and between targets.
  [[nodiscard]] double quantile_siemens(double target_siemens, double u) const;
};

/// Reads CSV with the header `target_siemens,mean_siemens,sigma_siemens` (a line a target) or `target_siemens,sample_siemens`
/// (a line a sample). Throws UserError `source:line: ...`: other header, a value that is no finite number or negative, a
/// repeated target (mean and sigma), fewer than two samples of a target, no line.
[[nodiscard]] MeasuredTable parse_measured_table(std::string_view csv, std::string_view source_name);

}  // namespace crossloom
