#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "simulator/engine/run_plan.h"

namespace crossloom {

/// How full the line buffers are while a program runs. Each inbox with a capacity is a circular buffer for the chunks its tile
/// needs, in the order in which the producer numbers them: chunk k has room when fewer than `capacity` needed chunks lie from
/// the oldest one still needed up to k. Whether a chunk has room depends on nothing but how far the readers are, so several
/// copies may fill a buffer out of order, and whether a program stops does not depend on time (Kahn, IFIP 1974).
///
/// Windows and chunks of all images are numbered through.
class LineBuffers {
 public:
  static constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

  /// `plan` must outlive this and hold ranks where it holds capacities (bound_line_buffers).
  explicit LineBuffers(const RunPlan& plan);

  /// The first inbox without room for what `group` makes of `window` (of the input: of a row); kNone when all have room.
  [[nodiscard]] std::uint32_t full_inbox(std::uint32_t group, std::int64_t window) const;
  /// Slots an inbox needs to take in the chunk of that window now; 0 when its tile does not need it.
  [[nodiscard]] std::int64_t slots_needed(std::uint32_t inbox, std::uint32_t group, std::int64_t window) const;
  /// `group` has fetched the inputs of every window before `next_window`; inboxes with room gained are added to `opened`.
  void advance(std::uint32_t group, std::int64_t next_window, std::vector<std::uint32_t>& opened);
  /// The reader that still needs the oldest chunk of an inbox.
  [[nodiscard]] std::uint32_t slowest_reader(std::uint32_t inbox) const;

  [[nodiscard]] std::int64_t capacity(std::uint32_t inbox) const { return states_[inbox].capacity; }
  void set_capacity(std::uint32_t inbox, std::int64_t num_chunks) { states_[inbox].capacity = num_chunks; }

 private:
  struct State {
    std::int64_t capacity = 0;            ///< 0: no bound
    std::int64_t oldest = 0;              ///< number of the oldest needed chunk among the needed chunks of all images
    std::vector<std::int64_t> positions;  ///< the same for each reader
    std::vector<std::uint32_t> readers;   ///< groups
  };

  [[nodiscard]] std::int64_t oldest_of(std::uint32_t group, const ReadPlan& read, std::int64_t next_window) const;

  const RunPlan* plan_;
  std::vector<State> states_;
};

/// The first chunk that `window` (of one image) or any later one may need: from there on a line buffer keeps everything.
[[nodiscard]] std::int64_t first_chunk_kept(const ReadPlan& read, std::int64_t window, std::int64_t output_width,
                                            std::int64_t num_windows);

}  // namespace crossloom
