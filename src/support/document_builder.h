#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "support/document.h"

namespace crossloom {

/// Builds a Document from the events of a YAML or JSON parser and keeps the rules both share: nesting of at most 64, no
/// repeated key. A value under a key takes the line of its key. Throws UserError `source:line: key.path: ...`.
class DocumentBuilder {
 public:
  explicit DocumentBuilder(std::string_view source_name) : source_name_(source_name) {}

  /// Begins a sequence or a mapping; the values that follow are its own until `close`.
  void open(Document::Kind kind, std::int64_t line);
  /// Ends the innermost container. The reference is valid until the next call.
  const Document& close();
  /// The key of the next value. Only where `expects_key()`.
  void key(std::string text, std::int64_t line);
  /// A scalar, a null, or a finished tree.
  const Document& value(Document node);

  [[nodiscard]] bool expects_key() const;
  [[nodiscard]] bool is_complete() const { return is_complete_; }
  /// The finished tree; only when `is_complete()`.
  [[nodiscard]] Document take() { return std::move(root_); }

  /// Throws UserError `source:line: key.path: message`; the path is that of the value expected next.
  [[noreturn]] void fail(std::int64_t line, const std::string& message) const;

 private:
  struct Frame {
    Document node;
    std::string key = {};
    std::int64_t key_line = 0;
    bool has_key = false;
  };

  [[nodiscard]] std::string path() const;
  void refuse_repeated_keys(const Document& mapping) const;

  std::string source_name_;
  std::vector<Frame> open_;
  Document root_;
  bool is_complete_ = false;
};

/// Refuses bytes that are not UTF-8 text: UserError `source:line: is not UTF-8 text`. Both parsers start with it.
void require_text(std::string_view text, std::string_view source_name);

/// The beginning of a message: `source:line: `, or `source: ` when the line is not known (0).
[[nodiscard]] std::string location(std::string_view source_name, std::int64_t line);

}  // namespace crossloom
