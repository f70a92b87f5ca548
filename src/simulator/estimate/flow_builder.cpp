#include "simulator/estimate/flow_builder.h"

#include <algorithm>
#include <utility>

#include "simulator/engine/run_plan.h"
#include "simulator/hardware/chip_geometry.h"
#include "simulator/hardware/off_chip.h"
#include "simulator/program/accumulation.h"
#include "support/integer_math.h"

namespace crossloom {
namespace {

double as_double(std::int64_t value) { return static_cast<double>(value); }

bool is_io(OperationKind kind) { return kind == OperationKind::kInput || kind == OperationKind::kOutput; }

}  // namespace

FlowBuilder::FlowBuilder(const ChipConfig& chip)
    : chip_(chip), access_fs_(as_double(cycles_to_fs(chip.tile.buffer.access_cycles, chip.clock.digital_hz))) {}

void FlowBuilder::begin(const Operation& operation) {
  operation_ = &operation;
  flow_ = {.kind = operation.kind,
           .num_rows = operation.output_height,
           .num_cols = operation.output_width,
           .pixel_flits = num_flits(activation_bits(operation.output_channels)),
           .inputs = operation.inputs};
  const auto index = static_cast<std::uint32_t>(plan_.flows.size());
  for (const OperationInput& input : operation.inputs) {
    std::vector<std::uint32_t>& consumers = plan_.flows[static_cast<std::size_t>(input.operation)].consumers;
    if (consumers.empty() || consumers.back() != index) consumers.push_back(index);
  }
}

void FlowBuilder::add_copy(std::int64_t home_tile, std::int64_t num_windows) {
  end_copy();
  is_in_copy_ = true;
  num_windows_ = num_windows;
  flow_.copies.push_back({.home_endpoint = home_tile});
  const std::int64_t pixel_bits = activation_bits(operation_->output_channels);
  switch (operation_->kind) {
    case OperationKind::kInput:
      flow_.num_cols = 1;
      return add_io_copy(pixel_bits * operation_->output_width);
    case OperationKind::kOutput:
      return add_io_copy(pixel_bits);
    case OperationKind::kCrossbar:
      break;
    case OperationKind::kVector:
    case OperationKind::kPooling:
      add_digital_copy(home_tile, num_windows);
      break;
  }
}

void FlowBuilder::add_io_copy(std::int64_t bits) {
  const bool is_input = operation_->kind == OperationKind::kInput;
  const double num_transfers = as_double(is_input ? operation_->output_height : operation_->num_windows());
  const PortTransfer port = port_transfer(chip_, bits);
  const double buffer_fs = global_buffer_share_fs(bits);
  (is_input ? plan_.off_chip.io_in_fs : plan_.off_chip.io_out_fs) += num_transfers * as_double(port.io_fs);
  plan_.off_chip.dram_fs += num_transfers * as_double(port.dram_fs);
  plan_.off_chip.global_buffer_fs += num_transfers * buffer_fs;
  const double interval_fs = std::max(as_double(port.interval_fs()), buffer_fs);
  const TimeFs latency_fs = port.interval_fs() + 2 * global_buffer_fs(chip_, bits) + (is_input ? read_latency_fs(chip_) : 0);
  flow_.pixel_flits = num_flits(bits);
  FlowCopy& copy = flow_.copies.back();
  copy.home_endpoint = num_tiles(chip_);
  copy.groups.push_back({.endpoint = num_tiles(chip_), .interval_fs = interval_fs, .compute_fs = as_double(latency_fs)});
}

/// A row or pixel goes into the global buffer and out of it; several ports share what there is.
double FlowBuilder::global_buffer_share_fs(std::int64_t bits) const {
  if (!chip_.global_buffer) return 0.0;
  const double port_fs = as_double(memory_port_fs(*chip_.global_buffer, chip_.clock.digital_hz, bits));
  return 2.0 * port_fs / as_double(chip_.global_buffer->num_ports);
}

/// Operations without crossbars hold their registers while the unit works. Of a global pooling the window begins with its last
/// pixel; those before were added as they came.
void FlowBuilder::add_digital_copy(std::int64_t home_tile, std::int64_t num_windows) {
  const std::int64_t num_pixels = num_accumulated_pixels(*operation_);
  const std::int64_t bits = activation_bits(operation_->num_input_values / num_pixels);
  FlowGroup group = {.endpoint = home_tile};
  const double fetch_fs = add_memory(home_tile, bits, group.compute);
  group.compute.push_back(demands_.demand(unit_kind(), home_tile, num_windows, unit_fs(), fetch_fs));
  if (const std::int64_t num_earlier = (num_pixels - 1) * num_windows; num_earlier > 0) {
    demands_.add_earlier(SharedResourceKind::kPort, home_tile, num_earlier, port_share_fs(bits));
    demands_.add_earlier(SharedResourceKind::kBus, home_tile, num_earlier, as_double(bus_fs(chip_, bits)));
    demands_.add_earlier(unit_kind(), home_tile, num_earlier, unit_fs());
  }
  group.interval_fs = as_double(num_pixels) * cycle_fs(fetch_fs, unit_fs());
  group.compute_fs = fetch_fs + unit_fs();
  flow_.copies.back().groups.push_back(std::move(group));
}

void FlowBuilder::add_group(const GroupUse& use) {
  FlowCopy& copy = flow_.copies.back();
  FlowGroup group = {.endpoint = use.tile};
  const double fetch_fs = add_memory(use.tile, activation_bits(use.num_input_values), group.compute);
  group.compute.reserve(group.compute.size() + use.crossbars.size());
  for (const CrossbarUse& crossbar : use.crossbars) {
    group.compute.push_back(
        demands_.demand(SharedResourceKind::kCrossbar, crossbar.crossbar, num_windows_, crossbar.occupancy_fs, fetch_fs));
  }
  result_bits_.push_back(use.num_results * chip_.arithmetic.accumulator_bits);
  group.result_fs = as_double(bus_fs(chip_, result_bits_.back()));
  group.results.push_back(demands_.demand(SharedResourceKind::kBus, use.tile, num_windows_, group.result_fs));
  // Without overlapping phases the results are there when the registers are free, and take the bus before the next fetch.
  const double before_fetch_fs = use.latency_fs > use.occupancy_fs ? 0.0 : group.result_fs;
  group.interval_fs = cycle_fs(before_fetch_fs + fetch_fs, use.occupancy_fs);
  group.compute_fs = fetch_fs + use.latency_fs;
  copy.groups.push_back(std::move(group));
  if (chip_.tile.accumulation == Accumulation::kTree) sums_.push_back({.tile = use.tile, .outputs = use.outputs});
}

/// Where the groups of the copy send their sums.
void FlowBuilder::add_sums() {
  FlowCopy& copy = flow_.copies.back();
  if (chip_.tile.accumulation == Accumulation::kHomeTile) {
    for (std::size_t i = 0; i < copy.groups.size(); ++i) {
      if (copy.groups[i].endpoint != copy.home_endpoint) copy.groups[i].sums_flits = num_flits(result_bits_[i]);
    }
    return;
  }
  const std::vector<AccumulationStep> steps = accumulation_steps(chip_, copy.home_endpoint, sums_);
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const AccumulationStep& step = steps[i];
    FlowGroup& group = copy.groups[i];
    if (step.parent != AccumulationStep::kHome) group.parent = step.parent;
    group.num_children = step.num_children;
    if (group.endpoint == copy.home_endpoint) continue;
    group.sums_flits = num_flits(step.num_sums * chip_.arithmetic.accumulator_bits);
    if (!step.adds()) continue;
    const double hold_fs = operations_fs(chip_.tile.vector_unit, step.num_additions);
    group.addition.push_back(demands_.demand(SharedResourceKind::kVectorUnit, group.endpoint, num_windows_, hold_fs));
    group.addition_fs = hold_fs + latency_fs(chip_.tile.vector_unit);
    num_additions_elsewhere_ += step.num_additions;
  }
}

void FlowBuilder::end_copy() {
  if (!is_in_copy_) return;
  is_in_copy_ = false;
  if (operation_->kind == OperationKind::kCrossbar) add_sums();
  if (!is_io(operation_->kind)) end_home();
  const FlowCopy& copy = flow_.copies.back();
  for (const FlowGroup& group : copy.groups) {
    flow_.interval_fs = std::max(flow_.interval_fs, group.interval_fs);
    flow_.window_fs = std::max(flow_.window_fs, group.compute_fs + group.result_fs + copy.unit_fs + copy.write_fs);
  }
  result_bits_.clear();
  sums_.clear();
  num_additions_elsewhere_ = 0;
}

void FlowBuilder::end_home() {
  FlowCopy& copy = flow_.copies.back();
  copy.unit_fs = latency_fs(unit());
  if (operation_->kind == OperationKind::kCrossbar) {
    const double hold_fs = unit_fs(num_additions_elsewhere_);
    copy.unit_fs += hold_fs;
    copy.unit.push_back(demands_.demand(unit_kind(), copy.home_endpoint, num_windows_, hold_fs));
  }
  copy.write_fs = add_memory(copy.home_endpoint, activation_bits(operation_->output_channels), copy.write);
}

void FlowBuilder::end() {
  end_copy();
  plan_.flows.push_back(std::move(flow_));
}

FlowPlan FlowBuilder::take() {
  plan_.resources = demands_.take_resources();
  return std::move(plan_);
}

/// Time of all ports of a tile together that a transfer takes.
double FlowBuilder::port_share_fs(std::int64_t bits) const {
  return as_double(port_fs(chip_, bits)) / as_double(chip_.tile.buffer.num_ports);
}

double FlowBuilder::add_memory(std::int64_t tile, std::int64_t bits, std::vector<FlowDemand>& demands) {
  const double port = as_double(port_fs(chip_, bits));
  const double bus = as_double(bus_fs(chip_, bits));
  demands.push_back(demands_.demand(SharedResourceKind::kPort, tile, num_windows_, port_share_fs(bits)));
  demands.push_back(demands_.demand(SharedResourceKind::kBus, tile, num_windows_, bus));
  return access_fs_ + std::max(port, bus);
}

/// With one set of input registers the next fetch waits for the crossbar, with two it overlaps.
double FlowBuilder::cycle_fs(double fetch_fs, double occupancy_fs) const {
  return chip_.input_register.num_buffers == 1 ? fetch_fs + occupancy_fs : std::max(fetch_fs, occupancy_fs);
}

SharedResourceKind FlowBuilder::unit_kind() const {
  return operation_->kind == OperationKind::kPooling ? SharedResourceKind::kPoolingUnit : SharedResourceKind::kVectorUnit;
}

const UnitConfig& FlowBuilder::unit() const {
  return operation_->kind == OperationKind::kPooling ? chip_.tile.pooling_unit : chip_.tile.vector_unit;
}

double FlowBuilder::unit_fs(std::int64_t num_additions_elsewhere) const {
  const std::int64_t num_operations = operation_->num_unit_operations / num_accumulated_pixels(*operation_);
  return operations_fs(unit(), std::max<std::int64_t>(0, num_operations - num_additions_elsewhere));
}

double FlowBuilder::operations_fs(const UnitConfig& unit, std::int64_t num_operations) const {
  return as_double(cycles_to_fs(ceil_div(num_operations, unit.lanes), chip_.clock.digital_hz));
}

double FlowBuilder::latency_fs(const UnitConfig& unit) const {
  return as_double(cycles_to_fs(unit.latency_cycles, chip_.clock.digital_hz));
}

std::int64_t FlowBuilder::num_flits(std::int64_t bits) const { return ceil_div(bits, chip_.noc.flit_bits); }

}  // namespace crossloom
