#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "simulator/engine/mesh.h"
#include "simulator/estimate/flow_plan.h"
#include "simulator/hardware/chip_config.h"

namespace crossloom {

/// Times of the first and the last of some windows of a copy; those between are taken as evenly spaced.
struct WindowSpan {
  double first_fs = 0.0;
  double last_fs = 0.0;
};

/// The later of both, for those who need both.
[[nodiscard]] inline WindowSpan later(const WindowSpan& a, const WindowSpan& b) {
  return {.first_fs = std::max(a.first_fs, b.first_fs), .last_fs = std::max(a.last_fs, b.last_fs)};
}

/// The messages of some windows of a copy on the mesh. One is sent in the place of all, with the flits of all and to the tiles
/// that need the output of the middle one: so every link is taken as long as by all messages, and a link that is behind holds
/// up what shares a route with it as in the engine, whose links are reserved message by message.
class FlowMessages {
 public:
  FlowMessages(const ChipConfig& chip, const FlowPlan& plan);

  /// Tiles that need outputs of a flow are its inboxes, by number; that of `endpoint`, which must be one.
  [[nodiscard]] std::uint32_t inbox_of(std::uint32_t flow, std::int64_t endpoint) const;
  [[nodiscard]] std::size_t num_inboxes(std::uint32_t flow) const { return inboxes_[flow].size(); }

  /// Partial sums of so many windows from one tile to another: sent at `sent`, there at the result.
  [[nodiscard]] WindowSpan send_sums(std::int64_t from, std::int64_t to, std::int64_t num_flits, std::int64_t num_windows,
                                     const WindowSpan& sent);

  struct Arrival {
    std::uint32_t inbox = 0;
    WindowSpan span;
  };
  /// Outputs of `num_windows` windows of a copy about `window` to the tiles that need it. Valid until the next call.
  [[nodiscard]] std::span<const Arrival> send_outputs(std::uint32_t flow, std::int64_t window, std::int64_t num_windows,
                                                      const WindowSpan& sent);

  /// What all messages have waited for links.
  [[nodiscard]] double waited_fs() const { return waited_fs_; }
  [[nodiscard]] std::int64_t num_messages() const { return mesh_.num_messages(); }
  [[nodiscard]] LinkUse busiest_link() const { return mesh_.busiest_link(); }

 private:
  /// To `destinations_`; times in `arrivals_fs_`.
  void send(std::int64_t source, std::int64_t num_flits, std::int64_t num_windows, const WindowSpan& sent);
  [[nodiscard]] WindowSpan arrival(std::size_t destination, std::int64_t source, std::int64_t num_flits,
                                   std::int64_t num_windows, const WindowSpan& sent) const;
  void find_destinations(std::uint32_t index, std::int64_t window, std::int64_t home);
  void add_readers(const Flow& flow, const OperationInput& input, const Flow& producer, std::int64_t window);
  void add_destinations(const FlowCopy& copy);

  const FlowPlan& plan_;
  Mesh mesh_;
  double flit_fs_ = 0.0;
  double waited_fs_ = 0.0;
  std::vector<std::vector<std::int64_t>> inboxes_;  ///< endpoints of each flow's, in increasing order
  std::vector<Arrival> outputs_;
  std::vector<std::int64_t> destinations_;
  std::vector<TimeFs> arrivals_fs_;
  std::vector<std::int64_t> found_in_;  ///< by endpoint: search that last found it
  std::int64_t search_ = 0;
};

}  // namespace crossloom
