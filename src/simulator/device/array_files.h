#pragma once

#include <string>
#include <string_view>

#include "simulator/device/array_config.h"
#include "simulator/device/device_noise.h"
#include "support/config_reader.h"

namespace crossloom {

/// Reads an array: sections cell, weights and inputs, and where they matter adc, wires, iv and grid (a missing one of these
/// means an ideal converter, no resistance, linear cells, one array). Every key of a section is required. Throws UserError.
[[nodiscard]] ArrayConfig parse_array_yaml(std::string_view text, std::string_view source_name);
[[nodiscard]] ArrayConfig load_array(const std::string& path);

/// Reads device noise: any of the sections programming, write_verify, stuck_at, drift and read; a missing one is no noise of
/// that kind. A measured table's `file` is looked for beside the noise file (`folder`). Throws UserError.
[[nodiscard]] DeviceNoise parse_noise_yaml(std::string_view text, std::string_view source_name, const std::string& folder);
[[nodiscard]] DeviceNoise load_noise(const std::string& path);

/// The sections of device noise of a file that may have others; the caller's `reader.finish()` refuses the rest.
[[nodiscard]] DeviceNoise read_device_noise(ConfigReader& reader, const std::string& folder);

}  // namespace crossloom
