#pragma once

#include <string>
#include <vector>

namespace crossloom {

/// A parameter and the values it takes.
struct SweepRange {
  std::string key;
  std::vector<double> values;
};

/// Parses `key=first:last:step`; the values are first + i x step up to last, a billionth of a step allowed for rounding. Throws
/// UserError `--sweep: ...`: another form, a step that is not above 0, last below first, more than 1000 values. Example:
/// "read.sigma_fraction=0:0.1:0.05" has 0, 0.05 and 0.1.
[[nodiscard]] SweepRange parse_sweep(const std::string& text);

}  // namespace crossloom
