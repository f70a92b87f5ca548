#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace crossloom {

/// An event of a trace, times in picoseconds.
struct TraceEvent {
  std::string phase;
  std::string name;
  std::string category;
  std::int64_t process = 0;
  std::int64_t thread = 0;
  std::int64_t begin_ps = 0;
  std::int64_t duration_ps = 0;
  std::int64_t flow = 0;
  friend bool operator==(const TraceEvent&, const TraceEvent&) = default;
};

/// Reads the events of a trace. Throws UserError for what is no JSON, and std::out_of_range for a missing member.
[[nodiscard]] std::vector<TraceEvent> read_trace(std::string_view json);

/// What breaks the "Trace Event Format" (Google, 2016), read strictly: events with a time are in its order; slices of a track
/// nest or follow one another; every track with a slice is named, once; every flow has one start and one end, not before it,
/// each at the time of a slice of its track. Empty when nothing does.
[[nodiscard]] std::vector<std::string> trace_findings(const std::vector<TraceEvent>& events);

}  // namespace crossloom
