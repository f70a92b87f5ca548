// Any text as a network file: a network or a UserError, nothing else.

#include <cstddef>
#include <cstdint>
#include <string>

#include "compiler/import/network_yaml.h"
#include "support/error.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    static_cast<void>(crossloom::parse_network_yaml(std::string(data, data + size), "fuzzed.yaml"));
  } catch (const crossloom::UserError&) {
    return 0;
  }
  return 0;
}
