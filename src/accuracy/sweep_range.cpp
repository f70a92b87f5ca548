#include "accuracy/sweep_range.h"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <optional>

#include "support/error.h"
#include "support/number_text.h"

namespace crossloom {
namespace {

[[noreturn]] void refuse(const std::string& text) {
  throw UserError(fmt::format(
      "--sweep: {}, allowed: KEY=FIRST:LAST:STEP with STEP above 0 and FIRST at most LAST, at most 1000 values", text));
}

}  // namespace

SweepRange parse_sweep(const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0) refuse(text);
  std::array<double, 3> numbers = {};
  std::size_t begin = equals + 1;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const std::size_t end = i + 1 < numbers.size() ? text.find(':', begin) : text.size();
    if (end == std::string::npos) refuse(text);
    const std::optional<double> number = parse_number(text.substr(begin, end - begin));
    if (!number || !std::isfinite(*number)) refuse(text);
    numbers[i] = *number;
    begin = end + 1;
  }
  const auto [first, last, step] = numbers;
  constexpr double kRounding = 1e-9;
  constexpr double kMostValues = 1000.0;
  if (!(step > 0.0) || last < first) refuse(text);
  const double num_steps = std::floor((last - first) / step + kRounding);
  if (num_steps >= kMostValues) refuse(text);
  SweepRange range{.key = text.substr(0, equals), .values = {}};
  for (double i = 0.0; i <= num_steps; i += 1.0) range.values.push_back(first + i * step);
  return range;
}

}  // namespace crossloom
