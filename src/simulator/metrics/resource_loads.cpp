#include "simulator/metrics/resource_loads.h"

#include <algorithm>
#include <cstddef>

namespace crossloom {

namespace {

/// Operation with the most work on a crossbar, for the name of the bottleneck.
std::string heaviest_layer(const PlacedProgram& program, const RunPlan& plan, std::int64_t crossbar) {
  TimeFs most_fs = -1;
  std::size_t heaviest = 0;
  for (const GroupPlan& group : plan.groups) {
    const std::int64_t windows = plan.copies[group.copy].num_windows;
    for (std::uint32_t b = group.first_block; b < group.first_block + group.num_blocks; ++b) {
      if (plan.crossbars[plan.blocks[b].crossbar] != crossbar) continue;
      const TimeFs work_fs = windows * plan.blocks[b].timing.occupancy_fs;
      if (work_fs > most_fs) heaviest = group.operation;
      most_fs = std::max(most_fs, work_fs);
    }
  }
  return program.operations[heaviest].name;
}

ResourceLoad busiest_crossbar(const PlacedProgram& program, const RunPlan& plan, const RunRecord& record) {
  const auto most = std::ranges::max_element(record.crossbars, {}, &ResourceUse::busy_fs);
  if (most == record.crossbars.end()) return {};
  const std::int64_t crossbar = plan.crossbars[static_cast<std::size_t>(most - record.crossbars.begin())];
  return {.kind = "crossbar",
          .name = "crossbar " + std::to_string(crossbar) + " (mostly " + heaviest_layer(program, plan, crossbar) + ")",
          .busy_fs = most->busy_fs};
}

ResourceLoad busiest_of_tiles(const RunPlan& plan, const RunRecord& record, const char* kind, ResourceUse TileRecord::*part) {
  ResourceLoad load{.kind = kind};
  for (std::size_t i = 0; i < record.tiles.size(); ++i) {
    const TimeFs busy_fs = (record.tiles[i].*part).busy_fs;
    if (busy_fs <= load.busy_fs) continue;
    load.name = "tile " + std::to_string(plan.tiles[i]) + ' ' + kind;
    load.busy_fs = busy_fs;
  }
  return load;
}

}  // namespace

std::vector<ResourceLoad> resource_loads(const PlacedProgram& program, const RunPlan& plan, const RunRecord& record) {
  std::vector<ResourceLoad> loads = {
      busiest_crossbar(program, plan, record),
      busiest_of_tiles(plan, record, "memory port", &TileRecord::port),
      busiest_of_tiles(plan, record, "bus", &TileRecord::bus),
      busiest_of_tiles(plan, record, "vector unit", &TileRecord::vector_unit),
      busiest_of_tiles(plan, record, "pooling unit", &TileRecord::pooling_unit),
      {.kind = "NoC link", .name = record.busiest_link.name, .busy_fs = record.busiest_link.busy_fs},
      {.kind = "IO port", .name = "IO port (input)", .busy_fs = record.io_in.busy_fs},
      {.kind = "IO port", .name = "IO port (output)", .busy_fs = record.io_out.busy_fs},
  };
  std::erase_if(loads, [](const ResourceLoad& load) { return load.busy_fs == 0; });
  return loads;
}

ResourceLoad busiest(const std::vector<ResourceLoad>& loads) {
  const auto most = std::ranges::max_element(loads, {}, &ResourceLoad::busy_fs);
  return most == loads.end() ? ResourceLoad{} : *most;
}

}  // namespace crossloom
