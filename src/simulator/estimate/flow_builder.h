#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "simulator/estimate/flow_demands.h"
#include "simulator/estimate/flow_plan.h"
#include "simulator/hardware/chip_config.h"
#include "simulator/program/accumulation_tree.h"
#include "simulator/program/placed_program.h"

namespace crossloom {

/// Time that a window of a copy takes a crossbar.
struct CrossbarUse {
  std::int64_t crossbar = 0;
  double occupancy_fs = 0.0;
};

/// The blocks of a copy on one tile, a window.
struct GroupUse {
  std::int64_t tile = 0;
  std::int64_t num_input_values = 0;
  std::int64_t num_results = 0;           ///< partial sums
  std::vector<OutputRange> outputs = {};  ///< output values they belong to; only read for an accumulation tree
  double latency_fs = 0.0;                ///< activation until the last result is stored
  double occupancy_fs = 0.0;              ///< activation until all its crossbars are free
  std::span<const CrossbarUse> crossbars;
};

/// Puts a FlowPlan together operation by operation: begin, then its copies with their groups, then end. Durations are those of
/// docs/model.md.
class FlowBuilder {
 public:
  explicit FlowBuilder(const ChipConfig& chip);

  /// `operation` is read without its copies, and must live until `end`.
  void begin(const Operation& operation);
  void add_copy(std::int64_t home_tile, std::int64_t num_windows);
  /// Of the copy added last; operations without crossbars have none.
  void add_group(const GroupUse& use);
  void end();

  [[nodiscard]] FlowPlan take();

 private:
  void add_io_copy(std::int64_t bits);
  [[nodiscard]] double global_buffer_share_fs(std::int64_t bits) const;
  void add_digital_copy(std::int64_t home_tile, std::int64_t num_windows);
  void end_copy();
  void add_sums();
  void end_home();
  /// A transfer between memory and bus in each window of the copy; returns how long one takes.
  double add_memory(std::int64_t tile, std::int64_t bits, std::vector<FlowDemand>& demands);
  [[nodiscard]] double port_share_fs(std::int64_t bits) const;
  [[nodiscard]] double cycle_fs(double fetch_fs, double occupancy_fs) const;
  [[nodiscard]] SharedResourceKind unit_kind() const;
  [[nodiscard]] const UnitConfig& unit() const;
  /// Time of the digital unit for a window, less additions that other tiles make.
  [[nodiscard]] double unit_fs(std::int64_t num_additions_elsewhere = 0) const;
  [[nodiscard]] double operations_fs(const UnitConfig& unit, std::int64_t num_operations) const;
  [[nodiscard]] double latency_fs(const UnitConfig& unit) const;
  [[nodiscard]] std::int64_t activation_bits(std::int64_t values) const { return values * chip_.arithmetic.activation_bits; }
  [[nodiscard]] std::int64_t num_flits(std::int64_t bits) const;

  const ChipConfig& chip_;
  const Operation* operation_ = nullptr;
  FlowPlan plan_;
  Flow flow_;
  FlowDemands demands_;
  double access_fs_ = 0.0;
  bool is_in_copy_ = false;
  std::int64_t num_windows_ = 0;              ///< of the copy added last
  std::vector<std::int64_t> result_bits_;     ///< of its groups
  std::vector<TileSums> sums_;                ///< of its groups; only for an accumulation tree
  std::int64_t num_additions_elsewhere_ = 0;  ///< made in other tiles than its home, a window
};

}  // namespace crossloom
