#include "support/units.h"

#include <cmath>
#include <limits>
#include <string>

#include "support/error.h"

namespace crossloom {
namespace {

// 128 bits hold every product below: 2^63 * 10^15 < 2^113 and 2^63 * 2^63 = 2^126.
__extension__ using Int128 = __int128;

std::int64_t ceil_div_to_64_bits(Int128 numerator, std::int64_t denominator, const char* what) {
  const Int128 quotient = (numerator + denominator - 1) / denominator;
  if (quotient > std::numeric_limits<std::int64_t>::max()) throw UserError(std::string(what) + " overflows 64 bits");
  return static_cast<std::int64_t>(quotient);
}

void require_span_and_clock(std::int64_t span, std::int64_t frequency_hz) {
  if (span < 0 || frequency_hz <= 0) {
    throw InternalError("a span of " + std::to_string(span) + " on a clock of " + std::to_string(frequency_hz) +
                        " Hz: needs span >= 0 and frequency > 0");
  }
}

}  // namespace

TimeFs cycles_to_fs(std::int64_t num_cycles, std::int64_t frequency_hz) {
  require_span_and_clock(num_cycles, frequency_hz);
  return ceil_div_to_64_bits(Int128{num_cycles} * kFsPerSecond, frequency_hz, "a time in femtoseconds");
}

std::int64_t fs_to_cycles(TimeFs duration_fs, std::int64_t frequency_hz) {
  require_span_and_clock(duration_fs, frequency_hz);
  return ceil_div_to_64_bits(Int128{duration_fs} * frequency_hz, kFsPerSecond, "a number of clocks");
}

TimeFs ns_to_fs(double ns) {
  constexpr double kMaxNs = 9.2e12;
  if (!(ns >= 0.0 && ns <= kMaxNs)) {
    throw UserError("a time of " + std::to_string(ns) + " ns, allowed: 0 to 9.2e12 ns (2.5 hours)");
  }
  constexpr double kRelativeTolerance = 1e-9;
  const double fs = ns * static_cast<double>(kFsPerNs);
  const double nearest = std::round(fs);
  const bool is_whole = std::abs(fs - nearest) <= kRelativeTolerance * nearest;
  return static_cast<TimeFs>(is_whole ? nearest : std::ceil(fs));
}

}  // namespace crossloom
