#pragma once

#include <cstdint>
#include <string>

/// Numbers for reading: four significant digits and the unit that leaves one to three of them before the point. Files keep the
/// exact figures in the units of their names.
namespace crossloom {

[[nodiscard]] std::string time_text(double ns);            ///< 1234567.8 gives "1.235 ms"
[[nodiscard]] std::string energy_text(double pj);          ///< 4.2e7 gives "42.00 uJ"
[[nodiscard]] std::string power_text(double mw);           ///< 330 gives "330.0 mW"
[[nodiscard]] std::string area_text(double um2);           ///< 372000 gives "0.3720 mm2"; um2 below 10^4
[[nodiscard]] std::string rate_text(double per_s);         ///< 1234.56 gives "1235 / s"
[[nodiscard]] std::string fraction_text(double fraction);  ///< 0.12345 gives "0.1235"
[[nodiscard]] std::string count_text(std::int64_t count);  ///< 1235496 gives "1,235,496"

}  // namespace crossloom
