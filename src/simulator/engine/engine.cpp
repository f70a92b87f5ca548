#include "simulator/engine/engine.h"

#include <algorithm>
#include <deque>
#include <limits>
#include <optional>
#include <utility>

#include "simulator/engine/event_queue.h"
#include "simulator/engine/join_counter.h"
#include "simulator/engine/machine.h"
#include "simulator/engine/window_supply.h"
#include "support/error.h"

namespace crossloom {

namespace {

/// Half of int64, so that times computed from an event cannot overflow: plan_run bounds every single duration by a second.
constexpr TimeFs kLatestFs = std::numeric_limits<TimeFs>::max() / 2;
constexpr std::int64_t kEventsPerProgressCall = 1 << 18;

RunRecord empty_record(const RunPlan& plan, std::int64_t batch) {
  RunRecord record;
  record.image_end_fs.assign(static_cast<std::size_t>(batch), -1);
  record.operations.resize(plan.operations.size());
  record.crossbars.resize(plan.crossbars.size());
  record.tiles.resize(plan.tiles.size());
  record.ports.resize(plan.tiles.size() * plan.num_memory_ports);
  record.global_buffer_ports.resize(plan.global_buffer.num_ports);
  record.blocks.resize(plan.blocks.size());
  record.shared_crossbars.resize(plan.crossbars.size());
  record.digital_groups.resize(plan.groups.size());
  return record;
}

/// Carries out the chain of events of every window (docs/model.md, "The chain of events of one window").
class Engine {
 public:
  Engine(const ChipConfig& chip, const RunPlan& plan, std::int64_t batch, const ProgressCallback& progress,
         RunObserver* observer)
      : plan_(plan),
        batch_(batch),
        progress_(progress),
        record_(empty_record(plan, batch)),
        machine_(chip, plan, record_, observer),
        supply_(plan, batch, queue_, record_) {
    blocks_of_crossbar_.resize(plan.crossbars.size());
    for (const BlockPlan& block : plan.blocks) ++blocks_of_crossbar_[block.crossbar];
    joined_.reserve(plan.copies.size());
    for (const CopyPlan& copy : plan.copies) joined_.emplace_back(copy.num_deliveries);
    added_.reserve(plan.groups.size());
    for (const GroupPlan& group : plan.groups) added_.emplace_back(group.num_deliveries);
  }

  RunRecord run() {
    start();
    std::int64_t num_events = 0;
    while (!queue_.empty()) {
      const Event event = queue_.pop();
      if (event.time_fs() > kLatestFs) throw UserError("simulation: the simulated time exceeds 76 minutes");
      now_fs_ = event.time_fs();
      handle(event);
      if (progress_ && ++num_events % kEventsPerProgressCall == 0) progress_(supply_.fraction_done());
    }
    supply_.require_all_done();
    count_activations();
    const Mesh& mesh = machine_.mesh();
    record_.links = mesh.used_links();
    record_.timelines.link = mesh.timeline();
    record_.events.noc_messages = mesh.num_messages();
    record_.events.noc_flit_hops = mesh.num_flit_hops();
    return std::move(record_);
  }

 private:
  void start() {
    for (std::uint32_t group = 0; group < plan_.groups.size(); ++group) {
      if (operation_of(group).kind == OperationKind::kInput) {
        push(0, group, EventKind::kFetch, 0);
      } else {
        supply_.look_for_inputs(group, now_fs_);
      }
    }
  }

  void handle(const Event& event) {
    const std::uint32_t group = event.source();
    switch (event.kind()) {
      case EventKind::kFetch:
        return fetch(group, event.window());
      case EventKind::kActivate:
        return activate(group, event.window());
      case EventKind::kResult:
        return move_results(group, event.window());
      case EventKind::kSend:
        return send_results(group, event.window());
      case EventKind::kOwnSums:
        return add_sums(group, event.window());
      case EventKind::kSums:
        return use_sums(group, event.window());
      case EventKind::kWrite:
        return write_back(plan_.groups[group].copy, event.window());
      case EventKind::kComplete:
        return complete(plan_.groups[group].copy, event.window());
      case EventKind::kStore:
        return store_row(group, event.window());
      case EventKind::kStored:
        return supply_.store_row(group, now_fs_);
      case EventKind::kLoad:
        return load(group, event.window());
      case EventKind::kPutOut:
        return put_out(group, event.window(), outputs_.front());
    }
  }

  [[nodiscard]] const OperationPlan& operation_of(std::uint32_t group) const {
    return plan_.operations[plan_.groups[group].operation];
  }
  [[nodiscard]] const CopyPlan& copy_of(std::uint32_t group) const { return plan_.copies[plan_.groups[group].copy]; }

  void push(TimeFs time_fs, std::uint32_t source, EventKind kind, std::int64_t window) {
    queue_.push(time_fs, source, kind, window);
  }

  // --- inputs -------------------------------------------------------------------------------------------------------------

  void fetch(std::uint32_t group, std::int64_t window) {
    const GroupPlan& plan = plan_.groups[group];
    OperationRecord& operation = record_.operations[plan.operation];
    if (operation.start_fs < 0) operation.start_fs = now_fs_;
    if (operation_of(group).kind == OperationKind::kInput) return receive_row(group, window);
    if (operation_of(group).kind == OperationKind::kOutput) return collect_output(group, window);
    const TimeFs start_fs = machine_.take_port_and_bus({.step = WindowStep::kFetch, .source = group, .window = window},
                                                       plan.tile, now_fs_, plan.fetch);
    if (!plan.reads.empty()) machine_.note_fetched(supply_.last_input(group));
    const TimeFs end_fs = start_fs + machine_.transfer_fs(plan.fetch);
    WindowProgress& progress = supply_.progress(group);
    progress.granted_fs = start_fs;
    progress.arrived_fs = end_fs;
    push(end_fs, group, EventKind::kActivate, window);
  }

  /// The IO port takes in one row of an image.
  void receive_row(std::uint32_t group, std::int64_t row) {
    const OperationPlan& operation = operation_of(group);
    const TimeFs start_fs = machine_.take_io({.step = WindowStep::kImageRow, .source = group, .window = row},
                                             ResourceKind::kIoIn, now_fs_, operation.port);
    record_.digital_groups[group].serve(0, {.inputs_fs = next_row_from_fs_, .begin_fs = now_fs_}, start_fs,
                                        operation.port.io_fs);
    record_.events.io_bits += operation.chunk_bits;
    next_row_from_fs_ = start_fs + operation.port.interval_fs();
    record_.last_bit_in_fs = next_row_from_fs_ + plan_.read_latency_fs;
    if (has_global_buffer()) {
      push(record_.last_bit_in_fs, group, EventKind::kStore, row);
      ++num_rows_in_;
      return ask_for_row(group);
    }
    push(record_.last_bit_in_fs, group, EventKind::kComplete, row);
    supply_.finish_row(group, row, next_row_from_fs_, now_fs_);
  }

  // --- global buffer: rows of the image wait in it, output pixels pass through it --------------------------------------------

  [[nodiscard]] bool has_global_buffer() const { return plan_.global_buffer.num_ports > 0; }

  /// The next row is asked for once the global buffer has room for it.
  void ask_for_row(std::uint32_t group) {
    if (num_rows_in_ == batch_ * operation_of(group).num_chunks) return;
    if (num_rows_in_ - num_rows_loaded_ == plan_.global_buffer.num_rows) return;
    record_.stalls.global_buffer += std::max<TimeFs>(0, now_fs_ - next_row_from_fs_);
    push(std::max(now_fs_, next_row_from_fs_), group, EventKind::kFetch, num_rows_in_);
  }

  void store_row(std::uint32_t group, std::int64_t row) {
    const TimeFs end_fs = machine_.use_global_buffer({.step = WindowStep::kStore, .source = group, .window = row}, now_fs_,
                                                     plan_.global_buffer.row);
    push(end_fs, group, EventKind::kStored, row);
  }

  /// A row goes on to the mesh, an output pixel to the IO port.
  void load(std::uint32_t group, std::int64_t window) {
    const bool is_input = operation_of(group).kind == OperationKind::kInput;
    const TimeFs end_fs = machine_.use_global_buffer({.step = WindowStep::kLoad, .source = group, .window = window}, now_fs_,
                                                     is_input ? plan_.global_buffer.row : plan_.global_buffer.pixel);
    push(end_fs, group, is_input ? EventKind::kComplete : EventKind::kPutOut, window);
  }

  /// The room of a row that has left the global buffer is free.
  void free_row(std::uint32_t group) {
    const bool was_full = num_rows_in_ - num_rows_loaded_ == plan_.global_buffer.num_rows;
    ++num_rows_loaded_;
    if (was_full) ask_for_row(group);
  }

  // --- output ---------------------------------------------------------------------------------------------------------------

  void collect_output(std::uint32_t group, std::int64_t window) {
    outputs_.push_back(supply_.progress(group));
    if (has_global_buffer()) {
      const TimeFs end_fs = machine_.use_global_buffer({.step = WindowStep::kStore, .source = group, .window = window}, now_fs_,
                                                       plan_.global_buffer.pixel);
      machine_.note_fetched(supply_.last_input(group));
      push(end_fs, group, EventKind::kLoad, window);
    } else {
      put_out(group, window, outputs_.front());
      machine_.note_fetched(supply_.last_input(group));
    }
    supply_.finish_window(group, window, now_fs_);
  }

  /// A pixel leaves through the IO port. The IO port takes pixels in the order in which they came.
  void put_out(std::uint32_t group, std::int64_t window, WindowProgress progress) {
    outputs_.pop_front();
    const OperationPlan& operation = operation_of(group);
    const TimeFs start_fs = machine_.take_io({.step = WindowStep::kOutput, .source = group, .window = window},
                                             ResourceKind::kIoOut, now_fs_, operation.port);
    progress.arrived_fs = now_fs_;
    record_.digital_groups[group].serve(record_.operations[plan_.groups[group].operation].start_fs, progress, start_fs,
                                        operation.port.io_fs);
    record_.events.io_bits += operation.chunk_bits;
    push(start_fs + operation.port.interval_fs(), group, EventKind::kComplete, window);
  }

  // --- crossbars ----------------------------------------------------------------------------------------------------------

  void activate(std::uint32_t group, std::int64_t window) {
    const GroupPlan& plan = plan_.groups[group];
    if (plan.num_blocks == 0) {
      const TimeFs free_fs = start_unit(plan.copy, window);
      serve(record_.digital_groups[group], group, free_fs - copy_of(group).unit_fs, copy_of(group).unit_fs);
      supply_.release_registers(group, free_fs);
      return supply_.finish_window(group, window, now_fs_);
    }
    OperationRecord& operation = record_.operations[plan.operation];
    const WindowUse use = {.step = WindowStep::kActivation, .source = group, .window = window};
    TimeFs done_fs = now_fs_;
    TimeFs release_fs = now_fs_;
    for (std::uint32_t index = plan.first_block; index < plan.first_block + plan.num_blocks; ++index) {
      const BlockPlan& block = plan_.blocks[index];
      const TimeFs start_fs = machine_.take_crossbar(use, block.crossbar, now_fs_, block.timing.occupancy_fs);
      record_.timelines.adc.add(start_fs, block.timing.conversion_fs);
      serve(record_.blocks[index], group, start_fs, block.timing.occupancy_fs);
      if (blocks_of_crossbar_[block.crossbar] > 1) {
        serve(record_.shared_crossbars[block.crossbar], group, start_fs, block.timing.occupancy_fs);
      }
      operation.crossbar_wait_fs += start_fs - now_fs_;
      done_fs = std::max(done_fs, start_fs + block.timing.latency_fs);
      release_fs = std::max(release_fs, start_fs + block.timing.occupancy_fs);
    }
    supply_.release_registers(group, release_fs);
    push(done_fs, group, EventKind::kResult, window);
    supply_.finish_window(group, window, now_fs_);
  }

  /// What every window of a block does alike, added up once all have run.
  void count_activations() {
    for (const GroupPlan& group : plan_.groups) {
      const std::int64_t num_windows = batch_ * plan_.copies[group.copy].num_windows;
      OperationRecord& operation = record_.operations[group.operation];
      for (std::uint32_t index = group.first_block; index < group.first_block + group.num_blocks; ++index) {
        const BlockPlan& block = plan_.blocks[index];
        operation.crossbar_busy_fs += num_windows * block.timing.occupancy_fs;
        operation.num_activations += num_windows * block.num_activations;
        record_.crossbar_events += block.timing.events.times(num_windows);
      }
    }
  }

  /// Notes the service of the window that the group is at.
  void serve(ServerRecord& server, std::uint32_t group, TimeFs start_fs, TimeFs hold_fs) {
    server.serve(record_.operations[plan_.groups[group].operation].start_fs, supply_.progress(group), start_fs, hold_fs);
  }

  /// Results go from the output registers over the tile's bus: to the vector unit here, or on to the home tile.
  void move_results(std::uint32_t group, std::int64_t window) {
    const GroupPlan& plan = plan_.groups[group];
    const TimeFs start_fs = machine_.take_bus({.step = WindowStep::kResults, .source = group, .window = window}, plan.tile,
                                              now_fs_, plan.result_bits, plan.result_bus_fs);
    const TimeFs end_fs = start_fs + plan.result_bus_fs;
    if (plan.num_deliveries > 0) return deliver(queue_.make(end_fs, group, EventKind::kOwnSums, window), added_[group]);
    if (plan.result_flits == 0) return deliver_sums(group, window, end_fs);
    push(end_fs, group, EventKind::kSend, window);
  }

  void send_results(std::uint32_t group, std::int64_t window) {
    const GroupPlan& plan = plan_.groups[group];
    const bool is_last = plan.parent == GroupPlan::kHomeTile;
    destinations_.assign(1, is_last ? copy_of(group).home_endpoint : plan_.groups[plan.parent].endpoint);
    machine_.send({.step = WindowStep::kResults, .source = group, .window = window}, plan.endpoint, destinations_,
                  plan.result_flits, now_fs_, arrivals_fs_);
    deliver_sums(group, window, arrivals_fs_.front());
  }

  /// A group's partial sums are at `time_fs` where they are sent to.
  void deliver_sums(std::uint32_t group, std::int64_t window, TimeFs time_fs) {
    const GroupPlan& plan = plan_.groups[group];
    const bool is_last = plan.parent == GroupPlan::kHomeTile;
    deliver(queue_.make(time_fs, group, EventKind::kSums, window), is_last ? joined_[plan.copy] : added_[plan.parent]);
  }

  /// With the last of the sums the digital unit is asked for.
  void deliver(const Event& delivery, JoinCounter& joined) {
    const std::optional<Event> last = joined.last_delivery(delivery);
    if (last) queue_.put(*last);
  }

  /// All sums are there that the group sent its own to.
  void use_sums(std::uint32_t group, std::int64_t window) {
    const GroupPlan& plan = plan_.groups[group];
    if (plan.parent != GroupPlan::kHomeTile) return add_sums(plan.parent, window);
    start_unit(plan.copy, window);
  }

  /// The vector unit of a group's tile adds its sums and those of other groups up; they are sent on.
  void add_sums(std::uint32_t group, std::int64_t window) {
    const GroupPlan& plan = plan_.groups[group];
    const WindowUse use = {.step = WindowStep::kAddition, .source = group, .window = window};
    const TimeFs start_fs = machine_.take_unit(use, OperationKind::kCrossbar, plan.tile, now_fs_, plan.addition_fs);
    record_.events.vector_operations += plan.num_additions;
    push(start_fs + plan.addition_fs + plan_.vector_latency_fs, group, EventKind::kSend, window);
  }

  // --- the home tile ------------------------------------------------------------------------------------------------------

  /// Takes the vector or pooling unit of the home tile for a window; returns when the unit is free again.
  TimeFs start_unit(std::uint32_t copy_index, std::int64_t window) {
    const CopyPlan& copy = plan_.copies[copy_index];
    const OperationPlan& operation = plan_.operations[copy.operation];
    const bool is_pooling = operation.kind == OperationKind::kPooling;
    const TimeFs start_fs = machine_.take_unit({.step = WindowStep::kUnit, .source = copy.first_group, .window = window},
                                               operation.kind, copy.home_tile, now_fs_, copy.unit_fs);
    (is_pooling ? record_.events.pooling_operations : record_.events.vector_operations) += copy.num_unit_operations;
    const TimeFs latency_fs = is_pooling ? plan_.pooling_latency_fs : plan_.vector_latency_fs;
    // Sums stay in the unit until the last window of a chunk.
    if (operation.windows_per_chunk == 1 || (window + 1) % operation.windows_per_chunk == 0) {
      push(start_fs + copy.unit_fs + latency_fs, copy.first_group, EventKind::kWrite, window);
    }
    return start_fs + copy.unit_fs;
  }

  void write_back(std::uint32_t copy_index, std::int64_t window) {
    const CopyPlan& copy = plan_.copies[copy_index];
    const OperationPlan& operation = plan_.operations[copy.operation];
    const TimeFs start_fs =
        machine_.take_port_and_bus({.step = WindowStep::kWriteBack, .source = copy.first_group, .window = window},
                                   copy.home_tile, now_fs_, operation.write);
    push(start_fs + machine_.transfer_fs(operation.write), copy.first_group, EventKind::kComplete, window);
  }

  /// A chunk exists: it is sent once to every tile that needs it.
  void complete(std::uint32_t copy_index, std::int64_t window) {
    const CopyPlan& copy = plan_.copies[copy_index];
    const OperationPlan& operation = plan_.operations[copy.operation];
    OperationRecord& record = record_.operations[copy.operation];
    record.end_fs = std::max(record.end_fs, now_fs_);
    const bool is_input = operation.kind == OperationKind::kInput;
    const ChunkOfImage made = chunk_made(operation, copy, window).value();
    record.num_windows += is_input ? copy.num_windows / operation.num_chunks : 1;
    record_.events.macs += operation.num_macs;
    TimeFs& image_end_fs = record_.image_end_fs[static_cast<std::size_t>(made.image)];
    image_end_fs = std::max(image_end_fs, now_fs_);
    if (operation.kind == OperationKind::kOutput) return;
    if (is_input && has_global_buffer()) free_row(copy.first_group);
    send_chunk({.step = WindowStep::kTransfer, .source = copy.first_group, .window = window}, made);
    supply_.wake(now_fs_);
  }

  void send_chunk(const WindowUse& use, const ChunkOfImage& made) {
    const CopyPlan& copy = copy_of(use.source);
    const OperationPlan& operation = plan_.operations[copy.operation];
    destinations_.clear();
    remote_inboxes_.clear();
    for (std::uint32_t index = operation.first_inbox; index < operation.first_inbox + operation.num_inboxes; ++index) {
      const InboxPlan& inbox = plan_.inboxes[index];
      if (inbox.is_needed[static_cast<std::size_t>(made.chunk)] == 0) continue;
      if (inbox.endpoint == copy.home_endpoint) {
        supply_.send(index, made.image, made.chunk, now_fs_);
      } else {
        destinations_.push_back(inbox.endpoint);
        remote_inboxes_.push_back(index);
      }
    }
    if (destinations_.empty()) return;
    machine_.send(use, copy.home_endpoint, destinations_, operation.chunk_flits, now_fs_, arrivals_fs_);
    for (std::size_t i = 0; i < remote_inboxes_.size(); ++i) {
      supply_.send(remote_inboxes_[i], made.image, made.chunk, arrivals_fs_[i]);
    }
  }

  const RunPlan& plan_;
  std::int64_t batch_;
  const ProgressCallback& progress_;
  RunRecord record_;
  Machine machine_;
  EventQueue queue_;
  WindowSupply supply_;
  TimeFs now_fs_ = 0;
  std::vector<std::uint32_t> blocks_of_crossbar_;
  std::vector<JoinCounter> joined_;     ///< by copy, in the home tile
  std::vector<JoinCounter> added_;      ///< by group, in its tile
  TimeFs next_row_from_fs_ = 0;         ///< the last row has been through the IO port
  std::int64_t num_rows_in_ = 0;        ///< asked for, with a global buffer
  std::int64_t num_rows_loaded_ = 0;    ///< of them, those that have left it
  std::deque<WindowProgress> outputs_;  ///< of pixels on their way to the IO port
  std::vector<std::int64_t> destinations_;
  std::vector<std::uint32_t> remote_inboxes_;
  std::vector<TimeFs> arrivals_fs_;
};

}  // namespace

RunRecord run_engine(const ChipConfig& chip, const RunPlan& plan, std::int64_t batch, const ProgressCallback& progress,
                     RunObserver* observer) {
  return Engine(chip, plan, batch, progress, observer).run();
}

}  // namespace crossloom
