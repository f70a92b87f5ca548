#include "report/markup.h"

#include "support/error.h"
#include "support/utf8.h"

namespace crossloom {

std::string escaped(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::size_t num_clean = first_bad_text_byte(text).value_or(text.size());
    for (const char c : text.substr(0, num_clean)) {
      switch (c) {
        case '&':
          out += "&amp;";
          break;
        case '<':
          out += "&lt;";
          break;
        case '>':
          out += "&gt;";
          break;
        case '"':
          out += "&quot;";
          break;
        case '\'':
          out += "&#39;";
          break;
        default:
          out += c;
      }
    }
    text.remove_prefix(num_clean);
    if (text.empty()) break;
    out += "\xEF\xBF\xBD";
    text.remove_prefix(1);
  }
  return out;
}

void Markup::start_tag(std::string_view name, const Attributes& attributes) {
  out_ += '<';
  out_ += name;
  for (const auto& [key, value] : attributes) {
    out_ += ' ';
    out_ += key;
    out_ += "=\"";
    out_ += escaped(value);
    out_ += '"';
  }
}

Markup& Markup::open(std::string_view name, const Attributes& attributes) {
  start_tag(name, attributes);
  out_ += '>';
  open_.emplace_back(name);
  return *this;
}

Markup& Markup::close() {
  if (open_.empty()) throw InternalError("markup: no element to close");
  out_ += "</" + open_.back() + '>';
  open_.pop_back();
  return *this;
}

Markup& Markup::text(std::string_view text) {
  out_ += escaped(text);
  return *this;
}

Markup& Markup::element(std::string_view name, const Attributes& attributes, std::string_view text) {
  if (!text.empty()) return open(name, attributes).text(text).close();
  start_tag(name, attributes);
  out_ += "/>";
  return *this;
}

Markup& Markup::embed(std::string_view markup) {
  out_ += markup;
  return *this;
}

const std::string& Markup::str() const {
  if (!open_.empty()) throw InternalError("markup: <" + open_.back() + "> is still open");
  return out_;
}

}  // namespace crossloom
