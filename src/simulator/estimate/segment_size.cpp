#include "simulator/estimate/segment_size.h"

#include <algorithm>

#include "support/integer_math.h"

namespace crossloom {
namespace {

/// Of all groups together, when all are full.
std::int64_t num_segments(const FlowPlan& plan, double share) {
  std::int64_t number = 0;
  for (const Flow& flow : plan.flows) {
    const std::int64_t size = most_windows(flow, share);
    for (std::int64_t copy = 0; copy < flow.num_copies(); ++copy) {
      const auto num_groups = static_cast<std::int64_t>(flow.copies[static_cast<std::size_t>(copy)].groups.size());
      number += num_groups * ceil_div(flow.num_windows_of(copy), size);
    }
  }
  return number;
}

}  // namespace

std::int64_t most_windows(const Flow& flow, double share) {
  const double of_copy = share * static_cast<double>(flow.num_windows_of(0));
  const bool has_rounds = flow.windows_a_round > 1;
  const std::int64_t most = has_rounds ? flow.num_windows_of(0) : std::max<std::int64_t>(1, flow.num_cols / flow.num_copies());
  return std::clamp<std::int64_t>(static_cast<std::int64_t>(of_copy), 1, most);
}

double segment_share(const FlowPlan& plan, std::int64_t num_segments) {
  constexpr double kLeast = 1.0 / 16384.0;
  constexpr double kMost = 0.05;
  constexpr double kStep = 1.25;
  double share = kLeast;
  while (share < kMost && crossloom::num_segments(plan, share) > num_segments) share *= kStep;
  return share;
}

std::int64_t num_single_windows(const FlowPlan& plan) { return num_segments(plan, 0.0); }

}  // namespace crossloom
