#include "simulator/metrics/cost_model.h"

#include <string_view>

#include "simulator/hardware/chip_budget.h"
#include "simulator/metrics/metrics_fields.h"

namespace crossloom {

namespace {

double events(std::int64_t count, double energy_pj) { return static_cast<double>(count) * energy_pj; }

}  // namespace

ComponentFigures energy_of(const ChipConfig& chip, const EventCounts& counts, double makespan_ns) {
  ComponentFigures energy;
  energy.cell = events(counts.cell_reads, chip.cell.read_energy_pj);
  energy.dac = events(counts.row_drives, chip.dac.cost.energy_pj);
  energy.adc = events(counts.conversions, chip.adc.cost.energy_pj);
  energy.sample_hold = events(counts.column_samples, chip.sample_hold.cost.energy_pj);
  energy.shift_add = events(counts.shift_adds, chip.shift_add.cost.energy_pj);
  energy.input_register = events(counts.input_register_bytes, chip.input_register.cost.energy_pj);
  energy.output_register = events(counts.output_register_bytes, chip.output_register.cost.energy_pj);
  energy.buffer = events(counts.buffer_accesses, chip.tile.buffer.cost.energy_pj);
  energy.bus = events(counts.bus_bits, chip.tile.bus.cost.energy_pj);
  energy.vector_unit = events(counts.vector_operations, chip.tile.vector_unit.cost.energy_pj);
  energy.pooling_unit = events(counts.pooling_operations, chip.tile.pooling_unit.cost.energy_pj);
  energy.noc = events(counts.noc_flit_hops, chip.noc.cost.energy_pj);
  energy.io = events(counts.io_bits, chip.io.cost.energy_pj);
  if (chip.global_buffer) energy.global_buffer = events(counts.global_buffer_accesses, chip.global_buffer->cost.energy_pj);
  if (chip.dram) energy.dram = events(counts.dram_bits, chip.dram->cost.energy_pj);
  energy.static_power = total(chip_budget(chip)).static_power_mw * makespan_ns;
  return with_total(energy);
}

ComponentFigures area_of(const ChipConfig& chip) {
  ComponentFigures area;
  for (const ComponentBudget& part : chip_budget(chip)) {
    visit_fields(area, [&](const Field& field, double& value) {
      if (field.name == part.component) value = part.area_um2;
    });
  }
  return with_total(area);
}

ComponentFigures with_total(ComponentFigures figures) {
  double sum = 0.0;
  visit_fields(figures, [&](const Field& field, double& value) {
    if (field.name != std::string_view("total")) sum += value;
  });
  figures.total = sum;
  return figures;
}

}  // namespace crossloom
