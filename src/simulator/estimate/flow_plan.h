#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "simulator/program/placed_program.h"

/// A program as the estimate sees it: every operation is one flow of windows, shared out to its copies, with what a window asks
/// of each shared resource. Times are femtoseconds in floating point, as those of several windows are interpolated.
namespace crossloom {

/// What a window asks of one resource in a stage.
struct FlowDemand {
  std::uint32_t resource = 0;
  double hold_fs = 0.0;    ///< of several equal resources, such as memory ports: its share of them all
  double offset_fs = 0.0;  ///< from the begin of the stage to the request
};

/// The blocks of a copy on one tile, which work through its windows on their own; of an operation without blocks the copy.
struct FlowGroup {
  std::int64_t endpoint = 0;         ///< where it needs its inputs
  double interval_fs = 0.0;          ///< between two windows when all other resources are free
  double compute_fs = 0.0;           ///< begin of the fetch until the last result of a window is stored
  double result_fs = 0.0;            ///< results over the bus
  std::vector<FlowDemand> compute;   ///< memory port, bus and crossbars, or the digital unit of operations without them
  std::vector<FlowDemand> results;   ///< bus
  std::vector<FlowDemand> addition;  ///< vector unit that adds its sums and those sent to it up; none when it adds nothing
  double addition_fs = 0.0;          ///< until they leave, the unit's latency included
  std::int64_t sums_flits = 0;       ///< of the message with its sums; 0 when they are where they are needed
  std::int64_t parent = kHome;       ///< group of the copy to whose tile they are sent
  std::int64_t num_children = 0;     ///< groups that send theirs here

  static constexpr std::int64_t kHome = -1;
};

/// Of m copies number c runs windows c, c + m, c + 2m, ... One that stands for all m (merged_plan.h) runs them in rounds of m.
struct FlowCopy {
  std::int64_t home_endpoint = 0;
  std::vector<FlowGroup> groups;
  double unit_fs = 0.0;           ///< digital unit of the home tile, its latency included
  double write_fs = 0.0;          ///< write-back
  std::vector<FlowDemand> unit;   ///< digital unit, of operations with crossbars
  std::vector<FlowDemand> write;  ///< memory port and bus of the home tile
};

struct Flow {
  OperationKind kind = OperationKind::kVector;
  std::int64_t num_rows = 1;
  std::int64_t num_cols = 1;           ///< the image: 1, as a row of it is one window at the IO port
  double interval_fs = 0.0;            ///< between two windows of the slowest copy that finds all other resources free
  double window_fs = 0.0;              ///< begin of the fetch until the output is stored, of the slowest copy
  std::int64_t pixel_flits = 0;        ///< of a message with the output of one window; 0 when its way is part of the window
  std::vector<OperationInput> inputs;  ///< as in the program
  std::vector<std::uint32_t> consumers;
  std::vector<FlowCopy> copies;
  std::int64_t windows_a_round = 1;  ///< that a copy works on side by side

  [[nodiscard]] std::int64_t num_windows() const { return num_rows * num_cols; }
  [[nodiscard]] std::int64_t num_copies() const { return static_cast<std::int64_t>(copies.size()); }
  /// From a window, or round, of a copy to its next.
  [[nodiscard]] std::int64_t window_step() const { return num_copies() * windows_a_round; }
  /// Windows, or rounds, of a copy.
  [[nodiscard]] std::int64_t num_windows_of(std::int64_t copy) const {
    return (num_windows() - copy + window_step() - 1) / window_step();
  }
};

enum class SharedResourceKind { kCrossbar, kPort, kBus, kVectorUnit, kPoolingUnit, kLink };
inline constexpr std::size_t kNumSharedResourceKinds = 6;

/// A resource that requests take one after another.
struct SharedResource {
  SharedResourceKind kind = SharedResourceKind::kCrossbar;
  std::int64_t number = 0;     ///< of the crossbar, tile or link
  double busy_fs = 0.0;        ///< an image
  std::int64_t num_users = 0;  ///< demands for it
};

/// What an image takes of the parts between the outside and the mesh; of a port of the global buffer the mean.
struct OffChipLoads {
  double io_in_fs = 0.0;
  double io_out_fs = 0.0;
  double dram_fs = 0.0;
  double global_buffer_fs = 0.0;
};

struct FlowPlan {
  std::vector<Flow> flows;  ///< by operation
  std::vector<SharedResource> resources;
  OffChipLoads off_chip;
};

/// Sums up what the copies of each operation ask for. The program is one that verify_program accepts. O(operations + blocks log
/// blocks).
[[nodiscard]] FlowPlan plan_flows(const PlacedProgram& program);

}  // namespace crossloom
