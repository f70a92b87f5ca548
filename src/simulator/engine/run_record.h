#pragma once

#include <cstdint>
#include <vector>

#include "simulator/engine/busy_timeline.h"
#include "simulator/engine/mesh.h"
#include "simulator/engine/time_shares.h"
#include "simulator/hardware/activation_timing.h"
#include "simulator/metrics/run_metrics.h"
#include "support/units.h"

namespace crossloom {

/// Waiting times in femtoseconds, by cause: StallFigures before they become nanoseconds.
struct StallTimes {
  TimeSumFs input_data = 0;
  TimeSumFs input_register = 0;
  TimeSumFs output_buffer = 0;  ///< for room in the line buffers of consumers
  TimeSumFs buffer_and_bus = 0;
  TimeSumFs crossbar = 0;
  TimeSumFs vector_unit = 0;
  TimeSumFs pooling_unit = 0;
  TimeSumFs noc = 0;
  TimeSumFs io = 0;
  TimeSumFs global_buffer = 0;  ///< for one of its ports, or for room of a row
  TimeSumFs dram = 0;
  friend bool operator==(const StallTimes&, const StallTimes&) = default;
};

/// What the engine saw of one operation.
struct OperationRecord {
  TimeFs start_fs = -1;  ///< first fetch; -1 when it never ran
  TimeFs end_fs = 0;
  TimeFs crossbar_busy_fs = 0;
  TimeSumFs input_wait_fs = 0;
  TimeSumFs crossbar_wait_fs = 0;
  std::int64_t num_windows = 0;      ///< run over the batch
  std::int64_t num_activations = 0;  ///< over the batch
  friend bool operator==(const OperationRecord&, const OperationRecord&) = default;
};

/// A shared resource and the time it was taken.
struct ResourceUse {
  TimeFs free_fs = 0;
  TimeFs busy_fs = 0;
  TimeFs idle_fs = 0;     ///< until `free_fs`: nothing asked for it
  TimeFs blocked_fs = 0;  ///< until `free_fs`: asked for, but the part that is taken together with it was not free
  friend bool operator==(const ResourceUse&, const ResourceUse&) = default;
};

/// Resources of a used tile; crossbars and memory ports are apart.
struct TileRecord {
  ResourceUse bus;
  ResourceUse vector_unit;
  ResourceUse pooling_unit;
  friend bool operator==(const TileRecord&, const TileRecord&) = default;
};

/// Busy time over the run, by kind of resource.
struct Timelines {
  BusyTimeline crossbar;
  BusyTimeline adc;  ///< the busiest converter of each crossbar; its conversions counted from the start of the activation
  BusyTimeline port;
  BusyTimeline bus;
  BusyTimeline vector_unit;
  BusyTimeline pooling_unit;
  BusyTimeline link;
  BusyTimeline io_in;
  BusyTimeline io_out;
  BusyTimeline global_buffer;
  BusyTimeline dram;
  friend bool operator==(const Timelines&, const Timelines&) = default;
};

/// Raw outcome of a run in integers: what metrics are made from, and what tests compare to the femtosecond.
struct RunRecord {
  std::vector<TimeFs>
      image_end_fs;  ///< last window of each image done, which but for pixels nobody reads is its last output bit
  std::vector<OperationRecord> operations;
  std::vector<ResourceUse> crossbars;  ///< by dense index of the plan
  std::vector<TileRecord> tiles;       ///< by dense index of the plan
  std::vector<ResourceUse> ports;      ///< of the tile memories: dense index of the tile * ports a tile + port
  ResourceUse io_in;
  ResourceUse io_out;
  std::vector<ResourceUse> global_buffer_ports;
  ResourceUse dram;
  TimeFs last_bit_in_fs = 0;                   ///< the last row of the last image is on the chip
  std::vector<LinkTimes> links;                ///< those used, by number
  std::vector<ServerRecord> blocks;            ///< by index of the plan: each its own use of its crossbar
  std::vector<ServerRecord> shared_crossbars;  ///< by dense index; empty for a crossbar of one block
  std::vector<ServerRecord> digital_groups;    ///< by index of the plan; those without blocks: their use of unit or IO port
  Timelines timelines;
  StallTimes stalls;
  ActivationEvents crossbar_events;  ///< of all activations
  EventCounts events;                ///< of everything else; windows, activations and those of crossbars are still 0 here
  friend bool operator==(const RunRecord&, const RunRecord&) = default;
};

}  // namespace crossloom
