#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace crossloom {

/// A condition on a point: `crossbar.rows * crossbar.cols <= 65536`, `network != vgg16`. Both sides are products of keys and
/// numbers, or one key and a text that it is compared with by == or !=.
class Filter {
 public:
  /// Throws UserError with what is wrong, such as `crossbar.rows =< 64: has no comparison, allowed: == != < <= > >=`.
  /// `keys`: those of the axes.
  Filter(const std::string& text, std::span<const std::string> keys);

  /// Whether the point with these values, in the order of the keys, passes. Throws UserError when a value that is compared as a
  /// number is none.
  [[nodiscard]] bool accepts(std::span<const std::string> values) const;

 private:
  struct Factor {
    bool is_key = false;
    std::size_t key = 0;
    std::string text;
  };
  using Product = std::vector<Factor>;

  static Product parse_product(std::string_view text, std::span<const std::string> keys);
  [[nodiscard]] double number(const Product& product, std::span<const std::string> values) const;

  std::string text_;
  std::string comparison_;
  Product left_;
  Product right_;
  bool is_of_texts_ = false;
};

}  // namespace crossloom
