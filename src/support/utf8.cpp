#include "support/utf8.h"

#include <cstdint>

namespace crossloom {
namespace {

/// Shape of a sequence by its first byte: its length and the allowed range of its second byte.
struct Sequence {
  std::size_t length = 0;
  std::uint8_t second_min = 0x80;
  std::uint8_t second_max = 0xBF;
};

// Unicode 15, table 3-7. Length 0: no sequence begins with this byte.
Sequence sequence_of(std::uint8_t first) {
  if (first < 0x80) return {.length = 1};
  if (first < 0xC2) return {};
  if (first < 0xE0) return {.length = 2};
  if (first == 0xE0) return {.length = 3, .second_min = 0xA0};
  if (first == 0xED) return {.length = 3, .second_max = 0x9F};
  if (first < 0xF0) return {.length = 3};
  if (first == 0xF0) return {.length = 4, .second_min = 0x90};
  if (first < 0xF4) return {.length = 4};
  if (first == 0xF4) return {.length = 4, .second_max = 0x8F};
  return {};
}

}  // namespace

std::optional<std::size_t> first_bad_text_byte(std::string_view text) {
  const auto byte_at = [text](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  for (std::size_t i = 0; i < text.size();) {
    const std::uint8_t first = byte_at(i);
    if (first < 0x20 && first != '\t' && first != '\n' && first != '\r') return i;
    const Sequence sequence = sequence_of(first);
    if (sequence.length == 0 || sequence.length > text.size() - i) return i;
    for (std::size_t k = 1; k < sequence.length; ++k) {
      const std::uint8_t min = k == 1 ? sequence.second_min : 0x80;
      const std::uint8_t max = k == 1 ? sequence.second_max : 0xBF;
      if (byte_at(i + k) < min || byte_at(i + k) > max) return i;
    }
    i += sequence.length;
  }
  return std::nullopt;
}

}  // namespace crossloom
