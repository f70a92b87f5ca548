#include "support/number_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace crossloom {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// The text without underscores; nothing when one of them does not stand between two digits.
std::optional<std::string> without_underscores(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '_') {
      plain += text[i];
    } else if (i == 0 || i + 1 == text.size() || !is_digit(text[i - 1]) || !is_digit(text[i + 1])) {
      return std::nullopt;
    }
  }
  return plain;
}

template <class Number>
std::optional<Number> parse_all(std::string_view text) {
  Number value = {};
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return value;
}

}  // namespace

std::optional<std::int64_t> parse_integer(std::string_view text) {
  const std::optional<std::string> plain = without_underscores(text);
  if (!plain || !parse_number(*plain)) return std::nullopt;

  // The text is a decimal number now. Rewritten as digits x 10^exponent, so that no digit passes through a double.
  const std::size_t mantissa_end = std::min(plain->find_first_of("eE"), plain->size());
  std::int64_t exponent = 0;
  if (mantissa_end < plain->size()) {
    std::string_view written = std::string_view(*plain).substr(mantissa_end + 1);
    if (written.starts_with('+')) written.remove_prefix(1);
    const auto parsed = parse_all<std::int32_t>(written);
    if (!parsed) return std::nullopt;
    exponent = *parsed;
  }
  std::string digits = plain->substr(0, mantissa_end);
  const std::size_t point = digits.find('.');
  if (point != std::string::npos) {
    exponent -= static_cast<std::int64_t>(digits.size() - point - 1);
    digits.erase(point, 1);
  }
  if (digits.find_first_not_of("-0") == std::string::npos) return 0;

  constexpr std::int64_t kMaxDigits = 19;
  if (exponent > kMaxDigits) return std::nullopt;
  for (; exponent < 0 && digits.ends_with('0'); ++exponent) digits.pop_back();
  if (exponent < 0) return std::nullopt;
  digits.append(static_cast<std::size_t>(exponent), '0');
  return parse_all<std::int64_t>(digits);
}

std::optional<double> parse_number(std::string_view text) {
  const std::optional<std::string> plain = without_underscores(text);
  if (!plain) return std::nullopt;
  const auto value = parse_all<double>(*plain);
  if (!value || !std::isfinite(*value)) return std::nullopt;
  return value;
}

std::string shortest_text(double value) {
  std::array<char, 32> buffer = {};  // the longest shortest form of a double has 24 characters
  const auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  return {buffer.data(), result.ptr};
}

}  // namespace crossloom
