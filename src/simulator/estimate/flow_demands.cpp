#include "simulator/estimate/flow_demands.h"

#include <algorithm>

namespace crossloom {

void FlowDemands::add(ResourceKind kind, std::int64_t number, std::int64_t num_requests, double request_fs, double offset_fs) {
  const auto [at, is_new] = index_.try_emplace({kind, number}, static_cast<std::uint32_t>(resources_.size()));
  if (is_new) {
    resources_.push_back({.kind = kind, .number = number});
    place_.push_back(0);
    stage_of_.push_back(0);
  }
  const std::uint32_t resource = at->second;
  if (stage_of_[resource] != current_stage_) {
    stage_of_[resource] = current_stage_;
    place_[resource] = stage_.size();
    stage_.push_back({.resource = resource, .offset_fs = offset_fs});
  }
  FlowDemand& demand = stage_[place_[resource]];
  const double total_fs = static_cast<double>(num_requests) * request_fs;
  demand.mean_fs += total_fs;
  demand.request_fs = std::max(demand.request_fs, request_fs);
  resources_[resource].busy_fs += total_fs;
}

std::vector<FlowDemand> FlowDemands::take_stage(std::int64_t num_windows) {
  for (FlowDemand& demand : stage_) demand.mean_fs /= static_cast<double>(num_windows);
  ++current_stage_;
  return std::exchange(stage_, {});
}

}  // namespace crossloom
