#pragma once

#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

#include "simulator/engine/run_observer.h"
#include "support/units.h"

namespace crossloom {

/// A window took a resource.
struct LoggedUse {
  TimeFs start_fs = 0;
  std::string resource;     ///< "crossbar 3", "tile 1 bus", "IO port in", "router (0, 0) to tile 1", ... by numbers on the chip
  std::string step;         ///< of kWindowStepNames
  std::int64_t source = 0;  ///< number of the group in the order of the program, of a whole copy its first one
  std::int64_t operation = 0;
  std::int64_t number = 0;  ///< of the pixel (of the input: row) that the window makes, through all images
  TimeFs hold_fs = 0;
  friend bool operator==(const LoggedUse&, const LoggedUse&) = default;
  friend bool operator<(const LoggedUse& a, const LoggedUse& b) {
    return std::tie(a.start_fs, a.resource, a.step, a.source, a.operation, a.number, a.hold_fs) <
           std::tie(b.start_fs, b.resource, b.step, b.source, b.operation, b.number, b.hold_fs);
  }
};

/// Every use of every resource, sorted.
using EventLog = std::vector<LoggedUse>;

/// FNV-1a (64 bits; Fowler, Noll, Vo) of the log as text, a line a use.
[[nodiscard]] std::uint64_t hash_of(const EventLog& log);

/// Writes the log of a run of the engine.
class EventLogger : public RunObserver {
 public:
  void begin(const RunPlan& plan, const Mesh& mesh) override;
  void taken(const ResourceTaken& use) override;
  void fetched(const ChunkId& last_input) override;

  [[nodiscard]] EventLog log() const;

 private:
  std::vector<std::int64_t> tiles_;
  std::uint32_t num_memory_ports_ = 1;
  std::vector<std::int64_t> crossbars_;
  std::vector<std::string> links_;
  EventLog log_;
};

}  // namespace crossloom
