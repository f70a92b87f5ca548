#pragma once

#include <array>
#include <cstdint>

namespace crossloom {

/// The block function Philox4x32-10: a keyed bijection of 128-bit counters whose outputs pass BigCrush (Salmon, Moraes, Dror,
/// Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011, section 3.3). Word 0 is the least significant one.
/// Example: counter {0, 0, 0, 0} with key {0, 0} gives {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}.
[[nodiscard]] std::array<std::uint32_t, 4> philox4x32(std::array<std::uint32_t, 4> counter, std::array<std::uint32_t, 2> key);

}  // namespace crossloom
