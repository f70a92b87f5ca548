#include "sweep/filter.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <optional>

#include "support/error.h"
#include "support/number_text.h"

namespace crossloom {
namespace {

// Longer ones first: `<=` begins with `<`.
constexpr std::array<std::string_view, 6> kComparisons = {"==", "!=", "<=", ">=", "<", ">"};

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

}  // namespace

Filter::Product Filter::parse_product(std::string_view text, std::span<const std::string> keys) {
  Product product;
  while (true) {
    const std::size_t star = text.find('*');
    const std::string_view factor = trimmed(text.substr(0, star));
    if (factor.empty()) throw UserError("has an empty side or factor, allowed: KEY * NUMBER <= KEY");
    const auto key = std::ranges::find(keys, factor);
    product.push_back({.is_key = key != keys.end(),
                       .key = key == keys.end() ? 0 : static_cast<std::size_t>(key - keys.begin()),
                       .text = std::string(factor)});
    if (star == std::string_view::npos) return product;
    text.remove_prefix(star + 1);
  }
}

Filter::Filter(const std::string& text, std::span<const std::string> keys) : text_(text) {
  std::size_t at = std::string::npos;
  for (const std::string_view comparison : kComparisons) {
    at = text.find(comparison);
    if (at == std::string::npos) continue;
    comparison_ = comparison;
    break;
  }
  if (at == std::string::npos) {
    throw UserError(fmt::format("{}: has no comparison, allowed: {}", text, fmt::join(kComparisons, " ")));
  }
  try {
    left_ = parse_product(std::string_view(text).substr(0, at), keys);
    right_ = parse_product(std::string_view(text).substr(at + comparison_.size()), keys);
  } catch (const UserError& error) {
    throw UserError(text + ": " + error.what());
  }
  const auto is_name = [](const Factor& factor) { return !factor.is_key && !parse_number(factor.text); };
  const bool is_equality = comparison_ == "==" || comparison_ == "!=";
  is_of_texts_ = is_equality && left_.size() == 1 && right_.size() == 1 && left_[0].is_key && is_name(right_[0]);
  for (const Product* side : {&left_, &right_}) {
    const auto name = std::ranges::find_if(*side, is_name);
    if (name != side->end() && !is_of_texts_) {
      throw UserError(
          fmt::format("{}: {} is neither a number nor an axis, allowed: {}", text, name->text, fmt::join(keys, ", ")));
    }
  }
  const auto is_key = [](const Factor& factor) { return factor.is_key; };
  if (std::ranges::none_of(left_, is_key) && std::ranges::none_of(right_, is_key)) {
    throw UserError(fmt::format("{}: names no axis, allowed: {}", text, fmt::join(keys, ", ")));
  }
}

double Filter::number(const Product& product, std::span<const std::string> values) const {
  double result = 1.0;
  for (const Factor& factor : product) {
    const std::string& text = factor.is_key ? values[factor.key] : factor.text;
    const std::optional<double> value = parse_number(text);
    if (!value) throw UserError(fmt::format("{}: {} is {}, not a number", text_, factor.text, text));
    result *= *value;
  }
  return result;
}

bool Filter::accepts(std::span<const std::string> values) const {
  if (is_of_texts_) return (values[left_[0].key] == right_[0].text) == (comparison_ == "==");
  const double left = number(left_, values);
  const double right = number(right_, values);
  if (comparison_ == "==") return left == right;
  if (comparison_ == "!=") return left != right;
  if (comparison_ == "<=") return left <= right;
  if (comparison_ == ">=") return left >= right;
  return comparison_ == "<" ? left < right : left > right;
}

}  // namespace crossloom
