#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "simulator/engine/mesh.h"
#include "simulator/estimate/flow_plan.h"
#include "simulator/hardware/chip_config.h"

namespace crossloom {

/// Times of the first and the last of neighbouring windows; those between are taken as evenly spaced.
struct WindowSpan {
  double first_fs = 0.0;
  double last_fs = 0.0;
};

/// The messages of neighbouring windows on the mesh. A few of them are sent in the place of all, each from and to the tiles of
/// its own window and with the flits of its share of them: so every link is taken as long as by all messages, and a link that
/// is behind holds up what shares a route with it as in the engine, whose links are reserved message by message.
class FlowMessages {
 public:
  FlowMessages(const ChipConfig& chip, const FlowPlan& plan);

  /// Partial sums of windows [first_window, first_window + num_windows) of an image of flow `index` to their home tiles: sent
  /// at `sent`, there at the result.
  [[nodiscard]] WindowSpan send_results(std::uint32_t index, std::int64_t first_window, std::int64_t num_windows,
                                        const WindowSpan& sent);
  /// Outputs of these windows to all tiles that need them.
  [[nodiscard]] WindowSpan send_outputs(std::uint32_t index, std::int64_t first_window, std::int64_t num_windows,
                                        const WindowSpan& sent);

  [[nodiscard]] LinkUse busiest_link() const { return mesh_.busiest_link(); }

 private:
  /// One message for several windows.
  struct Share {
    std::int64_t window = 0;  ///< whose tiles it uses
    std::int64_t num_windows = 0;
    bool is_first = false;
  };
  template <class Send>
  static void for_each_share(std::int64_t first_window, std::int64_t num_windows, Send&& send);

  void send(std::int64_t source, std::int64_t flits, const Share& share, const WindowSpan& sent, WindowSpan& arrived);
  void find_destinations(std::uint32_t index, std::int64_t window, std::int64_t home);
  void add_readers(const Flow& flow, const OperationInput& input, const Flow& producer, std::int64_t window);
  void add_destinations(const FlowCopy& copy);

  const FlowPlan& plan_;
  Mesh mesh_;
  double flit_fs_ = 0.0;
  std::vector<std::pair<std::int64_t, WindowSpan>> met_;  ///< sums of the current copy: where and when
  std::vector<std::int64_t> destinations_;
  std::vector<TimeFs> arrivals_fs_;
  std::vector<std::int64_t> found_in_;  ///< by endpoint: search that last found it
  std::int64_t search_ = 0;
};

}  // namespace crossloom
