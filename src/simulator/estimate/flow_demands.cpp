#include "simulator/estimate/flow_demands.h"

namespace crossloom {

std::uint32_t FlowDemands::index_of(SharedResourceKind kind, std::int64_t number) {
  std::vector<std::uint32_t>& index = index_[static_cast<std::size_t>(kind)];
  const auto at = static_cast<std::size_t>(number);
  if (at >= index.size()) index.resize(at + 1, 0);
  if (index[at] == 0) {
    resources_.push_back({.kind = kind, .number = number});
    index[at] = static_cast<std::uint32_t>(resources_.size());
  }
  return index[at] - 1;
}

FlowDemand FlowDemands::demand(SharedResourceKind kind, std::int64_t number, std::int64_t num_windows, double hold_fs,
                               double offset_fs) {
  const std::uint32_t resource = index_of(kind, number);
  resources_[resource].busy_fs += static_cast<double>(num_windows) * hold_fs;
  ++resources_[resource].num_users;
  return {.resource = resource, .hold_fs = hold_fs, .offset_fs = offset_fs};
}

void FlowDemands::add_earlier(SharedResourceKind kind, std::int64_t number, std::int64_t num_requests, double hold_fs) {
  resources_[index_of(kind, number)].busy_fs += static_cast<double>(num_requests) * hold_fs;
}

}  // namespace crossloom
