#pragma once

#include <string>

namespace crossloom {

/// A network file of a 3x8x8 image, with `layers` as the elements of its list (from line 5 on).
[[nodiscard]] inline std::string network_text(const std::string& layers) {
  return "name: example\n"
         "source: test\n"
         "input: {shape: [3, 8, 8], signed: true}\n"
         "layers:\n" +
         layers;
}

}  // namespace crossloom
