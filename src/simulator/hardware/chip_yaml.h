#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "simulator/hardware/chip_config.h"
#include "support/config_reader.h"

namespace crossloom {

/// Reads a chip from YAML text: every key required and within its bounds, every section with its `source:`, unknown and
/// repeated keys refused, then cross-field rules (validate). Throws UserError.
[[nodiscard]] ChipConfig parse_chip_yaml(std::string_view text, std::string_view source_name);

/// Throws UserError `source_name: key.path: ...` unless the sections fit together (g_min < g_max, active_rows <= rows, a weight
/// fits into a row of cells, cells of the chip and the longest activation fit into 64 bits, ...).
void validate(const ChipConfig& chip, std::string_view source_name);

/// Names of the presets under configs/crossbars, sorted.
[[nodiscard]] std::vector<std::string> chip_preset_names();

/// Loads a preset by name or a file by path (anything with a '/' or ending in .yaml). Throws UserError, with a "did you mean".
[[nodiscard]] ChipConfig load_chip(const std::string& name_or_path);

/// The chip with one value replaced: `key` is a dotted path such as `adc.columns_per_adc`, `value` its text as YAML would have
/// it. Validated anew. `name` may be replaced, the notes on sources may not. Throws UserError
/// `--set: key: value, allowed range (did you mean ...)`. Example: ("adc.columns_per_adc", "64").
[[nodiscard]] ChipConfig with_override(const ChipConfig& chip, std::string_view key, std::string_view value);
/// Several `key=value` at once, validated only after the last (a pair of values may fit only together); of two for one key the
/// later one counts.
[[nodiscard]] ChipConfig with_overrides(const ChipConfig& chip, const std::vector<std::string>& assignments);
/// Throws UserError as with_override does for a key that cannot be replaced, whatever the value.
void check_key(const ChipConfig& chip, std::string_view key);

/// Reads the resolved chip of an output file, as `write_fields` wrote it (no `source:` in its sections), and validates it.
[[nodiscard]] ChipConfig read_chip(ConfigReader& reader);

}  // namespace crossloom
