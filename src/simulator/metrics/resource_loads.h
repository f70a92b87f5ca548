#pragma once

#include <string>
#include <vector>

#include "simulator/engine/run_plan.h"
#include "simulator/engine/run_record.h"
#include "simulator/program/placed_program.h"
#include "support/units.h"

namespace crossloom {

/// The busiest instance of one kind of resource.
struct ResourceLoad {
  std::string kind;  ///< "crossbar", "memory port", "bus", "vector unit", "pooling unit", "NoC link", "IO port"
  std::string name;  ///< of the instance, such as "tile 3 bus"
  TimeFs busy_fs = 0;
  friend bool operator==(const ResourceLoad&, const ResourceLoad&) = default;
};

/// One line for each kind that was taken at all, in the order above, input and output of the IO port apart; of equally busy
/// instances the first.
[[nodiscard]] std::vector<ResourceLoad> resource_loads(const PlacedProgram& program, const RunPlan& plan,
                                                       const RunRecord& record);

/// The busiest of all, the first of equals; empty when nothing was taken.
[[nodiscard]] ResourceLoad busiest(const std::vector<ResourceLoad>& loads);

}  // namespace crossloom
