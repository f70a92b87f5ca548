// Any text as a chip file: a chip or a UserError, nothing else.

#include <cstddef>
#include <cstdint>
#include <string>

#include "simulator/hardware/chip_yaml.h"
#include "support/error.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    static_cast<void>(crossloom::parse_chip_yaml(std::string(data, data + size), "fuzzed.yaml"));
  } catch (const crossloom::UserError&) {
    return 0;
  }
  return 0;
}
