#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "simulator/program/placed_program.h"

/// A program as the estimate sees it: every operation is one flow of windows, whatever its number of copies, with what a window
/// asks of each shared resource on average. Times are femtoseconds in floating point: they are means.
namespace crossloom {

/// What a stage of a flow asks of one resource.
struct FlowDemand {
  std::uint32_t resource = 0;
  double mean_fs = 0.0;     ///< a window, over all copies: requests to other resources of the kind count as zero
  double request_fs = 0.0;  ///< the longest one
  double offset_fs = 0.0;   ///< from the begin of the stage to the request
};

/// A message with partial sums.
struct SumsMessage {
  std::int64_t from = 0;
  std::int64_t to = 0;
  std::int64_t num_flits = 0;
  double addition_fs = 0.0;  ///< before it leaves the vector unit adds, its latency included; 0 when nothing is added
};

/// Where a copy works.
struct FlowCopy {
  std::int64_t home_endpoint = 0;
  std::vector<std::int64_t> endpoints;  ///< tiles that need the inputs of its windows
  std::vector<SumsMessage> sums;        ///< of a window, each after those that it waits for
};

struct Flow {
  OperationKind kind = OperationKind::kVector;
  std::int64_t num_rows = 1;
  std::int64_t num_cols = 1;           ///< the image: 1, as a row of it is one window at the IO port
  double interval_fs = 0.0;            ///< between two windows of a copy that finds all other resources free
  double compute_fs = 0.0;             ///< begin of the fetch until the last result of a window is stored
  double result_fs = 0.0;              ///< results over the bus
  double unit_fs = 0.0;                ///< digital unit of the home tile, its latency included
  double write_fs = 0.0;               ///< write-back
  std::int64_t pixel_flits = 0;        ///< of a message with the output of one window
  std::vector<FlowDemand> compute;     ///< memory port, bus and crossbars, or the digital unit of operations without them
  std::vector<FlowDemand> results;     ///< buses of the tiles with blocks, and vector units that add sums on the way home
  std::vector<FlowDemand> unit;        ///< digital unit of the home tiles, of operations with crossbars
  std::vector<FlowDemand> write;       ///< memory port and bus of the home tiles
  std::vector<OperationInput> inputs;  ///< as in the program
  std::vector<std::uint32_t> consumers;
  std::vector<FlowCopy> copies;

  [[nodiscard]] std::int64_t num_windows() const { return num_rows * num_cols; }
  [[nodiscard]] std::int64_t num_copies() const { return static_cast<std::int64_t>(copies.size()); }
};

enum class SharedResourceKind { kCrossbar, kPort, kBus, kVectorUnit, kPoolingUnit };
inline constexpr std::size_t kNumSharedResourceKinds = 5;

/// A resource that requests take one after another.
struct SharedResource {
  SharedResourceKind kind = SharedResourceKind::kCrossbar;
  std::int64_t number = 0;  ///< of the crossbar or tile
  double busy_fs = 0.0;     ///< an image
};

struct FlowPlan {
  std::vector<Flow> flows;  ///< by operation
  std::vector<SharedResource> resources;
};

/// Sums up what the copies of each operation ask for. The program is one that verify_program accepts. O(operations + blocks log
/// blocks).
[[nodiscard]] FlowPlan plan_flows(const PlacedProgram& program);

}  // namespace crossloom
