#pragma once

#include <array>
#include <string>
#include <string_view>

namespace crossloom {

/// Sections that the `noise:` section of a chip may have beside its four figures, as a noise file has them (docs/devices.md).
/// They change numbers, not times: only those who compute with numbers read them, and a resolved chip does not hold them.
inline constexpr std::array<std::string_view, 9> kNoiseSections = {"programming", "write_verify", "stuck_at", "drift",  "read",
                                                                   "adc",         "wires",        "iv",       "sharing"};

/// The file of a preset by its name, or the path itself of anything with a '/' or ending in .yaml. Throws UserError, with a
/// "did you mean".
[[nodiscard]] std::string chip_file(const std::string& name_or_path);

}  // namespace crossloom
