#include "support/utf8.h"

#include <gtest/gtest.h>

#include <string>

namespace crossloom {
namespace {

/// Well-formed UTF-8 of a code point (RFC 3629, section 3).
std::string encode(std::uint32_t point) {
  const auto tail = [&](unsigned shift) { return static_cast<char>(0x80U | ((point >> shift) & 0x3FU)); };
  if (point < 0x80) return {static_cast<char>(point)};
  if (point < 0x800) return {static_cast<char>(0xC0U | (point >> 6U)), tail(0)};
  if (point < 0x10000) return {static_cast<char>(0xE0U | (point >> 12U)), tail(6), tail(0)};
  return {static_cast<char>(0xF0U | (point >> 18U)), tail(12), tail(6), tail(0)};
}

TEST(FirstBadTextByte, AcceptsExactlyTheScalarValuesOfUnicode) {
  for (std::uint32_t point = 0x20; point < 0x140000; ++point) {
    const bool is_scalar_value = point < 0xD800 || (point > 0xDFFF && point <= 0x10FFFF);
    ASSERT_EQ(!first_bad_text_byte(encode(point)).has_value(), is_scalar_value) << std::hex << point;
  }
}

TEST(FirstBadTextByte, RefusesOverlongFormsAndCutOffSequences) {
  for (const char* bad : {"\xC0\xAF", "\xC1\xBF", "\xE0\x9F\xBF", "\xF0\x8F\xBF\xBF", "\x80", "\xE2\x82", "\xFF", "\xC3("}) {
    EXPECT_EQ(first_bad_text_byte(std::string("ab") + bad), 2U);
  }
}

TEST(FirstBadTextByte, RefusesControlCharactersOtherThanWhiteSpace) {
  EXPECT_EQ(first_bad_text_byte("a\tb\r\nc"), std::nullopt);
  EXPECT_EQ(first_bad_text_byte(std::string_view("a\0b", 3)), 1U);
  EXPECT_EQ(first_bad_text_byte("\x1B[0m"), 0U);
}

}  // namespace
}  // namespace crossloom
