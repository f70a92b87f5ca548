#include "simulator/estimate/flow_plan.h"

#include <algorithm>
#include <span>

#include "simulator/engine/run_plan.h"
#include "simulator/estimate/block_times.h"
#include "simulator/estimate/flow_demands.h"
#include "simulator/hardware/chip_geometry.h"
#include "support/integer_math.h"

namespace crossloom {
namespace {

double as_double(std::int64_t value) { return static_cast<double>(value); }

class Planner {
 public:
  explicit Planner(const PlacedProgram& program) : program_(program), chip_(program.chip), block_times_(program.chip) {
    access_fs_ = as_double(cycles_to_fs(chip_.tile.buffer.access_cycles, chip_.clock.digital_hz));
  }

  FlowPlan run() {
    for (const Operation& operation : program_.operations) add_flow(operation);
    plan_.resources = demands_.take_resources();
    return std::move(plan_);
  }

 private:
  using Blocks = std::span<const BlockRecord* const>;

  void add_flow(const Operation& operation) {
    Flow flow{.kind = operation.kind,
              .num_rows = operation.output_height,
              .num_cols = operation.output_width,
              .pixel_flits = num_flits(activation_bits(operation.output_channels)),
              .inputs = operation.inputs};
    const auto index = static_cast<std::uint32_t>(plan_.flows.size());
    for (const OperationInput& input : operation.inputs) {
      std::vector<std::uint32_t>& consumers = plan_.flows[static_cast<std::size_t>(input.operation)].consumers;
      if (consumers.empty() || consumers.back() != index) consumers.push_back(index);
    }
    switch (operation.kind) {
      case OperationKind::kInput:
        flow.num_cols = 1;
        add_io(flow, activation_bits(operation.output_channels * operation.output_width));
        break;
      case OperationKind::kOutput:
        add_io(flow, activation_bits(operation.output_channels));
        break;
      case OperationKind::kCrossbar:
        add_crossbars(operation, flow);
        add_home(operation, flow);
        break;
      case OperationKind::kVector:
      case OperationKind::kPooling:
        add_digital(operation, flow);
        add_home(operation, flow);
        break;
    }
    plan_.flows.push_back(std::move(flow));
  }

  void add_io(Flow& flow, std::int64_t bits) const {
    flow.interval_fs = as_double(cycles_to_fs(bits, chip_.io.bits_per_s));
    flow.compute_fs = flow.interval_fs;
    flow.pixel_flits = num_flits(bits);
    flow.copies.push_back({.home_endpoint = num_tiles(chip_), .endpoints = {num_tiles(chip_)}, .result_flits = {0}});
  }

  // --- crossbars ----------------------------------------------------------------------------------------------------------

  void add_crossbars(const Operation& operation, Flow& flow) {
    group_buses_.clear();
    for (const CopyRecord& copy : operation.copies) {
      flow.copies.push_back({.home_endpoint = copy.home_tile, .endpoints = {}, .result_flits = {}});
      for_each_group(copy, [&](std::int64_t tile, Blocks blocks) { add_group(operation, copy, tile, blocks, flow); });
    }
    flow.compute = demands_.take_stage(operation.num_windows());
    for (const GroupBus& bus : group_buses_) {
      demands_.add(ResourceKind::kBus, bus.tile, bus.num_windows, bus.hold_fs, 0.0);
      flow.result_fs = std::max(flow.result_fs, bus.hold_fs);
    }
    flow.results = demands_.take_stage(operation.num_windows());
  }

  /// The blocks of a copy on one tile; those of one crossbar run one after another.
  void add_group(const Operation& operation, const CopyRecord& copy, std::int64_t tile, Blocks blocks, Flow& flow) {
    const std::int64_t fetch_bits = activation_bits(num_input_values(blocks));
    const double fetch_fs = add_memory(tile, copy.num_windows, fetch_bits);
    double occupancy_fs = 0.0;
    double latency_fs = 0.0;
    std::int64_t num_cols = 0;
    for (std::size_t first = 0; first < blocks.size();) {
      const std::int64_t crossbar = blocks[first]->crossbar;
      double on_crossbar_fs = 0.0;
      for (; first < blocks.size() && blocks[first]->crossbar == crossbar; ++first) {
        const BlockTimes::Times times = block_times_.of(*blocks[first], operation.has_signed_inputs);
        latency_fs = std::max(latency_fs, on_crossbar_fs + times.latency_fs);
        on_crossbar_fs += times.occupancy_fs;
        num_cols += blocks[first]->cols;
      }
      occupancy_fs = std::max(occupancy_fs, on_crossbar_fs);
      demands_.add(ResourceKind::kCrossbar, crossbar, copy.num_windows, on_crossbar_fs, fetch_fs);
    }
    const std::int64_t result_bits = num_cols * chip_.arithmetic.accumulator_bits;
    const double result_fs = as_double(bus_fs(chip_, result_bits));
    // Without overlapping phases the results are there when the registers are free, and take the bus before the next fetch.
    const double before_fetch_fs = latency_fs > occupancy_fs ? 0.0 : result_fs;
    flow.interval_fs = std::max(flow.interval_fs, cycle_fs(before_fetch_fs + fetch_fs, occupancy_fs));
    flow.compute_fs = std::max(flow.compute_fs, fetch_fs + latency_fs);
    flow.copies.back().endpoints.push_back(tile);
    flow.copies.back().result_flits.push_back(tile == copy.home_tile ? 0 : num_flits(result_bits));
    group_buses_.push_back({.tile = tile, .num_windows = copy.num_windows, .hold_fs = result_fs});
  }

  /// Blocks with the same input part share one transfer.
  std::int64_t num_input_values(Blocks blocks) {
    std::int64_t values = 0;
    parts_.clear();
    for (const BlockRecord* block : blocks) parts_.emplace_back(block->input_part, block->num_input_values);
    std::stable_sort(parts_.begin(), parts_.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      if (i == 0 || parts_[i].first != parts_[i - 1].first) values += parts_[i].second;
    }
    return values;
  }

  template <class Visitor>
  void for_each_group(const CopyRecord& copy, Visitor&& visit) {
    blocks_.clear();
    for (const BlockRecord& block : copy.blocks) blocks_.push_back(&block);
    std::stable_sort(blocks_.begin(), blocks_.end(),
                     [](const BlockRecord* a, const BlockRecord* b) { return a->crossbar < b->crossbar; });
    for (std::size_t first = 0; first < blocks_.size();) {
      const std::int64_t tile = tile_of_crossbar(chip_, blocks_[first]->crossbar);
      std::size_t end = first;
      while (end < blocks_.size() && tile_of_crossbar(chip_, blocks_[end]->crossbar) == tile) ++end;
      visit(tile, Blocks(blocks_).subspan(first, end - first));
      first = end;
    }
  }

  // --- digital units ------------------------------------------------------------------------------------------------------

  /// Operations without crossbars hold their registers while the unit works.
  void add_digital(const Operation& operation, Flow& flow) {
    const std::int64_t bits = activation_bits(operation.num_input_values);
    for (const CopyRecord& copy : operation.copies) {
      const double fetch_fs = add_memory(copy.home_tile, copy.num_windows, bits);
      demands_.add(unit_kind(operation), copy.home_tile, copy.num_windows, unit_fs(operation), fetch_fs);
      flow.interval_fs = cycle_fs(fetch_fs, unit_fs(operation));
      flow.compute_fs = fetch_fs + unit_fs(operation);
      flow.copies.push_back({.home_endpoint = copy.home_tile, .endpoints = {copy.home_tile}, .result_flits = {0}});
    }
    flow.compute = demands_.take_stage(operation.num_windows());
  }

  void add_home(const Operation& operation, Flow& flow) {
    flow.unit_fs = unit_latency_fs(operation);
    if (operation.kind == OperationKind::kCrossbar) {
      flow.unit_fs += unit_fs(operation);
      for (const CopyRecord& copy : operation.copies) {
        demands_.add(unit_kind(operation), copy.home_tile, copy.num_windows, unit_fs(operation), 0.0);
      }
      flow.unit = demands_.take_stage(operation.num_windows());
    }
    const std::int64_t bits = activation_bits(operation.output_channels);
    for (const CopyRecord& copy : operation.copies) flow.write_fs = add_memory(copy.home_tile, copy.num_windows, bits);
    flow.write = demands_.take_stage(operation.num_windows());
  }

  [[nodiscard]] static ResourceKind unit_kind(const Operation& operation) {
    return operation.kind == OperationKind::kPooling ? ResourceKind::kPoolingUnit : ResourceKind::kVectorUnit;
  }
  [[nodiscard]] const UnitConfig& unit(const Operation& operation) const {
    return operation.kind == OperationKind::kPooling ? chip_.tile.pooling_unit : chip_.tile.vector_unit;
  }
  [[nodiscard]] double unit_fs(const Operation& operation) const {
    return as_double(cycles_to_fs(ceil_div(operation.num_unit_operations, unit(operation).lanes), chip_.clock.digital_hz));
  }
  [[nodiscard]] double unit_latency_fs(const Operation& operation) const {
    return as_double(cycles_to_fs(unit(operation).latency_cycles, chip_.clock.digital_hz));
  }

  // --- memory -------------------------------------------------------------------------------------------------------------

  /// A transfer between memory and bus in each of so many windows; returns how long one takes.
  double add_memory(std::int64_t tile, std::int64_t num_windows, std::int64_t bits) {
    const double port = as_double(port_fs(chip_, bits));
    const double bus = as_double(bus_fs(chip_, bits));
    demands_.add(ResourceKind::kPort, tile, num_windows, port, 0.0);
    demands_.add(ResourceKind::kBus, tile, num_windows, bus, 0.0);
    return access_fs_ + std::max(port, bus);
  }

  /// With one set of input registers the next fetch waits for the crossbar, with two it overlaps.
  [[nodiscard]] double cycle_fs(double fetch_fs, double occupancy_fs) const {
    return chip_.input_register.num_buffers == 1 ? fetch_fs + occupancy_fs : std::max(fetch_fs, occupancy_fs);
  }

  [[nodiscard]] std::int64_t activation_bits(std::int64_t values) const { return values * chip_.arithmetic.activation_bits; }
  [[nodiscard]] std::int64_t num_flits(std::int64_t bits) const { return ceil_div(bits, chip_.noc.flit_bits); }

  struct GroupBus {
    std::int64_t tile = 0;
    std::int64_t num_windows = 0;
    double hold_fs = 0.0;
  };

  const PlacedProgram& program_;
  const ChipConfig& chip_;
  FlowPlan plan_;
  BlockTimes block_times_;
  FlowDemands demands_;
  double access_fs_ = 0.0;
  std::vector<const BlockRecord*> blocks_;
  std::vector<std::pair<std::int64_t, std::int64_t>> parts_;  ///< input part, values
  std::vector<GroupBus> group_buses_;                         ///< of the flow, for its second stage
};

}  // namespace

FlowPlan plan_flows(const PlacedProgram& program) { return Planner(program).run(); }

}  // namespace crossloom
