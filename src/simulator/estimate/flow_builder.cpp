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

/// Entries of a copy's tiles, each after its children.
std::vector<std::size_t> senders_first(const std::vector<AccumulationStep>& steps) {
  std::vector<std::size_t> order;
  std::vector<std::int64_t> num_missing;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    num_missing.push_back(steps[i].num_children);
    if (steps[i].num_children == 0) order.push_back(i);
  }
  for (std::size_t next = 0; next < order.size(); ++next) {
    const std::int64_t parent = steps[order[next]].parent;
    if (parent == AccumulationStep::kHome) continue;
    if (--num_missing[static_cast<std::size_t>(parent)] == 0) order.push_back(static_cast<std::size_t>(parent));
  }
  return order;
}

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
  copies_.clear();
  group_buses_.clear();
  additions_.clear();
  const auto index = static_cast<std::uint32_t>(plan_.flows.size());
  for (const OperationInput& input : operation.inputs) {
    std::vector<std::uint32_t>& consumers = plan_.flows[static_cast<std::size_t>(input.operation)].consumers;
    if (consumers.empty() || consumers.back() != index) consumers.push_back(index);
  }
}

void FlowBuilder::add_copy(std::int64_t home_tile, std::int64_t num_windows) {
  end_copy();
  const std::int64_t pixel_bits = activation_bits(operation_->output_channels);
  switch (operation_->kind) {
    case OperationKind::kInput:
      flow_.num_cols = 1;
      return add_io_copy(pixel_bits * operation_->output_width);
    case OperationKind::kOutput:
      return add_io_copy(pixel_bits);
    case OperationKind::kCrossbar:
      flow_.copies.push_back({.home_endpoint = home_tile, .endpoints = {}, .sums = {}});
      break;
    case OperationKind::kVector:
    case OperationKind::kPooling:
      add_digital_copy(home_tile, num_windows);
      break;
  }
  copies_.push_back({.home_tile = home_tile, .num_windows = num_windows});
}

void FlowBuilder::add_io_copy(std::int64_t bits) {
  flow_.interval_fs = as_double(port_transfer(chip_, bits).interval_fs());
  const bool is_input = operation_->kind == OperationKind::kInput;
  flow_.compute_fs = flow_.interval_fs + as_double(2 * global_buffer_fs(chip_, bits) + (is_input ? read_latency_fs(chip_) : 0));
  flow_.pixel_flits = num_flits(bits);
  flow_.copies.push_back({.home_endpoint = num_tiles(chip_), .endpoints = {num_tiles(chip_)}, .sums = {}});
}

/// Operations without crossbars hold their registers while the unit works. Of a global pooling the window begins with its last
/// pixel; those before were added as they came.
void FlowBuilder::add_digital_copy(std::int64_t home_tile, std::int64_t num_windows) {
  const std::int64_t num_pixels = num_accumulated_pixels(*operation_);
  const std::int64_t bits = activation_bits(operation_->num_input_values / num_pixels);
  const double fetch_fs = add_memory(home_tile, num_windows, bits);
  demands_.add(unit_kind(), home_tile, num_windows, unit_fs(), fetch_fs);
  if (const std::int64_t num_earlier = (num_pixels - 1) * num_windows; num_earlier > 0) {
    demands_.add_earlier(SharedResourceKind::kPort, home_tile, num_earlier, port_share_fs(bits));
    demands_.add_earlier(SharedResourceKind::kBus, home_tile, num_earlier, as_double(bus_fs(chip_, bits)));
    demands_.add_earlier(unit_kind(), home_tile, num_earlier, unit_fs());
  }
  flow_.interval_fs = as_double(num_pixels) * cycle_fs(fetch_fs, unit_fs());
  flow_.compute_fs = fetch_fs + unit_fs();
  flow_.copies.push_back({.home_endpoint = home_tile, .endpoints = {home_tile}, .sums = {}});
}

void FlowBuilder::add_group(const GroupUse& group) {
  const Copy& copy = copies_.back();
  const double fetch_fs = add_memory(group.tile, copy.num_windows, activation_bits(group.num_input_values));
  for (const CrossbarUse& use : group.crossbars) {
    demands_.add(SharedResourceKind::kCrossbar, use.crossbar, copy.num_windows, use.occupancy_fs, fetch_fs);
  }
  const std::int64_t result_bits = group.num_results * chip_.arithmetic.accumulator_bits;
  const double result_fs = as_double(bus_fs(chip_, result_bits));
  // Without overlapping phases the results are there when the registers are free, and take the bus before the next fetch.
  const double before_fetch_fs = group.latency_fs > group.occupancy_fs ? 0.0 : result_fs;
  flow_.interval_fs = std::max(flow_.interval_fs, cycle_fs(before_fetch_fs + fetch_fs, group.occupancy_fs));
  flow_.compute_fs = std::max(flow_.compute_fs, fetch_fs + group.latency_fs);
  flow_.copies.back().endpoints.push_back(group.tile);
  if (chip_.tile.accumulation == Accumulation::kTree) {
    sums_.push_back({.tile = group.tile, .outputs = group.outputs});
  } else if (group.tile != copy.home_tile) {
    flow_.copies.back().sums.push_back({.from = group.tile, .to = copy.home_tile, .num_flits = num_flits(result_bits)});
  }
  group_buses_.push_back({.tile = group.tile, .num_windows = copy.num_windows, .hold_fs = result_fs});
}

/// Messages and additions of the copy's accumulation tree.
void FlowBuilder::end_copy() {
  if (sums_.empty()) return;
  Copy& copy = copies_.back();
  const std::vector<AccumulationStep> steps = accumulation_steps(chip_, copy.home_tile, sums_);
  const double latency_fs = as_double(cycles_to_fs(chip_.tile.vector_unit.latency_cycles, chip_.clock.digital_hz));
  for (const std::size_t i : senders_first(steps)) {
    const AccumulationStep& step = steps[i];
    if (sums_[i].tile == copy.home_tile) continue;
    const bool goes_home = step.parent == AccumulationStep::kHome;
    SumsMessage message = {.from = sums_[i].tile,
                           .to = goes_home ? copy.home_tile : sums_[static_cast<std::size_t>(step.parent)].tile,
                           .num_flits = num_flits(step.num_sums * chip_.arithmetic.accumulator_bits)};
    if (step.adds()) {
      const double hold_fs = operations_fs(chip_.tile.vector_unit, step.num_additions);
      additions_.push_back({.tile = sums_[i].tile, .num_windows = copy.num_windows, .hold_fs = hold_fs});
      copy.num_additions += step.num_additions;
      message.addition_fs = hold_fs + latency_fs;
    }
    flow_.copies.back().sums.push_back(message);
  }
  sums_.clear();
}

void FlowBuilder::end() {
  end_copy();
  end_compute();
  if (!is_io(operation_->kind)) end_home();
  plan_.flows.push_back(std::move(flow_));
}

void FlowBuilder::end_compute() {
  flow_.compute = demands_.take_stage(operation_->num_windows());
  for (const GroupBus& bus : group_buses_) {
    demands_.add(SharedResourceKind::kBus, bus.tile, bus.num_windows, bus.hold_fs, 0.0);
    flow_.result_fs = std::max(flow_.result_fs, bus.hold_fs);
  }
  for (const Addition& addition : additions_) {
    demands_.add(SharedResourceKind::kVectorUnit, addition.tile, addition.num_windows, addition.hold_fs, flow_.result_fs);
  }
  flow_.results = demands_.take_stage(operation_->num_windows());
}

void FlowBuilder::end_home() {
  flow_.unit_fs = as_double(cycles_to_fs(unit().latency_cycles, chip_.clock.digital_hz));
  if (operation_->kind == OperationKind::kCrossbar) {
    double longest_fs = 0.0;
    for (const Copy& copy : copies_) {
      const double hold_fs = unit_fs(copy.num_additions);
      longest_fs = std::max(longest_fs, hold_fs);
      demands_.add(unit_kind(), copy.home_tile, copy.num_windows, hold_fs, 0.0);
    }
    flow_.unit_fs += longest_fs;
  }
  flow_.unit = demands_.take_stage(operation_->num_windows());
  const std::int64_t bits = activation_bits(operation_->output_channels);
  for (const Copy& copy : copies_) flow_.write_fs = add_memory(copy.home_tile, copy.num_windows, bits);
  flow_.write = demands_.take_stage(operation_->num_windows());
}

FlowPlan FlowBuilder::take() {
  plan_.resources = demands_.take_resources();
  return std::move(plan_);
}

/// Time of all ports of a tile together that a transfer takes.
double FlowBuilder::port_share_fs(std::int64_t bits) const {
  return as_double(port_fs(chip_, bits)) / as_double(chip_.tile.buffer.num_ports);
}

/// A transfer between memory and bus in each of so many windows; returns how long one takes.
double FlowBuilder::add_memory(std::int64_t tile, std::int64_t num_windows, std::int64_t bits) {
  const double port = as_double(port_fs(chip_, bits));
  const double bus = as_double(bus_fs(chip_, bits));
  demands_.add(SharedResourceKind::kPort, tile, num_windows, port_share_fs(bits), 0.0);
  demands_.add(SharedResourceKind::kBus, tile, num_windows, bus, 0.0);
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

std::int64_t FlowBuilder::num_flits(std::int64_t bits) const { return ceil_div(bits, chip_.noc.flit_bits); }

}  // namespace crossloom
