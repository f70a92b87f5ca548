#pragma once

#include <string>

namespace crossloom {

/// A message about a value without the option of the command line it begins with: "--set: adc.bits: 0, allowed ..." gives
/// "adc.bits: 0, allowed ...".
[[nodiscard]] inline std::string without_option(const std::string& message) {
  const std::size_t colon = message.find(": ");
  return message.starts_with("--") && colon != std::string::npos ? message.substr(colon + 2) : message;
}

}  // namespace crossloom
