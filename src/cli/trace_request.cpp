#include "cli/trace_request.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "compiler/option_values.h"
#include "support/error.h"
#include "support/number_text.h"

namespace crossloom {
namespace {

constexpr IntegerRange kWindowStep{1, std::int64_t{1} << 40};
constexpr IntegerRange kMaxBytes{1'000'000, 1'000'000'000};

[[noreturn]] void refuse_window(const std::string& text) {
  throw UserError(
      fmt::format("--trace-window: {}, allowed: BEGIN:END with times such as 10us, 1.5ms, 800ns or 0.1s, BEGIN before "
                  "END; either may be left out",
                  text));
}

/// "1.5ms" in femtoseconds; nothing for another text.
std::optional<TimeFs> time_of(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, double>, 4> kUnits = {{{"ns", 1.0}, {"us", 1e3}, {"ms", 1e6}, {"s", 1e9}}};
  constexpr double kMostNs = 9.2e12;
  for (const auto& [unit, ns] : kUnits) {
    if (!text.ends_with(unit)) continue;
    const std::optional<double> number = parse_number(text.substr(0, text.size() - unit.size()));
    if (!number) continue;  // "ns" ends with "s" too
    if (*number < 0 || *number * ns > kMostNs) return std::nullopt;
    return ns_to_fs(*number * ns);
  }
  return std::nullopt;
}

void read_window(const std::string& text, TraceOptions& options) {
  const std::size_t colon = text.find(':');
  if (colon == std::string::npos) refuse_window(text);
  const std::string begin = text.substr(0, colon);
  const std::string end = text.substr(colon + 1);
  const std::optional<TimeFs> begin_fs = begin.empty() ? options.begin_fs : time_of(begin);
  const std::optional<TimeFs> end_fs = end.empty() ? options.end_fs : time_of(end);
  if (!begin_fs || !end_fs || *end_fs <= *begin_fs) refuse_window(text);
  options.begin_fs = *begin_fs;
  options.end_fs = *end_fs;
}

}  // namespace

void add_trace_options(CLI::App& app, TraceRequest& request) {
  app.add_option("--trace", request.file, "also write what every resource did to FILE, which opens in Perfetto (JSON)")
      ->type_name("FILE");
  app.add_option("--trace-window", request.window, "trace only this time of the run, such as 10us:50us or 1.5ms:")
      ->type_name("BEGIN:END");
  app.add_option("--trace-step", request.window_step, "trace every Nth window of each layer (default: 1)")->type_name("N");
  app.add_option("--trace-bytes", request.max_bytes,
                 "largest trace, 1e6 to 1e9: the step doubles until it fits (default: 40e6)")
      ->type_name("N");
}

std::unique_ptr<TraceRecorder> trace_recorder(const TraceRequest& request) {
  if (request.file.empty()) {
    if (request.window.empty() && request.window_step.empty() && request.max_bytes.empty()) return nullptr;
    throw UserError("--trace: missing; the options of a trace need the file to write it to");
  }
  TraceOptions options;
  if (!request.window.empty()) read_window(request.window, options);
  if (!request.window_step.empty()) options.window_step = integer_option("--trace-step", request.window_step, kWindowStep);
  if (!request.max_bytes.empty()) options.max_bytes = integer_option("--trace-bytes", request.max_bytes, kMaxBytes);
  return std::make_unique<TraceRecorder>(options);
}

}  // namespace crossloom
