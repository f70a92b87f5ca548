#include "simulator/engine/critical_path.h"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <utility>
#include <vector>

#include "simulator/engine/mesh.h"

namespace crossloom {

namespace {

class CriticalPath {
 public:
  CriticalPath(const ChipConfig& chip, const RunPlan& plan)
      : plan_(plan),
        mesh_(chip),
        ready_fs_(plan.operations.size()),
        maker_(plan.operations.size()),
        block_free_fs_(plan.blocks.size(), 0) {}

  TimeFs run() {
    TimeFs end_fs = 0;
    for (std::size_t index = 0; index < plan_.operations.size(); ++index) {
      const OperationPlan& operation = plan_.operations[index];
      ready_fs_[index].assign(static_cast<std::size_t>(operation.num_chunks), 0);
      maker_[index].assign(static_cast<std::size_t>(operation.num_chunks), 0);
      if (operation.kind == OperationKind::kInput) {
        const TimeFs first_fs = plan_.read_latency_fs + through_buffer_fs(plan_.global_buffer.row);
        for (std::int64_t row = 0; row < operation.num_chunks; ++row) {
          at(index, row) = first_fs + (row + 1) * operation.port.interval_fs();
        }
        continue;
      }
      for (std::uint32_t copy = operation.first_copy; copy < operation.first_copy + operation.num_copies; ++copy) {
        run_copy(index, plan_.copies[copy]);
      }
      end_fs = std::max(end_fs, *std::max_element(ready_fs_[index].begin(), ready_fs_[index].end()));
    }
    return end_fs;
  }

 private:
  /// Messages of a group without contention.
  struct GroupDelays {
    std::vector<std::vector<TimeFs>> inputs_fs;  ///< to its tile, by read and copy of the producer
    TimeFs result_fs = 0;                        ///< to where its sums are sent
    TimeFs sums_fs = 0;                          ///< when the last sums sent to it in the current window arrive
  };

  /// Sets the delays of the groups of a copy.
  void set_delays(const CopyPlan& copy) {
    delays_.assign(copy.num_groups, {});
    // Sums travel towards the home tile: a group sends after those further away.
    senders_.resize(copy.num_groups);
    std::iota(senders_.begin(), senders_.end(), 0U);
    std::stable_sort(senders_.begin(), senders_.end(), [&](std::uint32_t a, std::uint32_t b) {
      return mesh_.num_routers(plan_.groups[copy.first_group + a].endpoint, copy.home_endpoint) >
             mesh_.num_routers(plan_.groups[copy.first_group + b].endpoint, copy.home_endpoint);
    });
    for (std::uint32_t g = 0; g < copy.num_groups; ++g) {
      const GroupPlan& group = plan_.groups[copy.first_group + g];
      if (group.result_flits > 0) {
        const std::int64_t to = group.parent == GroupPlan::kHomeTile ? copy.home_endpoint : plan_.groups[group.parent].endpoint;
        delays_[g].result_fs = mesh_.zero_load_fs(group.endpoint, to, group.result_flits);
      }
      delays_[g].inputs_fs.reserve(group.reads.size());
      for (const ReadPlan& read : group.reads) {
        const OperationPlan& producer = plan_.operations[plan_.inboxes[read.inbox].producer];
        std::vector<TimeFs>& inputs_fs = delays_[g].inputs_fs.emplace_back(producer.num_copies, 0);
        for (std::uint32_t c = 0; c < producer.num_copies; ++c) {
          const std::int64_t source = plan_.copies[producer.first_copy + c].home_endpoint;
          if (source != group.endpoint) inputs_fs[c] = mesh_.zero_load_fs(source, group.endpoint, producer.chunk_flits);
        }
      }
    }
  }

  /// Into the global buffer and out of it.
  [[nodiscard]] TimeFs through_buffer_fs(const MemoryTransfer& transfer) const {
    return 2 * (plan_.global_buffer.access_fs + transfer.port_fs);
  }

  TimeFs& at(std::size_t operation, std::int64_t chunk) { return ready_fs_[operation][static_cast<std::size_t>(chunk)]; }

  void run_copy(std::size_t index, const CopyPlan& copy) {
    const OperationPlan& operation = plan_.operations[index];
    TimeFs unit_free_fs = 0;
    const bool is_output = operation.kind == OperationKind::kOutput;
    const TimeFs unit_fs = is_output ? operation.port.interval_fs() : copy.unit_fs;
    const TimeFs unit_latency_fs =
        operation.kind == OperationKind::kPooling ? plan_.pooling_latency_fs : plan_.vector_latency_fs;
    const TimeFs write_fs = plan_.buffer_access_fs + std::max(operation.write.port_fs, operation.write.bus_fs);
    const auto number = static_cast<std::uint32_t>(&copy - &plan_.copies[operation.first_copy]);
    set_delays(copy);
    for (std::int64_t k = 0; k < copy.num_windows; ++k) {
      const std::int64_t window = copy.first_window + k * copy.window_step;
      TimeFs joined_fs = 0;
      for (const std::uint32_t g : senders_) {
        const GroupPlan& group = plan_.groups[copy.first_group + g];
        GroupDelays& delays = delays_[g];
        TimeFs sums_fs = std::max(std::exchange(delays.sums_fs, 0), group_result_fs(group, delays, window));
        if (group.num_deliveries > 0) sums_fs += group.addition_fs + plan_.vector_latency_fs;
        TimeFs& met_fs = group.parent == GroupPlan::kHomeTile ? joined_fs : delays_[group.parent - copy.first_group].sums_fs;
        met_fs = std::max(met_fs, sums_fs + delays.result_fs);
      }
      unit_free_fs = std::max(unit_free_fs, joined_fs) + unit_fs;
      TimeFs& ready_fs = at(index, window / operation.windows_per_chunk);
      ready_fs = is_output ? unit_free_fs : unit_free_fs + unit_latency_fs + write_fs;
      maker_[index][static_cast<std::size_t>(window / operation.windows_per_chunk)] = number;
    }
  }

  /// When the partial sums of a group for `window` are in the digital part of its tile; moves its blocks on.
  TimeFs group_result_fs(const GroupPlan& group, const GroupDelays& delays, std::int64_t window) {
    TimeFs time_fs = inputs_fs(group, delays, window);
    if (plan_.operations[group.operation].kind == OperationKind::kOutput) {
      return time_fs + through_buffer_fs(plan_.global_buffer.pixel);
    }
    time_fs += plan_.buffer_access_fs + std::max(group.fetch.port_fs, group.fetch.bus_fs);
    if (group.num_blocks == 0) return time_fs;
    TimeFs done_fs = time_fs;
    for (std::uint32_t b = group.first_block; b < group.first_block + group.num_blocks; ++b) {
      const BlockTiming& timing = plan_.blocks[b].timing;
      const TimeFs start_fs = std::max(time_fs, block_free_fs_[b]);
      block_free_fs_[b] = start_fs + timing.occupancy_fs;
      done_fs = std::max(done_fs, start_fs + timing.latency_fs);
    }
    return done_fs + group.result_bus_fs;
  }

  /// When the last pixel that `window` needs can be at the group's tile.
  TimeFs inputs_fs(const GroupPlan& group, const GroupDelays& delays, std::int64_t window) {
    TimeFs latest_fs = 0;
    for (std::size_t i = 0; i < group.reads.size(); ++i) {
      const ReadPlan& read = group.reads[i];
      const std::size_t producer = plan_.inboxes[read.inbox].producer;
      const std::vector<TimeFs>& made_fs = ready_fs_[producer];
      const std::vector<std::uint32_t>& maker = maker_[producer];
      const std::vector<TimeFs>& input_fs = delays.inputs_fs[i];
      for_each_needed_chunk(read, window / group.output_width, window % group.output_width, [&](std::int64_t chunk) {
        const auto at = static_cast<std::size_t>(chunk);
        latest_fs = std::max(latest_fs, made_fs[at] + input_fs[maker[at]]);
        return true;
      });
    }
    return latest_fs;
  }

  const RunPlan& plan_;
  Mesh mesh_;
  std::vector<std::vector<TimeFs>> ready_fs_;      ///< by operation and chunk
  std::vector<std::vector<std::uint32_t>> maker_;  ///< by operation and chunk: which of the operation's copies makes it
  std::vector<TimeFs> block_free_fs_;
  std::vector<GroupDelays> delays_;     ///< of the copy that is at work, by group
  std::vector<std::uint32_t> senders_;  ///< its groups, each after those that send it their sums
};

}  // namespace

TimeFs critical_path_fs(const ChipConfig& chip, const RunPlan& plan) { return CriticalPath(chip, plan).run(); }

}  // namespace crossloom
