#include "tests/report/xml_reader.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <stdexcept>
#include <utility>

#include "support/utf8.h"

namespace crossloom {
namespace {

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  std::vector<XmlElement> read() {
    if (const auto bad = first_bad_text_byte(text_)) fail_at(*bad, "no XML character");
    skip("<!DOCTYPE html>");
    skip_space();
    element();
    skip_space();
    if (at_ != text_.size()) fail("text after the root");
    return std::move(elements_);
  }

 private:
  [[noreturn]] static void fail_at(std::size_t at, const std::string& what) {
    throw std::runtime_error("byte " + std::to_string(at) + ": " + what);
  }
  [[noreturn]] void fail(const std::string& what) const { fail_at(at_, what); }

  [[nodiscard]] char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool skip(std::string_view expected) {
    if (text_.substr(at_, expected.size()) != expected) return false;
    at_ += expected.size();
    return true;
  }
  void expect(std::string_view expected) {
    if (!skip(expected)) fail("expected " + std::string(expected));
  }
  void skip_space() {
    while (std::isspace(static_cast<unsigned char>(peek())) != 0) ++at_;
  }

  std::string name() {
    const std::size_t begin = at_;
    while (std::isalnum(static_cast<unsigned char>(peek())) != 0 || peek() == '-' || peek() == ':') ++at_;
    if (at_ == begin) fail("expected a name");
    return std::string(text_.substr(begin, at_ - begin));
  }

  std::string entity() {
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kEntities = {
        {{"&amp;", "&"}, {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&#39;", "'"}}};
    for (const auto& [written, meant] : kEntities) {
      if (skip(written)) return std::string(meant);
    }
    fail("bare & or unknown entity");
  }

  std::string characters(char end) {
    std::string out;
    while (peek() != end && peek() != '<') {
      if (at_ == text_.size()) fail("the text ends too early");
      if (peek() == '&') {
        out += entity();
      } else {
        out += text_[at_++];
      }
    }
    return out;
  }

  void element() {
    expect("<");
    const std::size_t index = elements_.size();
    elements_.push_back({.name = name(), .attributes = {}, .text = {}});
    while (std::isspace(static_cast<unsigned char>(peek())) != 0) {
      skip_space();
      std::string key = name();
      expect("=\"");
      std::string value = characters('"');
      expect("\"");
      if (!elements_[index].attributes.emplace(std::move(key), std::move(value)).second) fail("repeated attribute");
    }
    if (skip("/>")) return;
    expect(">");
    while (true) {
      const std::string text = characters('<');
      elements_[index].text += text;
      if (skip("</")) break;
      element();
    }
    if (name() != elements_[index].name) fail("closes another element than " + elements_[index].name);
    expect(">");
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<XmlElement> elements_;
};

}  // namespace

std::vector<XmlElement> read_xml(std::string_view text) { return Reader(text).read(); }

}  // namespace crossloom
