#pragma once

#include <array>
#include <cstdint>
#include <utility>
#include <vector>

#include "simulator/estimate/flow_plan.h"

namespace crossloom {

/// Numbers the resources in use and sums up how long they are taken.
class FlowDemands {
 public:
  /// A demand of so many windows an image, each for `hold_fs`, `offset_fs` after its stage begins.
  [[nodiscard]] FlowDemand demand(SharedResourceKind kind, std::int64_t number, std::int64_t num_windows, double hold_fs,
                                  double offset_fs = 0.0);

  /// Requests an image that are over when the stage begins: they count only in how long the resource is taken.
  void add_earlier(SharedResourceKind kind, std::int64_t number, std::int64_t num_requests, double hold_fs);

  [[nodiscard]] std::vector<SharedResource> take_resources() { return std::exchange(resources_, {}); }

 private:
  [[nodiscard]] std::uint32_t index_of(SharedResourceKind kind, std::int64_t number);

  std::vector<SharedResource> resources_;
  std::array<std::vector<std::uint32_t>, kNumSharedResourceKinds>
      index_;  ///< by kind and number: resource + 1, 0 when not in use
};

}  // namespace crossloom
