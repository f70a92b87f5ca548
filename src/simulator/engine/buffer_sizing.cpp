#include "simulator/engine/buffer_sizing.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "simulator/engine/line_buffers.h"
#include "simulator/hardware/chip_geometry.h"
#include "support/error.h"
#include "support/integer_math.h"

namespace crossloom {

namespace {

/// What keeps a group from its next window: an inbox without room, or (inbox = kNone) a chunk nobody has made yet.
struct Wait {
  std::uint32_t group = 0;
  std::int64_t window = 0;
  std::uint32_t inbox = LineBuffers::kNone;
  std::uint32_t on_group = 0;
};

/// One image without time: every group runs as far as inputs and room allow. With buffers in numbered order the outcome does
/// not depend on the order in which groups are tried.
class UntimedRun {
 public:
  explicit UntimedRun(const RunPlan& plan) : plan_(plan), buffers_(plan), next_(plan.groups.size(), 0) {}

  [[nodiscard]] LineBuffers& buffers() { return buffers_; }

  /// Runs until nothing moves; the cycle of waits that is left, empty when the image is through.
  std::vector<Wait> run() {
    for (bool has_moved = true; has_moved;) {
      has_moved = false;
      for (std::uint32_t group = 0; group < next_.size(); ++group) has_moved |= run_group(group);
    }
    for (std::uint32_t group = 0; group < next_.size(); ++group) {
      if (next_[group] < num_windows(group)) return cycle_from(group);
    }
    return {};
  }

 private:
  [[nodiscard]] const CopyPlan& copy_of(std::uint32_t group) const { return plan_.copies[plan_.groups[group].copy]; }
  [[nodiscard]] std::int64_t num_windows(std::uint32_t group) const {
    const OperationPlan& operation = plan_.operations[plan_.groups[group].operation];
    return operation.kind == OperationKind::kInput ? operation.num_chunks : copy_of(group).num_windows;
  }

  bool run_group(std::uint32_t group) {
    const std::int64_t before = next_[group];
    while (next_[group] < num_windows(group) && missing_producer(group) == LineBuffers::kNone &&
           buffers_.full_inbox(group, next_[group]) == LineBuffers::kNone) {
      buffers_.advance(group, ++next_[group], opened_);
      opened_.clear();
    }
    return next_[group] != before;
  }

  /// A group that has yet to make a chunk which the next window of `group` needs.
  [[nodiscard]] std::uint32_t missing_producer(std::uint32_t group) const {
    const GroupPlan& plan = plan_.groups[group];
    const std::int64_t window = copy_of(group).first_window + next_[group] * copy_of(group).window_step;
    std::uint32_t missing = LineBuffers::kNone;
    for (const ReadPlan& read : plan.reads) {
      const OperationPlan& producer = plan_.operations[plan_.inboxes[read.inbox].producer];
      for_each_needed_chunk(read, window / plan.output_width, window % plan.output_width, [&](std::int64_t chunk) {
        const auto copies = static_cast<std::int64_t>(producer.num_copies);
        const CopyPlan& copy = plan_.copies[producer.first_copy + static_cast<std::size_t>(chunk % copies)];
        for (std::uint32_t maker = copy.first_group; maker < copy.first_group + copy.num_groups; ++maker) {
          if (next_[maker] < (chunk / copies + 1) * producer.windows_per_chunk) missing = maker;
        }
        return missing == LineBuffers::kNone;
      });
      if (missing != LineBuffers::kNone) break;
    }
    return missing;
  }

  [[nodiscard]] Wait wait_of(std::uint32_t group) const {
    const std::uint32_t maker = missing_producer(group);
    if (maker != LineBuffers::kNone) return {.group = group, .window = next_[group], .on_group = maker};
    const std::uint32_t inbox = buffers_.full_inbox(group, next_[group]);
    return {.group = group, .window = next_[group], .inbox = inbox, .on_group = buffers_.slowest_reader(inbox)};
  }

  [[nodiscard]] std::vector<Wait> cycle_from(std::uint32_t group) const {
    std::vector<Wait> waits;
    for (;;) {
      const auto seen = std::find_if(waits.begin(), waits.end(), [&](const Wait& wait) { return wait.group == group; });
      if (seen != waits.end()) return {seen, waits.end()};
      waits.push_back(wait_of(group));
      group = waits.back().on_group;
    }
  }

  const RunPlan& plan_;
  LineBuffers buffers_;
  std::vector<std::int64_t> next_;
  std::vector<std::uint32_t> opened_;
};

std::int64_t chunk_bytes(const RunPlan& plan, std::uint32_t inbox) {
  return ceil_div(plan.operations[plan.inboxes[inbox].producer].chunk_bits, 8);
}

/// Enlarges the cheapest full buffer of a cycle until the group that waits for it can go on; returns it.
std::uint32_t enlarge_cheapest(const RunPlan& plan, const std::vector<Wait>& cycle, LineBuffers& buffers) {
  const Wait* cheapest = nullptr;
  for (const Wait& wait : cycle) {
    if (wait.inbox == LineBuffers::kNone) continue;
    if (cheapest == nullptr || chunk_bytes(plan, wait.inbox) < chunk_bytes(plan, cheapest->inbox)) cheapest = &wait;
  }
  if (cheapest == nullptr) throw InternalError("simulation: operations wait for each other's pixels in a circle");
  buffers.set_capacity(cheapest->inbox, buffers.slots_needed(cheapest->inbox, cheapest->group, cheapest->window));
  return cheapest->inbox;
}

void count_needed_chunks(InboxPlan& inbox) {
  inbox.needed_before.assign(inbox.is_needed.size() + 1, 0);
  for (std::size_t chunk = 0; chunk < inbox.is_needed.size(); ++chunk) {
    inbox.needed_before[chunk + 1] = inbox.needed_before[chunk] + inbox.is_needed[chunk];
  }
}

/// Capacities for the largest halo of a window of any reader, at least one chunk.
void keep_halos(const RunPlan& plan, std::vector<std::int64_t>& capacities) {
  for (const GroupPlan& group : plan.groups) {
    const CopyPlan& copy = plan.copies[group.copy];
    for (const ReadPlan& read : group.reads) {
      if (plan.inboxes[read.inbox].is_at_io_port) continue;
      const std::vector<std::uint32_t>& needed_before = plan.inboxes[read.inbox].needed_before;
      for (std::int64_t k = 0; k < copy.num_windows; ++k) {
        const std::int64_t window = copy.first_window + k * copy.window_step;
        std::int64_t last = -1;
        for_each_needed_chunk(read, window / group.output_width, window % group.output_width, [&](std::int64_t chunk) {
          last = std::max(last, chunk);
          return true;
        });
        if (last < 0) continue;
        const std::int64_t first =
            first_chunk_kept(read, window, group.output_width, num_windows(plan.operations[group.operation]));
        const std::int64_t span =
            std::int64_t{needed_before[static_cast<std::size_t>(last + 1)]} - needed_before[static_cast<std::size_t>(first)];
        capacities[read.inbox] = std::max(capacities[read.inbox], span);
      }
    }
  }
}

std::string name_of(const RunPlan& plan, std::uint32_t operation) { return "'" + plan.operations[operation].name + "'"; }

/// "pixels of 'conv1' on tile 3"
std::string describe_buffer(const RunPlan& plan, std::uint32_t inbox) {
  const InboxPlan& buffer = plan.inboxes[inbox];
  const bool is_input = plan.operations[buffer.producer].kind == OperationKind::kInput;
  return (is_input ? "rows of " : "pixels of ") + name_of(plan, buffer.producer) + " on tile " +
         std::to_string(buffer.endpoint);
}
std::string describe_buffer(const RunPlan& plan, std::uint32_t inbox, std::int64_t num_chunks) {
  return std::to_string(num_chunks) + ' ' + describe_buffer(plan, inbox);
}

/// Who waits for whom. `describe_room(inbox)` says how full buffers are named.
template <class DescribeRoom>
std::string describe_waits(const RunPlan& plan, const std::vector<Wait>& cycle, const DescribeRoom& describe_room) {
  std::string text;
  for (const Wait& wait : cycle) {
    text += text.empty() ? "" : "; ";
    text += name_of(plan, plan.groups[wait.group].operation);
    text += wait.inbox == LineBuffers::kNone ? " waits for pixels of "
                                             : " waits for room among " + describe_room(wait.inbox) + ", still needed by ";
    text += name_of(plan, plan.groups[wait.on_group].operation);
  }
  return text;
}

/// Line buffers of a tile, and what they take.
struct TileNeeds {
  std::vector<std::uint32_t> inboxes;
  std::int64_t bytes = 0;
};

/// Capacities with which a program does not stop.
struct LeastBuffers {
  std::vector<std::int64_t> capacities;                      ///< by inbox
  std::map<std::uint32_t, std::vector<Wait>> last_deadlock;  ///< of inboxes that hold more than halos: with a chunk less
};

/// Throws for the tile that needs most, so that what it needs is enough for all.
void require_room(const ChipConfig& chip, const RunPlan& plan, const std::map<std::int64_t, TileNeeds>& tiles,
                  const LeastBuffers& least) {
  const std::int64_t has_bytes = chip.tile.buffer.capacity_bytes;
  const auto most = std::ranges::max_element(tiles, {}, [](const auto& tile) { return tile.second.bytes; });
  if (most == tiles.end() || most->second.bytes <= has_bytes) return;
  const auto num_short = std::ranges::count_if(tiles, [&](const auto& tile) { return tile.second.bytes > has_bytes; });
  std::vector<std::uint32_t> largest = most->second.inboxes;
  const auto bytes_of = [&](std::uint32_t inbox) { return least.capacities[inbox] * chunk_bytes(plan, inbox); };
  std::stable_sort(largest.begin(), largest.end(), [&](auto a, auto b) { return bytes_of(a) > bytes_of(b); });
  constexpr std::size_t kMostNamed = 3;
  if (largest.size() > kMostNamed) largest.resize(kMostNamed);
  std::string message = "simulation: tile.buffer.capacity_bytes: " + std::to_string(has_bytes) +
                        ", but the line buffers of tile " + std::to_string(most->first) + " need " +
                        std::to_string(most->second.bytes) + " for the program not to stop";
  if (num_short > 1) message += ", the most of " + std::to_string(num_short) + " tiles without enough";
  for (std::size_t i = 0; i < largest.size(); ++i) {
    message += (i == 0 ? " (largest: " : ", ") + describe_buffer(plan, largest[i], least.capacities[largest[i]]) + " with " +
               std::to_string(bytes_of(largest[i])) + " bytes";
  }
  message += ")";
  const auto deadlock =
      std::ranges::max_element(least.last_deadlock, {}, [&](const auto& entry) { return bytes_of(entry.first); });
  if (deadlock != least.last_deadlock.end()) {
    message += "; with fewer " + describe_buffer(plan, deadlock->first) + ": " +
               describe_waits(plan, deadlock->second, [&](std::uint32_t inbox) { return describe_buffer(plan, inbox); });
  }
  throw DoesNotFitError(message);
}

}  // namespace

void bound_line_buffers_uniformly(std::int64_t num_chunks, RunPlan& plan) {
  for (InboxPlan& inbox : plan.inboxes) {
    if (inbox.is_at_io_port) continue;
    count_needed_chunks(inbox);
    inbox.capacity_chunks = num_chunks;
  }
}

void bound_line_buffers(const ChipConfig& chip, RunPlan& plan) {
  bound_line_buffers_uniformly(1, plan);
  LeastBuffers least{.capacities = std::vector<std::int64_t>(plan.inboxes.size(), 1), .last_deadlock = {}};
  std::vector<std::int64_t>& capacities = least.capacities;
  keep_halos(plan, capacities);
  UntimedRun run(plan);
  std::map<std::int64_t, TileNeeds> tiles;
  for (std::uint32_t inbox = 0; inbox < plan.inboxes.size(); ++inbox) {
    if (plan.inboxes[inbox].is_at_io_port) continue;
    run.buffers().set_capacity(inbox, capacities[inbox]);
    tiles[plan.inboxes[inbox].endpoint].inboxes.push_back(inbox);
  }
  for (std::vector<Wait> cycle = run.run(); !cycle.empty(); cycle = run.run()) {
    const std::uint32_t inbox = enlarge_cheapest(plan, cycle, run.buffers());
    capacities[inbox] = run.buffers().capacity(inbox);
    least.last_deadlock[inbox] = std::move(cycle);
  }
  for (auto& [tile, needs] : tiles) {
    for (const std::uint32_t inbox : needs.inboxes) needs.bytes += capacities[inbox] * chunk_bytes(plan, inbox);
  }
  require_room(chip, plan, tiles, least);
  for (const auto& [tile, needs] : tiles) {
    if (needs.bytes == 0) continue;  // only pixels of no bits: nothing to deal out
    const std::int64_t spare = chip.tile.buffer.capacity_bytes - needs.bytes;
    for (const std::uint32_t inbox : needs.inboxes) {
      const std::int64_t capacity = capacities[inbox];
      plan.inboxes[inbox].capacity_chunks =
          capacity + capacity * (spare / needs.bytes) +
          checked_mul(capacity, spare % needs.bytes, "the spare room of a tile") / needs.bytes;
    }
  }
}

std::string explain_deadlock(const RunPlan& plan) {
  UntimedRun run(plan);
  std::vector<Wait> cycle = run.run();
  if (cycle.empty()) return {};
  std::string text = describe_waits(
      plan, cycle, [&](std::uint32_t inbox) { return describe_buffer(plan, inbox, run.buffers().capacity(inbox)); });
  std::map<std::uint32_t, std::int64_t> cures;
  for (; !cycle.empty(); cycle = run.run()) {
    const std::uint32_t inbox = enlarge_cheapest(plan, cycle, run.buffers());
    cures[inbox] = run.buffers().capacity(inbox);
  }
  text += "; it is enough to hold ";
  bool is_first = true;
  for (const auto& [inbox, num_chunks] : cures) {
    text += (is_first ? "" : ", ") + describe_buffer(plan, inbox, num_chunks);
    is_first = false;
  }
  return text;
}

}  // namespace crossloom
