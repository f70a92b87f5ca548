#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace crossloom {

/// Text as it may stand in XML content and quoted attributes: & < > " ' become entities; a byte that is no well-formed UTF-8,
/// or a control character that XML forbids, becomes U+FFFD.
[[nodiscard]] std::string escaped(std::string_view text);

/// Writes XML (SVG, XHTML) whose elements are always closed in order and whose texts are always escaped.
class Markup {
 public:
  using Attributes = std::vector<std::pair<std::string_view, std::string>>;

  /// Opens an element; `close` ends the one opened last. Names and attribute names are the caller's own and not escaped.
  Markup& open(std::string_view name, const Attributes& attributes = {});
  /// Throws InternalError when nothing is open.
  Markup& close();
  /// Escaped text inside the open element.
  Markup& text(std::string_view text);
  /// A whole element with a text; without one it is closed at once.
  Markup& element(std::string_view name, const Attributes& attributes = {}, std::string_view text = {});
  /// Markup that was written by another Markup.
  Markup& embed(std::string_view markup);

  /// Everything written. Throws InternalError while an element is open.
  [[nodiscard]] const std::string& str() const;

 private:
  void start_tag(std::string_view name, const Attributes& attributes);

  std::string out_;
  std::vector<std::string> open_;
};

}  // namespace crossloom
