#pragma once

#include <string>
#include <vector>

#include "simulator/engine/run_plan.h"
#include "simulator/engine/run_record.h"
#include "simulator/engine/time_shares.h"
#include "simulator/program/placed_program.h"
#include "support/units.h"

namespace crossloom {

/// What became of the time of one resource; its shares add up to the length of the run.
struct ResourceTimes {
  std::string name;  ///< of the instance, such as "tile 3 bus"
  TimeShares<TimeFs> shares;
  friend bool operator==(const ResourceTimes&, const ResourceTimes&) = default;
};

/// The instances of one kind that were taken at all.
struct ResourceClass {
  std::string kind;  ///< "crossbar", "ADC", "memory port", "bus", "vector unit", "pooling unit", "NoC link", "IO port (input)",
                     ///< "IO port (output)", "global buffer port" or "DRAM"
  std::vector<ResourceTimes> instances;
  const BusyTimeline* timeline = nullptr;  ///< of the record
};

/// The kinds that were used, in the order above, input and output of the IO port apart. "ADC" is the busiest converter of each
/// crossbar: the ADCs of one crossbar work side by side. O(resources).
[[nodiscard]] std::vector<ResourceClass> resource_times(const PlacedProgram& program, const RunPlan& plan,
                                                        const RunRecord& record);

/// A table of all instances (RFC 4180 with line feeds): `kind,instance`, then the shares of its time in nanoseconds and their
/// sum, the length of the run.
[[nodiscard]] std::string resource_times_csv(const std::vector<ResourceClass>& classes);

/// The instance that was busy longest, the first of equals. `instances` is not empty.
[[nodiscard]] const ResourceTimes& busiest(const std::vector<ResourceTimes>& instances);

/// What became of the time of each operation's blocks, or copies when it has none, from its start to its end; by operation,
/// summed.
[[nodiscard]] std::vector<TimeShares<TimeSumFs>> operation_times(const RunPlan& plan, const RunRecord& record);

/// Adds up, share by share.
template <class Sum, class T>
void add_shares(TimeShares<Sum>& sum, const TimeShares<T>& more) {
  for (std::size_t i = 0; i < kTimeShares<T>.size(); ++i) sum.*kTimeShares<Sum>[i] += more.*kTimeShares<T>[i];
}

}  // namespace crossloom
