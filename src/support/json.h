#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace crossloom {

/// A JSON value to write. Members keep the order of insertion, so that the same data gives the same bytes.
/// Doubles are written in the shortest form that reads back to the same bits; NaN and infinities are refused (InternalError).
class Json {
 public:
  using Array = std::vector<Json>;
  using Object = std::vector<std::pair<std::string, Json>>;

  Json() : value_(nullptr) {}
  // Implicit on purpose: a member is written `{"rows", 128}`.
  // NOLINTBEGIN(google-explicit-constructor)
  Json(std::nullptr_t) : value_(nullptr) {}
  Json(bool value) : value_(value) {}
  Json(std::int64_t value) : value_(value) {}
  Json(int value) : value_(std::int64_t{value}) {}
  Json(double value) : value_(value) {}
  Json(std::string value) : value_(std::move(value)) {}
  Json(std::string_view value) : value_(std::string(value)) {}
  Json(const char* value) : value_(std::string(value)) {}
  Json(Array value) : value_(std::move(value)) {}
  Json(Object value) : value_(std::move(value)) {}
  // NOLINTEND(google-explicit-constructor)

  /// Appends a member to an object (a null becomes an object first). Keys must be new: InternalError otherwise only in tests
  /// of the callers; cost is O(1), no search.
  void set(std::string key, Json value);
  /// Appends an element to an array (a null becomes an array first).
  void push_back(Json value);

  /// Text of this value; `indent` spaces a level, or one line when negative. Arrays and objects without nested
  /// containers stay on one line, so that a table reads as a table. Ends without a newline.
  [[nodiscard]] std::string dump(int indent = 2) const;

  [[nodiscard]] const std::variant<std::nullptr_t, bool, std::int64_t, double, std::string, Array, Object>& value() const {
    return value_;
  }

 private:
  std::variant<std::nullptr_t, bool, std::int64_t, double, std::string, Array, Object> value_;
};

/// 64-bit FNV-1a hash of a text as 16 hexadecimal digits: tells an edited file from the one written, not a cryptographic seal
/// (Fowler, Noll, Vo, IETF draft-eastlake-fnv).
[[nodiscard]] std::string content_hash(std::string_view text);

}  // namespace crossloom
