#include "simulator/engine/engine.h"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <string>
#include <utility>

#include "simulator/engine/buffer_sizing.h"
#include "simulator/engine/event_queue.h"
#include "simulator/engine/inbox.h"
#include "simulator/engine/join_counter.h"
#include "simulator/engine/line_buffers.h"
#include "simulator/engine/mesh.h"
#include "support/error.h"

namespace crossloom {

namespace {

/// Half of int64, so that times computed from an event cannot overflow: plan_run bounds every single duration by a second.
constexpr TimeFs kLatestFs = std::numeric_limits<TimeFs>::max() / 2;
constexpr std::int64_t kEventsPerProgressCall = 1 << 18;

/// What changes while a group runs. Windows of all images are numbered through: image * windows of the copy + window of the
/// copy.
struct GroupState {
  std::int64_t next_window = 0;
  TimeFs idle_since_fs = 0;                  ///< when it began to look for the next window's inputs
  std::array<TimeFs, 2> register_free_fs{};  ///< release times of the last two windows' registers
  ChunkId last_input = {};                   ///< of the next window, the input that arrives last
  WindowProgress progress;                   ///< of the window between looking for inputs and activation
};

class Engine {
 public:
  Engine(const ChipConfig& chip, const RunPlan& plan, std::int64_t batch, const ProgressCallback& progress,
         RunObserver* observer)
      : plan_(plan), batch_(batch), progress_(progress), observer_(observer), mesh_(chip) {
    record_.image_end_fs.assign(static_cast<std::size_t>(batch), -1);
    record_.operations.resize(plan.operations.size());
    record_.crossbars.resize(plan.crossbars.size());
    record_.tiles.resize(plan.tiles.size());
    record_.blocks.resize(plan.blocks.size());
    record_.shared_crossbars.resize(plan.crossbars.size());
    record_.digital_groups.resize(plan.groups.size());
    blocks_of_crossbar_.resize(plan.crossbars.size());
    for (const BlockPlan& block : plan.blocks) ++blocks_of_crossbar_[block.crossbar];
    groups_.resize(plan.groups.size());
    joined_.reserve(plan.copies.size());
    for (const CopyPlan& copy : plan.copies) joined_.emplace_back(copy.num_groups);
    inboxes_.reserve(plan.inboxes.size());
    for (const InboxPlan& inbox : plan.inboxes) {
      inboxes_.emplace_back(static_cast<std::int64_t>(inbox.is_needed.size()), inbox.num_readers);
    }
    const auto is_bounded = [](const InboxPlan& inbox) { return inbox.capacity_chunks > 0; };
    if (std::any_of(plan.inboxes.begin(), plan.inboxes.end(), is_bounded)) {
      line_buffers_.emplace(plan);
      waiting_for_room_.resize(plan.inboxes.size());
    }
    buffer_port_bits_ = chip.tile.buffer.port_bits;
  }

  RunRecord run() {
    if (observer_ != nullptr) observer_->begin(plan_);
    start();
    std::int64_t num_events = 0;
    while (!queue_.empty()) {
      const Event event = queue_.pop();
      if (event.time_fs > kLatestFs) throw UserError("simulation: the simulated time exceeds 76 minutes");
      now_fs_ = event.time_fs;
      handle(event);
      if (progress_ && ++num_events % kEventsPerProgressCall == 0) progress_(fraction_done());
    }
    require_all_done();
    record_.busiest_link = mesh_.busiest_link();
    record_.links = mesh_.used_links();
    record_.timelines.link = mesh_.timeline();
    record_.events.noc_messages = mesh_.num_messages();
    record_.events.noc_flit_hops = mesh_.num_flit_hops();
    return std::move(record_);
  }

 private:
  void start() {
    for (std::uint32_t group = 0; group < plan_.groups.size(); ++group) {
      if (operation_of(group).kind == OperationKind::kInput) {
        push(0, group, EventKind::kFetch, group, 0);
      } else {
        look_for_inputs(group);
      }
    }
  }

  void handle(const Event& event) {
    switch (event.kind) {
      case EventKind::kFetch:
        return fetch(event.subject, event.window);
      case EventKind::kActivate:
        return activate(event.subject, event.window);
      case EventKind::kResult:
        return move_results(event.subject, event.window);
      case EventKind::kSend:
        return send_results(event.subject, event.window);
      case EventKind::kJoin:
        return join(event.subject, event.window);
      case EventKind::kWrite:
        return write_back(event.subject, event.window);
      case EventKind::kComplete:
        return complete(event.subject, event.window);
    }
  }

  [[nodiscard]] const OperationPlan& operation_of(std::uint32_t group) const {
    return plan_.operations[plan_.groups[group].operation];
  }
  [[nodiscard]] const CopyPlan& copy_of(std::uint32_t group) const { return plan_.copies[plan_.groups[group].copy]; }

  void push(TimeFs time_fs, std::uint32_t source, EventKind kind, std::uint32_t subject, std::int64_t window) {
    queue_.push(time_fs, source, kind, subject, window);
  }

  /// Takes a resource from the first moment it is free; returns that moment.
  TimeFs take(ResourceUse& resource, BusyTimeline& timeline, TimeFs hold_fs, TimeSumFs& stall_fs) const {
    const TimeFs start_fs = std::max(now_fs_, resource.free_fs);
    stall_fs += start_fs - now_fs_;
    resource.idle_fs += start_fs - resource.free_fs;
    timeline.add(start_fs, hold_fs);
    resource.free_fs = start_fs + hold_fs;
    resource.busy_fs += hold_fs;
    return start_fs;
  }

  /// Takes one of two parts that start together.
  void take_part(ResourceUse& part, BusyTimeline& timeline, TimeFs start_fs, TimeFs hold_fs) const {
    const TimeFs wanted_fs = std::max(now_fs_, part.free_fs);
    part.idle_fs += wanted_fs - part.free_fs;
    part.blocked_fs += start_fs - wanted_fs;
    part.free_fs = start_fs + hold_fs;
    part.busy_fs += hold_fs;
    timeline.add(start_fs, hold_fs);
  }

  /// Takes memory port and bus of a tile together; returns when the data is through.
  TimeFs take_port_and_bus(std::uint32_t tile, std::int64_t bits, TimeFs port_hold_fs, TimeFs bus_hold_fs) {
    TileRecord& resources = record_.tiles[tile];
    const TimeFs start_fs = std::max({now_fs_, resources.port.free_fs, resources.bus.free_fs});
    record_.stalls.buffer_and_bus += start_fs - now_fs_;
    take_part(resources.port, record_.timelines.port, start_fs, port_hold_fs);
    take_part(resources.bus, record_.timelines.bus, start_fs, bus_hold_fs);
    record_.events.bus_bits += bits;
    record_.events.buffer_accesses += (bits + buffer_port_bits_ - 1) / buffer_port_bits_;
    return start_fs + plan_.buffer_access_fs + std::max(port_hold_fs, bus_hold_fs);
  }

  // --- what an observer is told
  // -----------------------------------------------------------------------------------------------

  /// The chunk that a window of a copy makes.
  [[nodiscard]] ChunkId chunk_of(std::uint32_t copy_index, std::int64_t window) const {
    const CopyPlan& copy = plan_.copies[copy_index];
    const OperationPlan& operation = plan_.operations[copy.operation];
    const std::int64_t chunk = (copy.first_window + window % copy.num_windows * copy.window_step) / operation.windows_per_chunk;
    return {.operation = copy.operation, .number = window / copy.num_windows * operation.num_chunks + chunk};
  }

  void observe(ResourceKind resource, WindowStep step, std::uint32_t instance, std::uint32_t copy, std::int64_t window,
               TimeFs start_fs, TimeFs hold_fs) const {
    if (observer_ == nullptr) return;
    observer_->taken(
        {.resource = resource,
         .step = step,
         .instance = instance,
         .copy = copy,
         .chunk = step == WindowStep::kImageRow ? ChunkId{plan_.copies[copy].operation, window} : chunk_of(copy, window),
         .start_fs = start_fs,
         .hold_fs = hold_fs});
  }

  /// Memory port and bus, taken together for a transfer that ends at `end_fs`.
  void observe_transfer(WindowStep step, std::uint32_t tile, std::uint32_t copy, std::int64_t window, TimeFs end_fs,
                        TimeFs port_hold_fs, TimeFs bus_hold_fs) const {
    if (observer_ == nullptr) return;
    const TimeFs start_fs = end_fs - plan_.buffer_access_fs - std::max(port_hold_fs, bus_hold_fs);
    observe(ResourceKind::kMemoryPort, step, tile, copy, window, start_fs, port_hold_fs);
    observe(ResourceKind::kBus, step, tile, copy, window, start_fs, bus_hold_fs);
  }

  void observe_last_input(std::uint32_t group) const {
    if (observer_ != nullptr && !plan_.groups[group].reads.empty()) observer_->fetched(groups_[group].last_input);
  }

  // --- inputs -------------------------------------------------------------------------------------------------------------

  /// The group turns to its next window: when every pixel it needs has been sent, its fetch is scheduled; else it waits for the
  /// first one that has not.
  void look_for_inputs(std::uint32_t group) {
    GroupState& state = groups_[group];
    if (state.next_window == batch_ * copy_of(group).num_windows) return;
    state.idle_since_fs = now_fs_;
    schedule_fetch_or_wait(group);
  }

  void schedule_fetch_or_wait(std::uint32_t group) {
    const GroupPlan& plan = plan_.groups[group];
    const CopyPlan& copy = plan_.copies[plan.copy];
    GroupState& state = groups_[group];
    const std::int64_t image = state.next_window / copy.num_windows;
    const std::int64_t window = copy.first_window + state.next_window % copy.num_windows * copy.window_step;
    TimeFs inputs_fs = -1;
    state.last_input.number = -1;
    for (const ReadPlan& read : plan.reads) {
      Inbox& inbox = inboxes_[read.inbox];
      std::int64_t missing = -1;
      for_each_needed_chunk(read, window / plan.output_width, window % plan.output_width, [&](std::int64_t chunk) {
        const TimeFs arrival_fs = inbox.arrival_fs(image, chunk);
        if (arrival_fs > inputs_fs) {
          inputs_fs = arrival_fs;
          const std::uint32_t producer = plan_.inboxes[read.inbox].producer;
          state.last_input = {.operation = producer, .number = image * plan_.operations[producer].num_chunks + chunk};
        }
        if (arrival_fs == Inbox::kUnknownFs) missing = chunk;
        return missing < 0;
      });
      if (missing < 0) continue;
      return inbox.wait_for({.image = image, .chunk = missing, .group = group});
    }
    if (!must_wait_for_room(group, state.next_window)) schedule_fetch(group, std::max<TimeFs>(0, inputs_fs));
  }

  /// A window begins only when its result has room wherever it is needed, so nothing under way is ever held up by a full
  /// buffer. When there is none, the group is noted with the full buffer.
  [[nodiscard]] bool must_wait_for_room(std::uint32_t group, std::int64_t window) {
    if (!line_buffers_) return false;
    const std::uint32_t inbox = line_buffers_->full_inbox(group, window);
    if (inbox == LineBuffers::kNone) return false;
    waiting_for_room_[inbox].push_back(group);
    return true;
  }

  /// The group needs the inputs of windows before `next_window` no more: whoever waited for their room tries again.
  void free_room(std::uint32_t group, std::int64_t next_window) {
    opened_.clear();
    line_buffers_->advance(group, next_window, opened_);
    retrying_.clear();
    for (const std::uint32_t inbox : opened_) {
      retrying_.insert(retrying_.end(), waiting_for_room_[inbox].begin(), waiting_for_room_[inbox].end());
      waiting_for_room_[inbox].clear();
    }
    for (const std::uint32_t waiting : retrying_) {
      if (operation_of(waiting).kind == OperationKind::kInput) {
        ask_for_row(waiting);
      } else {
        schedule_fetch_or_wait(waiting);
      }
    }
  }

  /// The fetch begins when inputs, a register and room for the result are there. What was waited for is told apart: data first,
  /// then registers, then room.
  void schedule_fetch(std::uint32_t group, TimeFs inputs_fs) {
    GroupState& state = groups_[group];
    const TimeFs register_fs = state.register_free_fs[0];
    const TimeFs data_wait_fs = std::max<TimeFs>(0, inputs_fs - std::max(state.idle_since_fs, register_fs));
    record_.stalls.input_data += data_wait_fs;
    record_.operations[plan_.groups[group].operation].input_wait_fs += data_wait_fs;
    record_.stalls.input_register += std::max<TimeFs>(0, register_fs - std::max(state.idle_since_fs, inputs_fs));
    record_.stalls.output_buffer += std::max<TimeFs>(0, now_fs_ - std::max({state.idle_since_fs, inputs_fs, register_fs}));
    const TimeFs begin_fs = std::max({now_fs_, inputs_fs, register_fs});
    state.progress = {.inputs_fs = inputs_fs, .register_fs = register_fs, .begin_fs = begin_fs};
    push(begin_fs, group, EventKind::kFetch, group, state.next_window);
    ++state.next_window;
  }

  void fetch(std::uint32_t group, std::int64_t window) {
    const GroupPlan& plan = plan_.groups[group];
    OperationRecord& operation = record_.operations[plan.operation];
    if (operation.start_fs < 0) operation.start_fs = now_fs_;
    if (operation_of(group).kind == OperationKind::kInput) return receive_row(group, window);
    if (operation_of(group).kind == OperationKind::kOutput) return put_out(group, window);
    const TimeFs end_fs = take_port_and_bus(plan.tile, plan.fetch_bits, plan.fetch_port_fs, plan.fetch_bus_fs);
    observe_transfer(WindowStep::kFetch, plan.tile, plan.copy, window, end_fs, plan.fetch_port_fs, plan.fetch_bus_fs);
    observe_last_input(group);
    WindowProgress& progress = groups_[group].progress;
    progress.granted_fs = end_fs - plan_.buffer_access_fs - std::max(plan.fetch_port_fs, plan.fetch_bus_fs);
    progress.arrived_fs = end_fs;
    push(end_fs, group, EventKind::kActivate, group, window);
  }

  /// The IO port takes in one row of an image; the next row follows at once.
  void receive_row(std::uint32_t group, std::int64_t row) {
    const OperationPlan& operation = operation_of(group);
    const TimeFs start_fs = take(record_.io_in, record_.timelines.io_in, operation.chunk_io_fs, record_.stalls.io);
    const TimeFs end_fs = start_fs + operation.chunk_io_fs;
    record_.digital_groups[group].serve(0, {.begin_fs = now_fs_}, start_fs, operation.chunk_io_fs);
    record_.events.io_bits += operation.chunk_bits;
    observe(ResourceKind::kIoIn, WindowStep::kImageRow, 0, plan_.groups[group].copy, row, end_fs - operation.chunk_io_fs,
            operation.chunk_io_fs);
    push(end_fs, group, EventKind::kComplete, plan_.groups[group].copy, row);
    GroupState& state = groups_[group];
    state.next_window = row + 1;
    state.idle_since_fs = end_fs;
    if (state.next_window < batch_ * operation.num_chunks) ask_for_row(group);
  }

  /// The next row follows when the one before is in and every tile that needs it has room.
  void ask_for_row(std::uint32_t group) {
    const GroupState& state = groups_[group];
    if (must_wait_for_room(group, state.next_window)) return;
    record_.stalls.output_buffer += std::max<TimeFs>(0, now_fs_ - state.idle_since_fs);
    push(std::max(now_fs_, state.idle_since_fs), group, EventKind::kFetch, group, state.next_window);
  }

  void put_out(std::uint32_t group, std::int64_t window) {
    const OperationPlan& operation = operation_of(group);
    const TimeFs start_fs = take(record_.io_out, record_.timelines.io_out, operation.chunk_io_fs, record_.stalls.io);
    const TimeFs end_fs = start_fs + operation.chunk_io_fs;
    serve(record_.digital_groups[group], group, start_fs, operation.chunk_io_fs);
    record_.events.io_bits += operation.chunk_bits;
    observe(ResourceKind::kIoOut, WindowStep::kOutput, 0, plan_.groups[group].copy, window, end_fs - operation.chunk_io_fs,
            operation.chunk_io_fs);
    observe_last_input(group);
    push(end_fs, group, EventKind::kComplete, plan_.groups[group].copy, window);
    finish_window(group, window);
  }

  /// The group is through with its inputs of `window`.
  void finish_window(std::uint32_t group, std::int64_t window) {
    const CopyPlan& copy = copy_of(group);
    if ((window + 1) % copy.num_windows == 0) {
      for (const ReadPlan& read : plan_.groups[group].reads) inboxes_[read.inbox].finish_image(window / copy.num_windows);
    }
    if (line_buffers_) free_room(group, window + 1);
    look_for_inputs(group);
  }

  // --- crossbars ----------------------------------------------------------------------------------------------------------

  void activate(std::uint32_t group, std::int64_t window) {
    const GroupPlan& plan = plan_.groups[group];
    if (plan.num_blocks == 0) {
      const TimeFs free_fs = start_unit(plan.copy, window);
      serve(record_.digital_groups[group], group, free_fs - operation_of(group).unit_fs, operation_of(group).unit_fs);
      release_registers(group, free_fs);
      return finish_window(group, window);
    }
    OperationRecord& operation = record_.operations[plan.operation];
    TimeFs done_fs = now_fs_;
    TimeFs release_fs = now_fs_;
    for (std::uint32_t index = plan.first_block; index < plan.first_block + plan.num_blocks; ++index) {
      const BlockPlan& block = plan_.blocks[index];
      const TimeFs start_fs = take(record_.crossbars[block.crossbar], record_.timelines.crossbar, block.timing.occupancy_fs,
                                   operation.crossbar_wait_fs);
      record_.timelines.adc.add(start_fs, block.timing.conversion_fs);
      serve(record_.blocks[index], group, start_fs, block.timing.occupancy_fs);
      if (blocks_of_crossbar_[block.crossbar] > 1) {
        serve(record_.shared_crossbars[block.crossbar], group, start_fs, block.timing.occupancy_fs);
      }
      observe(ResourceKind::kCrossbar, WindowStep::kActivation, block.crossbar, plan.copy, window, start_fs,
              block.timing.occupancy_fs);
      record_.stalls.crossbar += start_fs - now_fs_;
      operation.crossbar_busy_fs += block.timing.occupancy_fs;
      operation.num_activations += block.num_activations;
      done_fs = std::max(done_fs, start_fs + block.timing.latency_fs);
      release_fs = std::max(release_fs, start_fs + block.timing.occupancy_fs);
      record_.crossbar_events += block.timing.events;
    }
    release_registers(group, release_fs);
    push(done_fs, group, EventKind::kResult, group, window);
    finish_window(group, window);
  }

  /// Notes the service of the window that the group is at.
  void serve(ServerRecord& server, std::uint32_t group, TimeFs start_fs, TimeFs hold_fs) {
    server.serve(record_.operations[plan_.groups[group].operation].start_fs, groups_[group].progress, start_fs, hold_fs);
  }

  /// The registers of the window just begun are free from `release_fs`; the fetch after next waits for that, or the next one
  /// when there is no second buffer.
  void release_registers(std::uint32_t group, TimeFs release_fs) {
    GroupState& state = groups_[group];
    state.register_free_fs[0] = plan_.num_input_buffers == 1 ? release_fs : state.register_free_fs[1];
    state.register_free_fs[1] = release_fs;
  }

  /// Results go from the output registers over the tile's bus: to the vector unit here, or on to the home tile.
  void move_results(std::uint32_t group, std::int64_t window) {
    const GroupPlan& plan = plan_.groups[group];
    const TimeFs start_fs =
        take(record_.tiles[plan.tile].bus, record_.timelines.bus, plan.result_bus_fs, record_.stalls.buffer_and_bus);
    observe(ResourceKind::kBus, WindowStep::kResults, plan.tile, plan.copy, window, start_fs, plan.result_bus_fs);
    record_.events.bus_bits += plan.result_bits;
    push(start_fs + plan.result_bus_fs, group, plan.result_flits > 0 ? EventKind::kSend : EventKind::kJoin, group, window);
  }

  void send_results(std::uint32_t group, std::int64_t window) {
    const GroupPlan& plan = plan_.groups[group];
    destinations_.assign(1, copy_of(group).home_endpoint);
    record_.stalls.noc += mesh_.send(plan.endpoint, destinations_, plan.result_flits, now_fs_, arrivals_fs_);
    push(arrivals_fs_.front(), group, EventKind::kJoin, group, window);
  }

  // --- the home tile ------------------------------------------------------------------------------------------------------

  /// A group's partial sums are at the home tile; with the last of them the digital unit is asked for.
  void join(std::uint32_t group, std::int64_t window) {
    const std::uint32_t copy_index = plan_.groups[group].copy;
    const CopyPlan& copy = plan_.copies[copy_index];
    if (copy.num_groups > 1 && !joined_[copy_index].is_last(window)) return;
    start_unit(copy_index, window);
  }

  /// Takes the vector or pooling unit of the home tile for a window; returns when the unit is free again.
  TimeFs start_unit(std::uint32_t copy_index, std::int64_t window) {
    const CopyPlan& copy = plan_.copies[copy_index];
    const OperationPlan& operation = plan_.operations[copy.operation];
    TileRecord& tile = record_.tiles[copy.home_tile];
    const bool is_pooling = operation.kind == OperationKind::kPooling;
    const TimeFs start_fs =
        is_pooling ? take(tile.pooling_unit, record_.timelines.pooling_unit, operation.unit_fs, record_.stalls.pooling_unit)
                   : take(tile.vector_unit, record_.timelines.vector_unit, operation.unit_fs, record_.stalls.vector_unit);
    observe(is_pooling ? ResourceKind::kPoolingUnit : ResourceKind::kVectorUnit, WindowStep::kUnit, copy.home_tile, copy_index,
            window, start_fs, operation.unit_fs);
    (is_pooling ? record_.events.pooling_operations : record_.events.vector_operations) += operation.num_unit_operations;
    const TimeFs latency_fs = is_pooling ? plan_.pooling_latency_fs : plan_.vector_latency_fs;
    // Sums stay in the unit until the last window of a chunk.
    if ((window + 1) % operation.windows_per_chunk == 0) {
      push(start_fs + operation.unit_fs + latency_fs, copy.first_group, EventKind::kWrite, copy_index, window);
    }
    return start_fs + operation.unit_fs;
  }

  void write_back(std::uint32_t copy_index, std::int64_t window) {
    const CopyPlan& copy = plan_.copies[copy_index];
    const OperationPlan& operation = plan_.operations[copy.operation];
    const TimeFs end_fs =
        take_port_and_bus(copy.home_tile, operation.write_bits, operation.write_port_fs, operation.write_bus_fs);
    observe_transfer(WindowStep::kWriteBack, copy.home_tile, copy_index, window, end_fs, operation.write_port_fs,
                     operation.write_bus_fs);
    push(end_fs, copy.first_group, EventKind::kComplete, copy_index, window);
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
    if (operation.kind != OperationKind::kOutput) deliver(copy, operation, made.image, made.chunk);
  }

  void deliver(const CopyPlan& copy, const OperationPlan& operation, std::int64_t image, std::int64_t chunk) {
    destinations_.clear();
    remote_inboxes_.clear();
    woken_.clear();
    for (std::uint32_t index = operation.first_inbox; index < operation.first_inbox + operation.num_inboxes; ++index) {
      const InboxPlan& inbox = plan_.inboxes[index];
      if (inbox.is_needed[static_cast<std::size_t>(chunk)] == 0) continue;
      if (inbox.endpoint == copy.home_endpoint) {
        inboxes_[index].send(image, chunk, now_fs_, woken_);
      } else {
        destinations_.push_back(inbox.endpoint);
        remote_inboxes_.push_back(index);
      }
    }
    if (!destinations_.empty()) {
      record_.stalls.noc += mesh_.send(copy.home_endpoint, destinations_, operation.chunk_flits, now_fs_, arrivals_fs_);
      for (std::size_t i = 0; i < remote_inboxes_.size(); ++i) {
        inboxes_[remote_inboxes_[i]].send(image, chunk, arrivals_fs_[i], woken_);
      }
    }
    for (const std::uint32_t group : woken_) schedule_fetch_or_wait(group);
  }

  // --- the end ------------------------------------------------------------------------------------------------------------

  [[nodiscard]] double fraction_done() const {
    std::int64_t done = 0;
    std::int64_t all = 0;
    for (std::uint32_t group = 0; group < groups_.size(); ++group) {
      if (operation_of(group).kind == OperationKind::kInput) continue;
      done += groups_[group].next_window;
      all += batch_ * plan_.copies[plan_.groups[group].copy].num_windows;
    }
    return static_cast<double>(done) / static_cast<double>(all);
  }

  void require_all_done() const {
    for (std::size_t index = 0; index < groups_.size(); ++index) {
      const GroupPlan& group = plan_.groups[index];
      if (plan_.operations[group.operation].kind == OperationKind::kInput) continue;
      if (groups_[index].next_window == batch_ * plan_.copies[group.copy].num_windows) continue;
      if (line_buffers_) throw DoesNotFitError("simulation: deadlock: " + explain_deadlock(plan_));
      throw InternalError("simulation: operation " + std::to_string(group.operation) + " on tile " +
                          std::to_string(group.endpoint) + " waits for ever for window " +
                          std::to_string(groups_[index].next_window));
    }
  }

  const RunPlan& plan_;
  std::int64_t batch_;
  const ProgressCallback& progress_;
  RunObserver* observer_;
  Mesh mesh_;
  EventQueue queue_;
  RunRecord record_;
  TimeFs now_fs_ = 0;
  std::int64_t buffer_port_bits_ = 1;
  std::vector<GroupState> groups_;
  std::vector<std::uint32_t> blocks_of_crossbar_;
  std::vector<JoinCounter> joined_;  ///< by copy
  std::vector<Inbox> inboxes_;
  std::vector<std::int64_t> destinations_;
  std::vector<std::uint32_t> remote_inboxes_;
  std::vector<TimeFs> arrivals_fs_;
  std::vector<std::uint32_t> woken_;
  std::optional<LineBuffers> line_buffers_;                   ///< none when no buffer has a bound
  std::vector<std::vector<std::uint32_t>> waiting_for_room_;  ///< groups, by inbox
  std::vector<std::uint32_t> opened_;
  std::vector<std::uint32_t> retrying_;
};

}  // namespace

RunRecord run_engine(const ChipConfig& chip, const RunPlan& plan, std::int64_t batch, const ProgressCallback& progress,
                     RunObserver* observer) {
  return Engine(chip, plan, batch, progress, observer).run();
}

}  // namespace crossloom
