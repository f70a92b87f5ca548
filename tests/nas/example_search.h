#pragma once

#include <string>

namespace crossloom {

/// A search over small SqueezeNets at 32x32 on a chip of 64x64 crossbars: seconds.
inline std::string small_search(const std::string& further = "") {
  return "space: squeezenet\ninput: 1x3x32x32\nwidth: 0.25\nclasses: 10\nchip: edge-64\n"
         "hardware: {crossbars: 64, effort: fast}\nobjectives: [latency, memory]\n"
         "search: {population: 8, generations: 3, seed: 5}\n" +
         further;
}

}  // namespace crossloom
