#include <iterator>
#include <nlohmann/json.hpp>

#include "support/document.h"
#include "support/document_builder.h"
#include "support/error.h"

namespace crossloom {
namespace {

/// Characters of a text for nlohmann's lexer, which copies its iterators; `line` is that of the last character read. Numbers
/// are read one character too far, so a line break only counts once the character behind it is read.
class LineCountingIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  LineCountingIterator(const char* position, std::int64_t* line) : position_(position), line_(line) {}

  reference operator*() const { return *position_; }
  LineCountingIterator& operator++() {
    if (is_behind_break_) ++*line_;
    is_behind_break_ = *position_ == '\n';
    ++position_;
    return *this;
  }
  friend bool operator==(const LineCountingIterator& a, const LineCountingIterator& b) { return a.position_ == b.position_; }

 private:
  const char* position_;
  std::int64_t* line_;
  bool is_behind_break_ = false;
};

/// Passes nlohmann's SAX events on to the builder.
class JsonEvents final : public nlohmann::json_sax<nlohmann::json> {
 public:
  JsonEvents(DocumentBuilder& builder, const std::int64_t& line) : builder_(builder), line_(line) {}

  bool null() override { return add({.kind = Document::Kind::kNull, .line = line_}); }
  bool boolean(bool value) override { return add_scalar(value ? "true" : "false"); }
  bool number_integer(number_integer_t value) override { return add_scalar(std::to_string(value)); }
  bool number_unsigned(number_unsigned_t value) override { return add_scalar(std::to_string(value)); }
  bool number_float(number_float_t, const string_t& as_written) override { return add_scalar(as_written); }
  bool string(string_t& value) override {
    return add({.kind = Document::Kind::kScalar, .scalar = std::move(value), .is_quoted = true, .line = line_});
  }
  // Part of the interface for binary formats; a JSON text never holds one.
  bool binary(binary_t&) override { return false; }

  bool start_object(std::size_t) override { return open(Document::Kind::kMapping); }
  bool start_array(std::size_t) override { return open(Document::Kind::kSequence); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool key(string_t& text) override {
    builder_.key(std::move(text), line_);
    return true;
  }

  bool parse_error(std::size_t, const std::string&, const nlohmann::json::exception& error) override {
    // "[json.exception.parse_error.101] parse error at line 1, column 2: <what is wrong>", or without the position.
    const std::string message = error.what();
    const std::size_t colon = message.find(": ");
    builder_.fail(line_, colon == std::string::npos ? message : message.substr(colon + 2));
  }

 private:
  bool add(Document node) {
    builder_.value(std::move(node));
    return true;
  }
  bool add_scalar(std::string text) { return add({.kind = Document::Kind::kScalar, .scalar = std::move(text), .line = line_}); }
  bool open(Document::Kind kind) {
    builder_.open(kind, line_);
    return true;
  }
  bool close() {
    builder_.close();
    return true;
  }

  DocumentBuilder& builder_;
  const std::int64_t& line_;
};

}  // namespace

Document parse_json(std::string_view text, std::string_view source_name) {
  require_text(text, source_name);
  DocumentBuilder builder(source_name);
  std::int64_t line = 1;
  JsonEvents events(builder, line);
  const LineCountingIterator begin(text.data(), &line);
  const LineCountingIterator end(text.data() + text.size(), &line);
  if (!nlohmann::json::sax_parse(begin, end, &events)) throw InternalError("parse_json: stopped without an error");
  return builder.take();
}

}  // namespace crossloom
