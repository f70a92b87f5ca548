#pragma once

#include <memory>
#include <string>

#include "simulator/trace/trace_recorder.h"

namespace CLI {
class App;
}

namespace crossloom {

/// Options of a trace, as texts.
struct TraceRequest {
  std::string file;
  std::string window;
  std::string window_step;
  std::string max_bytes;
};

/// Adds `--trace` and the options that go with it.
void add_trace_options(CLI::App& app, TraceRequest& request);

/// A recorder as asked for, null without `--trace`. Throws UserError for a value out of range, and for options of a trace
/// without one.
[[nodiscard]] std::unique_ptr<TraceRecorder> trace_recorder(const TraceRequest& request);

}  // namespace crossloom
