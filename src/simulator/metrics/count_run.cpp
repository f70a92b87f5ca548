#include "simulator/metrics/count_run.h"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "simulator/engine/mesh.h"
#include "simulator/engine/run_plan.h"

namespace crossloom {
namespace {

/// Sends every message once, on a mesh on which nobody looks at the time.
class MessageCounter {
 public:
  MessageCounter(const ChipConfig& chip, const RunPlan& plan)
      : plan_(plan), mesh_(chip), busy_fs_(static_cast<std::size_t>(mesh_.num_links()), 0) {
    mesh_.log_links();
  }

  /// Partial sums of a group, a message a window.
  void add_results(const GroupPlan& group, EventCounts& counts) {
    if (group.result_flits == 0) return;
    const CopyPlan& copy = plan_.copies[group.copy];
    const bool is_last = group.parent == GroupPlan::kHomeTile;
    const std::int64_t destination = is_last ? copy.home_endpoint : plan_.groups[group.parent].endpoint;
    send(group.endpoint, {destination}, group.result_flits);
    add_sent(copy.num_windows, counts);
  }

  /// Chunks that a copy makes, each sent once to all tiles that need it. Those that follow each other mostly go the same way.
  void add_chunks(const OperationPlan& operation, const CopyPlan& copy, EventCounts& counts) {
    std::vector<std::int64_t> destinations;
    std::vector<std::int64_t> last;
    std::int64_t num_alike = 0;
    const bool is_input = operation.kind == OperationKind::kInput;
    const std::int64_t num_steps = is_input ? operation.num_chunks : copy.num_windows;
    for (std::int64_t k = 0; k < num_steps; ++k) {
      const auto made = chunk_made(operation, copy, k);
      if (!made) continue;
      destinations.clear();
      for (std::uint32_t i = operation.first_inbox; i < operation.first_inbox + operation.num_inboxes; ++i) {
        const InboxPlan& inbox = plan_.inboxes[i];
        if (inbox.endpoint != copy.home_endpoint && inbox.is_needed[static_cast<std::size_t>(made->chunk)] != 0)
          destinations.push_back(inbox.endpoint);
      }
      if (destinations.empty()) continue;
      if (destinations != last) {
        add_sent(num_alike, counts);
        num_alike = 0;
        send(copy.home_endpoint, destinations, operation.chunk_flits);
        for (const std::int64_t destination : destinations)
          output_fs_ = std::max(output_fs_, mesh_.zero_load_fs(copy.home_endpoint, destination, operation.chunk_flits));
        last = destinations;
      }
      ++num_alike;
    }
    add_sent(num_alike, counts);
  }

  /// Of the operation whose messages were added since the last call.
  [[nodiscard]] OperationMessages take() {
    OperationMessages messages{.output_fs = std::exchange(output_fs_, 0), .links = {}};
    messages.links.reserve(links_.size());
    for (const std::uint32_t link : links_)
      messages.links.push_back({.link = link, .busy_fs = std::exchange(busy_fs_[link], 0)});
    links_.clear();
    return messages;
  }

 private:
  void send(std::int64_t source, const std::vector<std::int64_t>& destinations, std::int64_t num_flits) {
    const std::int64_t before = mesh_.num_flit_hops();
    static_cast<void>(mesh_.send(source, destinations, num_flits, 0, arrivals_fs_));
    flit_hops_ = mesh_.num_flit_hops() - before;
  }

  /// So many messages like the one sent last.
  void add_sent(std::int64_t num_messages, EventCounts& counts) {
    if (num_messages == 0) return;
    counts.noc_messages += num_messages;
    counts.noc_flit_hops += num_messages * flit_hops_;
    for (const LinkEntry& entry : mesh_.last_links()) {
      TimeFs& busy_fs = busy_fs_[entry.link];
      if (busy_fs == 0) links_.push_back(entry.link);
      busy_fs += num_messages * entry.hold_fs;
    }
  }

  const RunPlan& plan_;
  Mesh mesh_;
  std::vector<TimeFs> arrivals_fs_;
  std::int64_t flit_hops_ = 0;  ///< of the message sent last
  TimeFs output_fs_ = 0;
  std::vector<TimeFs> busy_fs_;       ///< by link
  std::vector<std::uint32_t> links_;  ///< that are in use
};

void add(const MemoryTransfer& transfer, std::int64_t times, EventCounts& counts) {
  counts.bus_bits += times * transfer.bits;
  counts.buffer_accesses += times * transfer.num_accesses;
}

void add_group(const RunPlan& plan, const GroupPlan& group, ActivationEvents& crossbar_events, EventCounts& counts) {
  const std::int64_t num_windows = plan.copies[group.copy].num_windows;
  add(group.fetch, num_windows, counts);
  for (std::uint32_t i = group.first_block; i < group.first_block + group.num_blocks; ++i) {
    const BlockPlan& block = plan.blocks[i];
    counts.activations += num_windows * block.num_activations;
    crossbar_events += block.timing.events.times(num_windows);
  }
  if (group.num_blocks > 0) counts.bus_bits += num_windows * group.result_bits;
  if (group.num_deliveries > 0) counts.vector_operations += num_windows * group.num_additions;
}

/// Chunks of the image or of the output: through the IO port, the DRAM and twice through the global buffer.
void add_port_transfers(const RunPlan& plan, const OperationPlan& operation, EventCounts& counts) {
  const bool is_input = operation.kind == OperationKind::kInput;
  counts.io_bits += operation.num_chunks * operation.chunk_bits;
  counts.dram_bits += operation.num_chunks * operation.port.dram_bits;
  if (plan.global_buffer.num_ports == 0) return;
  const MemoryTransfer& transfer = is_input ? plan.global_buffer.row : plan.global_buffer.pixel;
  counts.global_buffer_accesses += 2 * operation.num_chunks * transfer.num_accesses;
}

}  // namespace

void set_crossbar_events(EventCounts& counts, const ActivationEvents& activations) {
  counts.row_drives = activations.row_drives;
  counts.cell_reads = activations.cell_reads;
  counts.column_samples = activations.column_samples;
  counts.conversions = activations.conversions;
  counts.shift_adds = activations.shift_adds;
  counts.input_register_bytes = activations.input_register_bytes;
  counts.output_register_bytes = activations.output_register_bytes;
}

RunCounts count_run(const PlacedProgram& program) {
  const RunPlan plan = plan_run(program);
  MessageCounter messages(program.chip, plan);
  ActivationEvents crossbar_events;
  RunCounts run;
  run.messages.reserve(plan.operations.size());
  EventCounts& counts = run.events;
  for (const OperationPlan& operation : plan.operations) {
    const bool is_at_port = operation.kind == OperationKind::kInput || operation.kind == OperationKind::kOutput;
    if (is_at_port) add_port_transfers(plan, operation, counts);
    for (std::uint32_t i = operation.first_copy; i < operation.first_copy + operation.num_copies; ++i) {
      const CopyPlan& copy = plan.copies[i];
      const std::int64_t num_chunks =
          operation.kind == OperationKind::kInput ? copy.num_windows : copy.num_windows / operation.windows_per_chunk;
      counts.windows += num_chunks;
      counts.macs += num_chunks * operation.num_macs;
      if (operation.kind != OperationKind::kOutput) messages.add_chunks(operation, copy, counts);
      if (is_at_port) continue;
      add(operation.write, num_chunks, counts);
      (operation.kind == OperationKind::kPooling ? counts.pooling_operations : counts.vector_operations) +=
          copy.num_windows * copy.num_unit_operations;
      for (std::uint32_t g = copy.first_group; g < copy.first_group + copy.num_groups; ++g) {
        add_group(plan, plan.groups[g], crossbar_events, counts);
        messages.add_results(plan.groups[g], counts);
      }
    }
    run.messages.push_back(messages.take());
  }
  set_crossbar_events(counts, crossbar_events);
  return run;
}

}  // namespace crossloom
