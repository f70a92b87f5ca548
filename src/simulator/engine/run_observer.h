#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <tuple>

#include "simulator/engine/mesh.h"
#include "simulator/engine/run_plan.h"
#include "support/units.h"

namespace crossloom {

/// Resources of the machine that windows take, one instance at a time.
enum class ResourceKind : std::uint8_t {
  kIoIn,
  kIoOut,
  kMemoryPort,
  kBus,
  kCrossbar,
  kVectorUnit,
  kPoolingUnit,
  kLink,
  kGlobalBufferPort,
  kDram
};
inline constexpr std::array<std::string_view, 10> kResourceKindNames = {
    "IO port in",   "IO port out", "memory port",        "bus", "crossbar", "vector unit",
    "pooling unit", "NoC link",    "global buffer port", "DRAM"};

/// Steps of a window, in their order (docs/model.md, "The chain of events of one window"); into and out of the global buffer
/// come last.
enum class WindowStep : std::uint8_t {
  kImageRow,
  kFetch,
  kActivation,
  kResults,
  kAddition,
  kUnit,
  kWriteBack,
  kTransfer,
  kOutput,
  kStore,
  kLoad
};
inline constexpr std::array<std::string_view, 11> kWindowStepNames = {
    "image row", "fetch", "activation", "results", "addition", "unit", "write-back", "transfer", "output", "store", "load"};

/// A chunk of an operation's output (a pixel, or a row of the image) by numbers through all images: image * chunks + chunk.
struct ChunkId {
  std::uint32_t operation = 0;
  std::int64_t number = 0;
  friend bool operator==(const ChunkId&, const ChunkId&) = default;
  friend bool operator<(const ChunkId& a, const ChunkId& b) {
    return std::tie(a.operation, a.number) < std::tie(b.operation, b.number);
  }
};

/// A window takes a resource.
struct ResourceTaken {
  ResourceKind resource = ResourceKind::kBus;
  WindowStep step = WindowStep::kFetch;
  std::uint32_t instance =
      0;  ///< dense index of the crossbar or the tile, number of the link (Mesh) or port, 0 for IO port and DRAM
  std::uint32_t source = 0;  ///< who asks: index into RunPlan::groups, for what a whole copy does its first one
  std::uint32_t copy = 0;    ///< index into RunPlan::copies
  ChunkId chunk;             ///< the output that the window makes
  TimeFs start_fs = 0;
  TimeFs hold_fs = 0;
};

/// Watches a run. Calls come in the order of events; of one resource also in the order of `start_fs`, without overlap.
class RunObserver {
 public:
  RunObserver() = default;
  RunObserver(const RunObserver&) = delete;
  RunObserver& operator=(const RunObserver&) = delete;
  virtual ~RunObserver() = default;

  /// Before the first event. The mesh tells the ends of its links.
  virtual void begin(const RunPlan& plan, const Mesh& mesh) = 0;
  virtual void taken(const ResourceTaken& use) = 0;
  /// Follows the use, reported last, with which a window takes in its inputs: of these `last_input` was the last to arrive (its
  /// number is -1 when they are all padding).
  virtual void fetched(const ChunkId& last_input) = 0;
};

}  // namespace crossloom
