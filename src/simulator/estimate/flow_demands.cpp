#include "simulator/estimate/flow_demands.h"

#include <algorithm>

namespace crossloom {

std::uint32_t FlowDemands::index_of(SharedResourceKind kind, std::int64_t number) {
  std::vector<std::uint32_t>& index = index_[static_cast<std::size_t>(kind)];
  const auto at = static_cast<std::size_t>(number);
  if (at >= index.size()) index.resize(at + 1, 0);
  if (index[at] == 0) {
    resources_.push_back({.kind = kind, .number = number});
    place_.push_back(0);
    stage_of_.push_back(0);
    index[at] = static_cast<std::uint32_t>(resources_.size());
  }
  return index[at] - 1;
}

void FlowDemands::add(SharedResourceKind kind, std::int64_t number, std::int64_t num_requests, double request_fs,
                      double offset_fs) {
  const std::uint32_t resource = index_of(kind, number);
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

void FlowDemands::add_earlier(SharedResourceKind kind, std::int64_t number, std::int64_t num_requests, double request_fs) {
  resources_[index_of(kind, number)].busy_fs += static_cast<double>(num_requests) * request_fs;
}

std::vector<FlowDemand> FlowDemands::take_stage(std::int64_t num_windows) {
  for (FlowDemand& demand : stage_) demand.mean_fs /= static_cast<double>(num_windows);
  ++current_stage_;
  return std::exchange(stage_, {});
}

}  // namespace crossloom
