#pragma once

#include <array>
#include <cstdint>
#include <utility>
#include <vector>

#include "simulator/estimate/flow_plan.h"

namespace crossloom {

/// Numbers the resources in use and sums what each stage of each flow asks of them.
class FlowDemands {
 public:
  /// `num_requests` requests an image, each of `request_fs`, `offset_fs` after the stage begins.
  void add(SharedResourceKind kind, std::int64_t number, std::int64_t num_requests, double request_fs, double offset_fs);

  /// Requests an image that are over when the stage begins: they count only in how long the resource is taken.
  void add_earlier(SharedResourceKind kind, std::int64_t number, std::int64_t num_requests, double request_fs);

  /// The demands of a stage of a flow with so many windows an image; the next stage begins.
  [[nodiscard]] std::vector<FlowDemand> take_stage(std::int64_t num_windows);

  [[nodiscard]] std::vector<SharedResource> take_resources() { return std::exchange(resources_, {}); }

 private:
  [[nodiscard]] std::uint32_t index_of(SharedResourceKind kind, std::int64_t number);

  std::vector<SharedResource> resources_;
  std::array<std::vector<std::uint32_t>, kNumSharedResourceKinds>
      index_;                            ///< by kind and number: resource + 1, 0 when not in use
  std::vector<FlowDemand> stage_;        ///< mean_fs of all windows together
  std::vector<std::size_t> place_;       ///< in `stage_`, by resource
  std::vector<std::uint32_t> stage_of_;  ///< in which a resource was last asked for
  std::uint32_t current_stage_ = 1;
};

}  // namespace crossloom
