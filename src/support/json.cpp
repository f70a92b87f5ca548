#include "support/json.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "support/error.h"
#include "support/number_text.h"

namespace crossloom {
namespace {

/// Characters that stand behind a backslash in a text.
constexpr std::array<bool, 256> kIsSpecial = [] {
  std::array<bool, 256> is_special{};
  for (std::size_t c = 0; c < 0x20U; ++c) is_special[c] = true;
  is_special['"'] = true;
  is_special['\\'] = true;
  return is_special;
}();

void append_quoted(std::string& out, std::string_view text) {
  constexpr std::string_view kHexDigits = "0123456789abcdef";
  out += '"';
  // Without a jump a character: nearly all texts are short keys with nothing special.
  bool has_special = false;
  for (const char c : text) has_special |= kIsSpecial[static_cast<unsigned char>(c)];
  if (!has_special) {
    out.append(text);
    out += '"';
    return;
  }
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (byte < 0x20U) {
      out += "\\u00";
      out += kHexDigits[byte >> 4U];
      out += kHexDigits[byte & 0xFU];
    } else {
      out += c;
    }
  }
  out += '"';
}

std::string number_text(double value) {
  if (!std::isfinite(value)) throw InternalError("JSON cannot hold a number that is not finite");
  std::string text = shortest_text(value);
  // A whole double keeps its point, so that it reads back as a double.
  if (text.find_first_of(".e") == std::string::npos) text += ".0";
  return text;
}

bool is_container(const Json& json) {
  return std::holds_alternative<Json::Array>(json.value()) || std::holds_alternative<Json::Object>(json.value());
}
const Json& value_of(const Json& item) { return item; }
const Json& value_of(const std::pair<std::string, Json>& member) { return member.second; }

/// Writes one value after the other, each at the indentation of its depth.
class Writer {
 public:
  explicit Writer(int indent) : indent_(indent) {}

  [[nodiscard]] std::string take() { return std::move(out_); }

  void write(const Json& json) { std::visit(*this, json.value()); }

  void operator()(std::nullptr_t) { out_ += "null"; }
  void operator()(bool value) { out_ += value ? "true" : "false"; }
  void operator()(std::int64_t value) { out_ += std::to_string(value); }
  void operator()(double value) { out_ += number_text(value); }
  void operator()(const std::string& value) { append_quoted(out_, value); }
  void operator()(const Json::Array& items) { write_all('[', items, ']'); }
  void operator()(const Json::Object& members) { write_all('{', members, '}'); }

 private:
  void write_item(const Json& item) { write(item); }
  void write_item(const std::pair<std::string, Json>& member) {
    append_quoted(out_, member.first);
    out_ += ": ";
    write(member.second);
  }

  template <class Items>
  void write_all(char open, const Items& items, char close) {
    const bool one_line =
        indent_ < 0 || std::ranges::none_of(items, [](const auto& item) { return is_container(value_of(item)); });
    out_ += open;
    ++depth_;
    bool is_first = true;
    for (const auto& item : items) {
      if (!is_first) out_ += one_line ? ", " : ",";
      is_first = false;
      if (!one_line) new_line();
      write_item(item);
    }
    --depth_;
    if (!one_line) new_line();
    out_ += close;
  }

  void new_line() {
    out_ += '\n';
    out_.append(static_cast<std::size_t>(indent_) * depth_, ' ');
  }

  int indent_;
  std::size_t depth_ = 0;
  std::string out_;
};

}  // namespace

void Json::set(std::string key, Json value) {
  if (std::holds_alternative<std::nullptr_t>(value_)) value_ = Object{};
  auto* object = std::get_if<Object>(&value_);
  if (object == nullptr) throw InternalError("Json::set needs an object");
  object->emplace_back(std::move(key), std::move(value));
}

void Json::push_back(Json value) {
  if (std::holds_alternative<std::nullptr_t>(value_)) value_ = Array{};
  auto* array = std::get_if<Array>(&value_);
  if (array == nullptr) throw InternalError("Json::push_back needs an array");
  array->push_back(std::move(value));
}

std::string Json::dump(int indent) const {
  Writer writer(indent);
  writer.write(*this);
  return writer.take();
}

std::string content_hash(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325;  // FNV-1a, 64 bit: offset basis and prime
  for (const char c : text) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001b3;
  }
  constexpr std::string_view kHexDigits = "0123456789abcdef";
  std::string digits(16, '0');
  for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit, hash >>= 4U) *digit = kHexDigits[hash & 0xFU];
  return digits;
}

}  // namespace crossloom
