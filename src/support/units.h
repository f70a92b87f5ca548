#pragma once

#include <cstdint>

namespace crossloom {

/// A span or a moment of simulated time in femtoseconds. int64 covers 9223 s, about 2.5 hours.
using TimeFs = std::int64_t;

/// A sum of times of many resources, which may pass 64 bits: 5000 busy crossbars do within 2 s.
__extension__ using TimeSumFs = __int128;

inline constexpr TimeFs kFsPerNs = 1'000'000;
inline constexpr std::int64_t kFsPerSecond = 1'000'000'000'000'000;

/// Duration of `num_cycles` (>= 0) clocks of a clock of `frequency_hz` (> 0): ceil(n * 10^15 / f), exact (128-bit inside).
/// Throws UserError when the result does not fit into 64 bits.
[[nodiscard]] TimeFs cycles_to_fs(std::int64_t num_cycles, std::int64_t frequency_hz);

/// Number of clocks of `frequency_hz` that cover `duration_fs`: ceil(t * f / 10^15), exact.
[[nodiscard]] std::int64_t fs_to_cycles(TimeFs duration_fs, std::int64_t frequency_hz);

/// Nanoseconds (finite, 0 <= ns <= 9.2e12) to femtoseconds, rounded up; a value within 1e-9 relative of a whole number of
/// femtoseconds is that number (so that the decimal 0.3 does not become one femtosecond more). Throws UserError outside.
[[nodiscard]] TimeFs ns_to_fs(double ns);

[[nodiscard]] constexpr double fs_to_ns(TimeFs fs) { return static_cast<double>(fs) / 1e6; }
[[nodiscard]] constexpr double sum_to_ns(TimeSumFs fs) { return static_cast<double>(fs) / 1e6; }

}  // namespace crossloom
