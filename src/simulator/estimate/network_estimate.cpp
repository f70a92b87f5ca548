#include "simulator/estimate/network_estimate.h"

#include <algorithm>
#include <string_view>

#include "simulator/estimate/segment_model.h"
#include "support/integer_math.h"
#include "support/units.h"

namespace crossloom {
namespace {

constexpr double kFsPerNsAsDouble = static_cast<double>(kFsPerNs);

std::string name_of(const SharedResource& resource) {
  const std::string number = std::to_string(resource.number);
  switch (resource.kind) {
    case ResourceKind::kCrossbar:
      return "crossbar " + number;
    case ResourceKind::kPort:
      return "tile " + number + " memory port";
    case ResourceKind::kBus:
      return "tile " + number + " bus";
    case ResourceKind::kVectorUnit:
      return "tile " + number + " vector unit";
    case ResourceKind::kPoolingUnit:
      return "tile " + number + " pooling unit";
  }
  return {};
}

double service_fs(const Flow& flow) {
  return static_cast<double>(ceil_div(flow.num_windows(), flow.num_copies())) * flow.interval_fs;
}

/// What the flows' copies themselves take, as a resource.
std::string cycle_name(const Flow& flow, const std::string& operation) {
  switch (flow.kind) {
    case OperationKind::kInput:
      return "IO port (input)";
    case OperationKind::kOutput:
      return "IO port (output)";
    case OperationKind::kCrossbar:
    case OperationKind::kVector:
    case OperationKind::kPooling:
      break;
  }
  return "copies of " + operation;
}

void set_interval(const PlacedProgram& program, const FlowPlan& plan, const LinkUse& link, NetworkEstimate& estimate) {
  double longest_fs = -1.0;
  const auto consider = [&](double busy_fs, const std::string& name) {
    if (busy_fs <= longest_fs) return;
    longest_fs = busy_fs;
    estimate.busiest_resource = name;
  };
  const auto busiest = std::max_element(plan.resources.begin(), plan.resources.end(),
                                        [](const auto& a, const auto& b) { return a.busy_fs < b.busy_fs; });
  if (busiest != plan.resources.end()) consider(busiest->busy_fs, name_of(*busiest));
  consider(static_cast<double>(link.busy_fs), link.name);
  for (std::size_t i = 0; i < plan.flows.size(); ++i) {
    consider(service_fs(plan.flows[i]), cycle_name(plan.flows[i], program.operations[i].name));
  }
  estimate.interval_ns = longest_fs / kFsPerNsAsDouble;
}

LayerEstimate layer_estimate(const Operation& operation, const Flow& flow, const FlowTimes& times) {
  return {.name = operation.name,
          .kind = std::string(enum_names(operation.kind)[static_cast<std::size_t>(operation.kind)]),
          .num_copies = flow.num_copies(),
          .num_windows = flow.num_windows(),
          .window_ns = (flow.compute_fs + flow.result_fs + flow.unit_fs + flow.write_fs) / kFsPerNsAsDouble,
          .cycle_ns = flow.interval_fs / kFsPerNsAsDouble,
          .service_ns = service_fs(flow) / kFsPerNsAsDouble,
          .start_ns = times.start_fs / kFsPerNsAsDouble,
          .end_ns = times.end_fs / kFsPerNsAsDouble};
}

}  // namespace

NetworkEstimate estimate(const PlacedProgram& program) {
  const FlowPlan plan = plan_flows(program);
  const SegmentTimes times = run_segments(program.chip, plan, 1);
  NetworkEstimate estimate{.latency_ns = times.image_end_fs.front() / kFsPerNsAsDouble};
  set_interval(program, plan, times.busiest_link, estimate);
  for (std::size_t i = 0; i < plan.flows.size(); ++i) {
    estimate.layers.push_back(layer_estimate(program.operations[i], plan.flows[i], times.flows[i]));
  }
  return estimate;
}

}  // namespace crossloom
