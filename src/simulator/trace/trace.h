#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "simulator/engine/busy_timeline.h"
#include "simulator/engine/mesh.h"
#include "simulator/engine/run_observer.h"

namespace crossloom {

/// A use of a resource.
struct TraceSlice {
  ResourceTaken use;
  ChunkId last_input = {.operation = 0, .number = -1};  ///< of a fetch: the input that arrived last; number -1: none is known
};

/// A recorded run.
struct Trace {
  TimeFs begin_fs = 0;  ///< slices reach into [begin_fs, end_fs)
  TimeFs end_fs = std::numeric_limits<TimeFs>::max();
  std::int64_t window_step = 1;                 ///< of each operation every n-th window was kept
  std::vector<std::string> layers;              ///< names by operation
  std::vector<std::int64_t> num_chunks;         ///< of an image, by operation
  std::vector<std::int64_t> copy_numbers;       ///< by index of the plan: number among the copies of its operation
  std::vector<std::int64_t> tiles;              ///< dense index -> tile
  std::uint32_t num_memory_ports = 1;           ///< a tile
  std::vector<std::int64_t> crossbars;          ///< dense index -> crossbar
  std::vector<std::int64_t> tiles_of_crossbar;  ///< dense index -> its tile
  std::vector<LinkEnds> links;                  ///< by number
  std::vector<TraceSlice> slices;
  std::array<BusyTimeline, kResourceKindNames.size()> busy;  ///< of all uses, kept or not, by kind of resource
};

/// The trace in the JSON that Perfetto and chrome://tracing open ("Trace Event Format", Google, 2016), one event a line in the
/// order of time: a process a tile with a thread a resource, one process for the mesh with a thread a link; a complete event
/// ("X") a slice; a flow ("s", "f") from where the last input of a window was written back to its fetch, when both are kept;
/// counters ("C") of the busy instances of each kind of resource, means over spans of equal length. Times are microseconds,
/// truncated to picoseconds. Deterministic.
[[nodiscard]] std::string trace_json(const Trace& trace);

}  // namespace crossloom
