#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "simulator/hardware/chip_config.h"

namespace crossloom {

/// One line of a chip's area and power table.
struct ComponentBudget {
  std::string component;         ///< "cell", "dac", "adc", "buffer", ...: the names of ComponentFigures (run_metrics.h)
  std::int64_t count = 0;        ///< instances
  double active_power_mw = 0.0;  ///< of all of them at full activity, as published
  double static_power_mw = 0.0;
  double area_um2 = 0.0;
  friend bool operator==(const ComponentBudget&, const ComponentBudget&) = default;
};

/// Table of one tile (of a router shared by several tiles its share of the cost, count 1) and of the whole chip (tiles,
/// routers, IO port), in the order of ComponentFigures.
[[nodiscard]] std::vector<ComponentBudget> tile_budget(const ChipConfig& chip);
[[nodiscard]] std::vector<ComponentBudget> chip_budget(const ChipConfig& chip);
/// Sum of all lines, named "total"; its count is 0, as unlike things are not counted together.
[[nodiscard]] ComponentBudget total(const std::vector<ComponentBudget>& budget);

}  // namespace crossloom
