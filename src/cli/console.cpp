#include "cli/console.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <system_error>

#include "support/error.h"

namespace crossloom {

void Console::print(std::string_view text) {
  if (wants_text()) text_ += text;
}

void Console::print_json(const Json& document) {
  if (wants_json()) print_json_text(document.dump() + '\n');
}

void Console::print_json_text(std::string_view document) {
  if (wants_json()) text_ += document;
}

void Console::progress(std::string_view step, double fraction) {
  constexpr double kPercent = 100.0;
  const int percent = static_cast<int>(fraction * kPercent);
  if (!wants_text() || percent == shown_percent_ || ::isatty(STDERR_FILENO) == 0) return;
  shown_percent_ = percent;
  fmt::print(stderr, "\r{} {:3} %", step, percent);
  static_cast<void>(std::fflush(stderr));
}

void Console::clear_progress() {
  if (shown_percent_ < 0) return;
  fmt::print(stderr, "\r\033[K");  // ECMA-48: erase to the end of the line
  static_cast<void>(std::fflush(stderr));
  shown_percent_ = -1;
}

void Console::flush() {
  clear_progress();
  std::string_view rest = text_;
  while (!rest.empty()) {
    const ssize_t count = ::write(STDOUT_FILENO, rest.data(), rest.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw UserError("standard output: cannot be written: " + std::generic_category().message(errno));
    rest.remove_prefix(static_cast<std::size_t>(count));
  }
  text_.clear();
}

}  // namespace crossloom
