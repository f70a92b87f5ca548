#include "simulator/hardware/chip_budget.h"

#include "simulator/hardware/chip_geometry.h"

namespace crossloom {
namespace {

/// `count` instances of one cost.
ComponentBudget line(const char* component, std::int64_t count, const ComponentCost& cost) {
  const auto instances = static_cast<double>(count);
  return {.component = component,
          .count = count,
          .active_power_mw = instances * cost.active_power_mw,
          .static_power_mw = instances * cost.static_power_mw,
          .area_um2 = instances * cost.area_um2};
}

/// All components of `tiles` tiles but routers and the IO port.
std::vector<ComponentBudget> tiles_budget(const ChipConfig& chip, std::int64_t tiles) {
  const CrossbarConfig& crossbar = chip.crossbar;
  const std::int64_t crossbars = tiles * chip.tile.num_crossbars;
  const std::int64_t arrays = crossbars * arrays_per_crossbar(chip);
  const std::int64_t converting_arrays = crossbars * converting_arrays_per_crossbar(chip);
  ComponentBudget cells = line("cell", arrays * crossbar.rows * crossbar.cols, {.area_um2 = chip.cell.area_um2});
  cells.active_power_mw = static_cast<double>(arrays) * crossbar.array_active_power_mw;
  return {
      cells,
      line("dac", arrays * crossbar.rows, chip.dac.cost),
      line("adc", converting_arrays * adcs_per_array(chip), chip.adc.cost),
      line("sample_hold", converting_arrays * converted_columns_per_array(chip), chip.sample_hold.cost),
      line("shift_add", converting_arrays, chip.shift_add.cost),
      line("input_register", arrays, chip.input_register.cost),
      line("output_register", crossbars, chip.output_register.cost),
      line("crossbar_periphery", arrays,
           {.static_power_mw = crossbar.periphery_static_power_mw, .area_um2 = crossbar.periphery_area_um2}),
      line("buffer", tiles, chip.tile.buffer.cost),
      line("bus", tiles, chip.tile.bus.cost),
      line("vector_unit", tiles, chip.tile.vector_unit.cost),
      line("pooling_unit", tiles, chip.tile.pooling_unit.cost),
  };
}

}  // namespace

std::vector<ComponentBudget> tile_budget(const ChipConfig& chip) {
  std::vector<ComponentBudget> budget = tiles_budget(chip, 1);
  ComponentBudget router = line("noc", 1, chip.noc.cost);
  const auto sharers = static_cast<double>(chip.noc.tiles_per_router);
  router.active_power_mw /= sharers;
  router.static_power_mw /= sharers;
  router.area_um2 /= sharers;
  budget.push_back(router);
  return budget;
}

std::vector<ComponentBudget> chip_budget(const ChipConfig& chip) {
  std::vector<ComponentBudget> budget = tiles_budget(chip, num_tiles(chip));
  budget.push_back(line("noc", chip.noc.mesh_rows * chip.noc.mesh_cols, chip.noc.cost));
  budget.push_back(line("io", 1, chip.io.cost));
  if (chip.global_buffer) budget.push_back(line("global_buffer", 1, chip.global_buffer->cost));
  if (chip.dram) budget.push_back(line("dram", 1, chip.dram->cost));
  return budget;
}

ComponentBudget total(const std::vector<ComponentBudget>& budget) {
  ComponentBudget sum{.component = "total"};
  for (const ComponentBudget& part : budget) {
    sum.active_power_mw += part.active_power_mw;
    sum.static_power_mw += part.static_power_mw;
    sum.area_um2 += part.area_um2;
  }
  return sum;
}

}  // namespace crossloom
