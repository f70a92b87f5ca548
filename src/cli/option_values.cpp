#include "cli/option_values.h"

#include <fmt/format.h>

#include <limits>
#include <vector>

#include "support/error.h"
#include "support/number_text.h"

namespace crossloom {
namespace {

std::string range_text(IntegerRange range) {
  if (range.max == std::numeric_limits<std::int64_t>::max()) return fmt::format("at least {}", range.min);
  return fmt::format("{} to {}", range.min, range.max);
}

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts(1);
  for (const char character : text) {
    if (character == separator) {
      parts.emplace_back();
    } else {
      parts.back() += character;
    }
  }
  return parts;
}

[[noreturn]] void refuse_shape(const std::string& text) {
  throw UserError(fmt::format("--input: {}, allowed: 1xCxHxW such as 1x3x224x224, each of 1 to {}, at most {} values", text,
                              kMaxExtent, kMaxTensorValues));
}

}  // namespace

std::int64_t integer_option(std::string_view option, const std::string& text, IntegerRange range) {
  const std::optional<std::int64_t> value = parse_integer(text);
  if (!value || *value < range.min || *value > range.max) {
    throw UserError(fmt::format("{}: {}, allowed: a whole number, {}", option, text, range_text(range)));
  }
  return *value;
}

TensorShape input_shape_option(const std::string& text) {
  std::vector<std::int64_t> extents;
  for (const std::string& part : split(text, 'x')) {
    const std::optional<std::int64_t> extent = parse_integer(part);
    if (!extent || *extent < 1 || *extent > kMaxExtent) refuse_shape(text);
    extents.push_back(*extent);
  }
  if (extents.size() != 4 || extents[0] != 1) refuse_shape(text);
  const TensorShape shape{.channels = extents[1], .height = extents[2], .width = extents[3]};
  // Two extents of at most 2^20 multiply within 64 bits, three of them need not.
  if (shape.channels * shape.height > kMaxTensorValues / shape.width) refuse_shape(text);
  return shape;
}

}  // namespace crossloom
