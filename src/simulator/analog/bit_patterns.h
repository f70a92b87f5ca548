#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace crossloom {

/// Byte k is bit k of the index.
inline constexpr std::array<std::uint64_t, 256> kSpreadBits = [] {
  constexpr std::uint64_t kByteBits = 8;
  std::array<std::uint64_t, 256> spread = {};
  for (std::uint64_t byte = 0; byte < spread.size(); ++byte) {
    for (std::uint64_t bit = 0; bit < kByteBits; ++bit) spread[byte] |= ((byte >> bit) & 1U) << (kByteBits * bit);
  }
  return spread;
}();

/// What four neighbouring input lines drive in eight phases of one bit: bit i of byte k is bit `first_bit` + k of words[i].
[[nodiscard]] inline std::uint64_t eight_patterns(const std::array<std::uint32_t, 4>& words, std::int64_t first_bit) {
  constexpr std::uint32_t kByte = 0xFF;
  std::uint64_t patterns = 0;
  for (std::size_t i = 0; i < words.size(); ++i) patterns |= kSpreadBits[(words[i] >> first_bit) & kByte] << i;
  return patterns;
}

}  // namespace crossloom
