#include "simulator/estimate/merged_plan.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "simulator/engine/mesh.h"

namespace crossloom {
namespace {

double as_double(std::int64_t value) { return static_cast<double>(value); }

/// Of the busiest resource's time: what is taken for less holds nobody up for long.
constexpr double kLittleUse = 0.02;

class Merger {
 public:
  Merger(const ChipConfig& chip, const FlowPlan& plan, std::span<const OperationMessages> messages)
      : plan_(plan), messages_(messages), mesh_(chip) {
    merged_.resources = plan.resources;
    merged_.off_chip = plan.off_chip;
    add_links();
    busy_fs_.resize(merged_.resources.size(), 0.0);
    for (const SharedResource& resource : merged_.resources) least_fs_ = std::max(least_fs_, resource.busy_fs);
    least_fs_ *= kLittleUse;
  }

  FlowPlan run() {
    merged_.flows.reserve(plan_.flows.size());
    for (std::size_t i = 0; i < plan_.flows.size(); ++i) add_flow(plan_.flows[i], messages_[i]);
    return std::move(merged_);
  }

 private:
  void add_links() {
    link_resources_.resize(static_cast<std::size_t>(mesh_.num_links()), 0);
    for (const OperationMessages& messages : messages_) {
      for (const LinkLoad& load : messages.links) {
        std::uint32_t& resource = link_resources_[static_cast<std::size_t>(load.link)];
        if (resource == 0) {
          resource = static_cast<std::uint32_t>(merged_.resources.size());
          merged_.resources.push_back({.kind = SharedResourceKind::kLink, .number = load.link});
        }
        SharedResource& link = merged_.resources[resource];
        link.busy_fs += as_double(load.busy_fs);
        // A link serves the copies of an operation one after another: it may be shared by one operation alone.
        link.num_users = 2;
      }
    }
  }

  void add_flow(const Flow& flow, const OperationMessages& messages) {
    Flow merged = {.kind = flow.kind,
                   .num_rows = flow.num_rows,
                   .num_cols = flow.num_cols,
                   .interval_fs = flow.interval_fs,
                   .window_fs = flow.window_fs,
                   .inputs = flow.inputs,
                   .consumers = flow.consumers,
                   .windows_a_round = flow.num_copies()};
    double latency_fs = 0.0;
    for (std::int64_t i = 0; i < flow.num_copies(); ++i) {
      const FlowCopy& copy = flow.copies[static_cast<std::size_t>(i)];
      latency_fs = std::max(latency_fs, sums_fs(copy) + copy.unit_fs + copy.write_fs);
      add_demands(copy, as_double(flow.num_windows_of(i)));
    }
    for (const LinkLoad& load : messages.links)
      add(link_resources_[static_cast<std::size_t>(load.link)], as_double(load.busy_fs));
    const std::int64_t home = flow.copies.front().home_endpoint;
    FlowGroup group = {.endpoint = home,
                       .interval_fs = flow.interval_fs,
                       .compute_fs = latency_fs + as_double(messages.output_fs),
                       .compute = take_demands(as_double(flow.num_windows_of(0)))};
    FlowCopy& all = merged.copies.emplace_back();
    all.home_endpoint = home;
    all.groups.push_back(std::move(group));
    merged_.flows.push_back(std::move(merged));
  }

  /// Begin of a window until all its partial sums are at the home tile.
  [[nodiscard]] double sums_fs(const FlowCopy& copy) const {
    double longest_fs = 0.0;
    for (const FlowGroup& first : copy.groups) {
      double time_fs = first.compute_fs + first.result_fs;
      for (const FlowGroup* group = &first; group != nullptr;) {
        const bool goes_home = group->parent == FlowGroup::kHome;
        const FlowGroup* const parent = goes_home ? nullptr : &copy.groups[static_cast<std::size_t>(group->parent)];
        time_fs += group->addition_fs;
        if (group->sums_flits > 0) {
          const std::int64_t to = goes_home ? copy.home_endpoint : parent->endpoint;
          time_fs += as_double(mesh_.zero_load_fs(group->endpoint, to, group->sums_flits));
        }
        group = parent;
      }
      longest_fs = std::max(longest_fs, time_fs);
    }
    return longest_fs;
  }

  void add_demands(const FlowCopy& copy, double num_windows) {
    const auto add_all = [&](const std::vector<FlowDemand>& demands) {
      for (const FlowDemand& demand : demands) add(demand.resource, num_windows * demand.hold_fs);
    };
    for (const FlowGroup& group : copy.groups) {
      add_all(group.compute);
      add_all(group.results);
      add_all(group.addition);
    }
    add_all(copy.unit);
    add_all(copy.write);
  }

  void add(std::uint32_t resource, double busy_fs) {
    const SharedResource& shared = merged_.resources[resource];
    if (shared.num_users < 2 || shared.busy_fs < least_fs_) return;
    if (busy_fs_[resource] == 0.0) touched_.push_back(resource);
    busy_fs_[resource] += busy_fs;
  }

  std::vector<FlowDemand> take_demands(double num_rounds) {
    std::vector<FlowDemand> demands;
    demands.reserve(touched_.size());
    for (const std::uint32_t resource : touched_)
      demands.push_back({.resource = resource, .hold_fs = std::exchange(busy_fs_[resource], 0.0) / num_rounds});
    touched_.clear();
    return demands;
  }

  const FlowPlan& plan_;
  std::span<const OperationMessages> messages_;
  Mesh mesh_;
  FlowPlan merged_;
  double least_fs_ = 0.0;
  std::vector<std::uint32_t> link_resources_;  ///< by link; 0 when no message takes it, as resource 0 is a tile's
  std::vector<double> busy_fs_;                ///< by resource: of the flow under way, an image
  std::vector<std::uint32_t> touched_;
};

}  // namespace

FlowPlan merge_copies(const ChipConfig& chip, const FlowPlan& plan, std::span<const OperationMessages> messages) {
  return Merger(chip, plan, messages).run();
}

}  // namespace crossloom
