#pragma once

#include <cstdint>
#include <limits>
#include <string>

#include "simulator/engine/run_observer.h"
#include "simulator/trace/trace.h"

namespace crossloom {

struct TraceOptions {
  TimeFs begin_fs = 0;  ///< uses of resources that reach into [begin_fs, end_fs) are kept
  TimeFs end_fs = std::numeric_limits<TimeFs>::max();
  std::int64_t window_step = 1;         ///< of each operation every n-th window is kept, the first always
  std::int64_t max_bytes = 40'000'000;  ///< of the text, at least 10^6: `window_step` doubles until it fits
};

/// Records a run. Memory stays within a small multiple of `max_bytes`, however long the run.
class TraceRecorder : public RunObserver {
 public:
  /// Throws UserError when an option is out of its range.
  explicit TraceRecorder(const TraceOptions& options);

  void begin(const RunPlan& plan, const Mesh& mesh) override;
  void taken(const ResourceTaken& use) override;
  void fetched(const ChunkId& last_input) override;

  /// The text of what was recorded (trace_json), thinned out until it keeps the limit. Throws UserError when even one window of
  /// each operation exceeds it.
  [[nodiscard]] std::string json();
  [[nodiscard]] const Trace& trace() const { return trace_; }

 private:
  void thin_out();

  std::int64_t max_bytes_;
  bool is_last_kept_ = false;  ///< whether the use reported last is the last slice
  Trace trace_;
};

}  // namespace crossloom
