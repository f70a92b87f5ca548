#pragma once

#include <string>
#include <string_view>

#include "report/detail.h"
#include "support/json.h"

namespace crossloom {

/// What every command lets the user choose about its output.
struct OutputOptions {
  bool json = false;     ///< exactly one JSON document on standard output
  bool quiet = false;    ///< no text, only errors
  bool verbose = false;  ///< everything there is
};

/// Collects what a command prints; nothing reaches standard output before `flush`, so a command that fails prints no half
/// result.
class Console {
 public:
  explicit Console(const OutputOptions& options) : options_(options) {}

  [[nodiscard]] bool wants_json() const { return options_.json; }
  /// Whether text is wanted: neither quiet nor JSON.
  [[nodiscard]] bool wants_text() const { return !options_.json && !options_.quiet; }
  [[nodiscard]] Detail detail() const { return options_.verbose ? Detail::kFull : Detail::kShort; }

  /// Text for a human; dropped when not wanted.
  void print(std::string_view text);
  /// The command's JSON document; dropped when not wanted.
  void print_json(const Json& document);
  /// A JSON document that exists as text already, such as metrics.json.
  void print_json_text(std::string_view document);

  /// Shows how far a long step is, on standard error when that is a terminal and text is wanted.
  void progress(std::string_view step, double fraction);
  /// Takes what `progress` shows away, for text that is to stay.
  void clear_progress();

  /// Writes what was collected. Throws UserError when standard output cannot take it (closed pipe, full disk).
  void flush();

 private:
  OutputOptions options_;
  std::string text_;
  int shown_percent_ = -1;
};

}  // namespace crossloom
