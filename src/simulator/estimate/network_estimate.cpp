#include "simulator/estimate/network_estimate.h"

#include <algorithm>
#include <string_view>

#include "simulator/estimate/layer_plan.h"
#include "simulator/estimate/merged_plan.h"
#include "simulator/estimate/segment_model.h"
#include "support/integer_math.h"
#include "support/units.h"

namespace crossloom {
namespace {

constexpr double kFsPerNsAsDouble = static_cast<double>(kFsPerNs);

std::string name_of(const ChipConfig& chip, const SharedResource& resource) {
  const std::string number = std::to_string(resource.number);
  switch (resource.kind) {
    case SharedResourceKind::kCrossbar:
      return "crossbar " + number;
    case SharedResourceKind::kPort:
      return "tile " + number + " memory port";
    case SharedResourceKind::kBus:
      return "tile " + number + " bus";
    case SharedResourceKind::kVectorUnit:
      return "tile " + number + " vector unit";
    case SharedResourceKind::kPoolingUnit:
      return "tile " + number + " pooling unit";
    case SharedResourceKind::kLink:
      return Mesh(chip).link_name(resource.number);
  }
  return {};
}

double service_fs(const Flow& flow) { return static_cast<double>(flow.num_windows_of(0)) * flow.interval_fs; }

/// The longest time; the first of equals.
struct Longest {
  double time_fs = -1.0;
  std::string name;
  void consider(double candidate_fs, const std::string& candidate) {
    if (candidate_fs <= time_fs) return;
    time_fs = candidate_fs;
    name = candidate;
  }
};

/// In the order in which a simulation looks for its busiest resource.
Longest busiest_resource(const ChipConfig& chip, const FlowPlan& plan, const LinkUse& link) {
  Longest busiest;
  const auto consider_all = [&](bool is_crossbar) {
    for (const SharedResource& resource : plan.resources) {
      const bool is_wanted = (resource.kind == SharedResourceKind::kCrossbar) == is_crossbar;
      if (is_wanted && resource.busy_fs > busiest.time_fs) busiest.consider(resource.busy_fs, name_of(chip, resource));
    }
  };
  consider_all(true);
  consider_all(false);
  busiest.consider(static_cast<double>(link.busy_fs), link.name);
  busiest.consider(plan.off_chip.io_in_fs, "IO port (input)");
  busiest.consider(plan.off_chip.io_out_fs, "IO port (output)");
  busiest.consider(plan.off_chip.global_buffer_fs, "global buffer port");
  busiest.consider(plan.off_chip.dram_fs, "DRAM");
  return busiest;
}

void set_limits(const ChipConfig& chip, const FlowPlan& plan, const LinkUse& link, NetworkEstimate& estimate) {
  Longest longest = busiest_resource(chip, plan, link);
  estimate.busiest_resource_ns = longest.time_fs / kFsPerNsAsDouble;
  estimate.busiest_resource = longest.name;
  for (std::size_t i = 0; i < plan.flows.size(); ++i) {
    longest.consider(service_fs(plan.flows[i]), "copies of " + estimate.layers[i].name);
  }
  estimate.interval_ns = longest.time_fs / kFsPerNsAsDouble;
  estimate.interval_limit = longest.name;
}

LayerEstimate layer_estimate(const Operation& operation, const Flow& flow, const FlowTimes& times) {
  return {.name = operation.name,
          .kind = std::string(enum_names(operation.kind)[static_cast<std::size_t>(operation.kind)]),
          .num_copies = flow.window_step(),
          .num_windows = flow.num_windows(),
          .window_ns = flow.window_fs / kFsPerNsAsDouble,
          .cycle_ns = flow.interval_fs / kFsPerNsAsDouble,
          .service_ns = service_fs(flow) / kFsPerNsAsDouble,
          .start_ns = times.start_fs / kFsPerNsAsDouble,
          .end_ns = times.end_fs / kFsPerNsAsDouble};
}

/// `operation_of(i)` is the operation of flow i.
template <class OperationOf>
NetworkEstimate estimate_flows(const ChipConfig& chip, const FlowPlan& plan, OperationOf&& operation_of) {
  const SegmentTimes times = run_segments(chip, plan, 1);
  NetworkEstimate estimate{.latency_ns = times.image_end_fs.front() / kFsPerNsAsDouble};
  for (std::size_t i = 0; i < plan.flows.size(); ++i) {
    estimate.layers.push_back(layer_estimate(operation_of(i), plan.flows[i], times.flows[i]));
  }
  set_limits(chip, plan, times.busiest_link, estimate);
  return estimate;
}

}  // namespace

NetworkEstimate estimate(const PlacedProgram& program) {
  return estimate_flows(program.chip, plan_flows(program),
                        [&program](std::size_t i) -> const Operation& { return program.operations[i]; });
}

QuickEstimate quick_estimate(const PlacedProgram& program) {
  RunCounts counts = count_run(program);
  const FlowPlan plan = merge_copies(program.chip, plan_flows(program), counts.messages);
  return {.figures = estimate_flows(program.chip, plan,
                                    [&program](std::size_t i) -> const Operation& { return program.operations[i]; }),
          .events = counts.events};
}

NetworkEstimate estimate(const std::vector<LayerWork>& works, const std::vector<std::int64_t>& num_copies,
                         const ChipConfig& chip, std::int64_t num_crossbars) {
  return estimate_flows(chip, plan_flows(works, num_copies, chip, num_crossbars),
                        [&works](std::size_t i) -> const Operation& { return works[i].operation; });
}

}  // namespace crossloom
