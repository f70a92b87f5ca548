#include "simulator/engine/window_supply.h"

#include <algorithm>
#include <limits>
#include <span>
#include <string>

#include "simulator/engine/buffer_sizing.h"
#include "support/error.h"

namespace crossloom {

namespace {

/// Of the chunks that a window needs, the first of those that arrive earliest and the first of those that arrive latest.
struct NeededArrivals {
  TimeFs earliest_fs = std::numeric_limits<TimeFs>::max();
  TimeFs latest_fs = -1;
  std::int64_t earliest_chunk = -1;
  std::int64_t latest_chunk = -1;
};

NeededArrivals needed_arrivals(const ReadPlan& read, std::int64_t row, std::int64_t col, std::span<const TimeFs> arrivals_fs) {
  NeededArrivals needed;
  for_each_needed_chunk(read, row, col, [&](std::int64_t chunk) {
    const TimeFs arrival_fs = arrivals_fs[static_cast<std::size_t>(chunk)];
    // Written as selections: which of the chunks comes last, no processor could predict.
    const bool is_earlier = arrival_fs < needed.earliest_fs;
    needed.earliest_fs = is_earlier ? arrival_fs : needed.earliest_fs;
    needed.earliest_chunk = is_earlier ? chunk : needed.earliest_chunk;
    const bool is_later = arrival_fs > needed.latest_fs;
    needed.latest_fs = is_later ? arrival_fs : needed.latest_fs;
    needed.latest_chunk = is_later ? chunk : needed.latest_chunk;
    return true;
  });
  return needed;
}

}  // namespace

WindowSupply::WindowSupply(const RunPlan& plan, std::int64_t batch, EventQueue& queue, RunRecord& record)
    : plan_(plan), batch_(batch), queue_(queue), record_(record), groups_(plan.groups.size()) {
  steps_.reserve(plan.groups.size());
  for (const GroupPlan& group : plan.groups) {
    const CopyPlan& copy = plan.copies[group.copy];
    steps_.push_back({.num_windows = copy.num_windows,
                      .first_row = copy.first_window / group.output_width,
                      .first_col = copy.first_window % group.output_width,
                      .rows = copy.window_step / group.output_width,
                      .cols = copy.window_step % group.output_width,
                      .width = group.output_width});
    GroupState& state = groups_[steps_.size() - 1];
    state.row = steps_.back().first_row;
    state.col = steps_.back().first_col;
  }
  inboxes_.reserve(plan.inboxes.size());
  for (const InboxPlan& inbox : plan.inboxes) {
    inboxes_.emplace_back(static_cast<std::int64_t>(inbox.is_needed.size()), inbox.num_readers);
  }
  const auto is_bounded = [](const InboxPlan& inbox) { return inbox.capacity_chunks > 0; };
  if (std::any_of(plan.inboxes.begin(), plan.inboxes.end(), is_bounded)) {
    line_buffers_.emplace(plan);
    waiting_for_room_.resize(plan.inboxes.size());
  }
}

void WindowSupply::look_for_inputs(std::uint32_t group, TimeFs now_fs) {
  GroupState& state = groups_[group];
  if (state.next_window == num_windows(group)) return;
  state.idle_since_fs = now_fs;
  schedule_fetch_or_wait(group, now_fs);
}

void WindowSupply::schedule_fetch_or_wait(std::uint32_t group, TimeFs now_fs) {
  GroupState& state = groups_[group];
  const std::int64_t image = state.image;
  TimeFs inputs_fs = -1;
  state.last_input.number = -1;
  for (const ReadPlan& read : plan_.groups[group].reads) {
    Inbox& inbox = inboxes_[read.inbox];
    const std::span<const TimeFs> arrivals_fs = inbox.arrivals_fs(image);
    // The last one is most often the last to be sent: waiting for it first saves looking again for each of the others.
    const std::int64_t last = last_needed_chunk(read, state.row, state.col);
    if (last < 0) continue;
    if (arrivals_fs.empty() || arrivals_fs[static_cast<std::size_t>(last)] == Inbox::kUnknownFs) {
      return inbox.wait_for({.image = image, .chunk = last, .group = group});
    }
    const NeededArrivals needed = needed_arrivals(read, state.row, state.col, arrivals_fs);
    if (needed.earliest_fs == Inbox::kUnknownFs) {
      return inbox.wait_for({.image = image, .chunk = needed.earliest_chunk, .group = group});
    }
    if (needed.latest_fs <= inputs_fs) continue;
    inputs_fs = needed.latest_fs;
    const std::uint32_t producer = plan_.inboxes[read.inbox].producer;
    state.last_input = {.operation = producer, .number = image * plan_.operations[producer].num_chunks + needed.latest_chunk};
  }
  if (!must_wait_for_room(group, state.next_window)) schedule_fetch(group, std::max<TimeFs>(0, inputs_fs), now_fs);
}

/// A window begins only when its result has room wherever it is needed, so nothing under way is ever held up by a full
/// buffer. When there is none, the group is noted with the full buffer.
bool WindowSupply::must_wait_for_room(std::uint32_t group, std::int64_t window) {
  if (!line_buffers_) return false;
  const std::uint32_t inbox = line_buffers_->full_inbox(group, window);
  if (inbox == LineBuffers::kNone) return false;
  waiting_for_room_[inbox].push_back(group);
  return true;
}

/// The group needs the inputs of windows before `next_window` no more: whoever waited for their room tries again.
void WindowSupply::free_room(std::uint32_t group, std::int64_t next_window, TimeFs now_fs) {
  opened_.clear();
  line_buffers_->advance(group, next_window, opened_);
  retrying_.clear();
  for (const std::uint32_t inbox : opened_) {
    retrying_.insert(retrying_.end(), waiting_for_room_[inbox].begin(), waiting_for_room_[inbox].end());
    waiting_for_room_[inbox].clear();
  }
  for (const std::uint32_t waiting : retrying_) {
    if (is_input(waiting)) {
      ask_for_row(waiting, now_fs);
    } else {
      schedule_fetch_or_wait(waiting, now_fs);
    }
  }
}

/// The fetch begins when inputs, a register and room for the result are there. What was waited for is told apart: data first,
/// then registers, then room.
void WindowSupply::schedule_fetch(std::uint32_t group, TimeFs inputs_fs, TimeFs now_fs) {
  GroupState& state = groups_[group];
  const TimeFs register_fs = state.register_free_fs[0];
  const TimeFs data_wait_fs = std::max<TimeFs>(0, inputs_fs - std::max(state.idle_since_fs, register_fs));
  record_.stalls.input_data += data_wait_fs;
  record_.operations[plan_.groups[group].operation].input_wait_fs += data_wait_fs;
  record_.stalls.input_register += std::max<TimeFs>(0, register_fs - std::max(state.idle_since_fs, inputs_fs));
  record_.stalls.output_buffer += std::max<TimeFs>(0, now_fs - std::max({state.idle_since_fs, inputs_fs, register_fs}));
  const TimeFs begin_fs = std::max({now_fs, inputs_fs, register_fs});
  state.progress = {.inputs_fs = inputs_fs, .register_fs = register_fs, .begin_fs = begin_fs};
  queue_.push(begin_fs, group, EventKind::kFetch, state.next_window);
  advance(group);
}

void WindowSupply::advance(std::uint32_t group) {
  GroupState& state = groups_[group];
  const WindowSteps& steps = steps_[group];
  ++state.next_window;
  state.row += steps.rows;
  state.col += steps.cols;
  if (state.col >= steps.width) {
    state.col -= steps.width;
    ++state.row;
  }
}

void WindowSupply::finish_row(std::uint32_t group, std::int64_t row, TimeFs end_fs, TimeFs now_fs) {
  GroupState& state = groups_[group];
  state.next_window = row + 1;
  state.idle_since_fs = end_fs;
  if (state.next_window < batch_ * plan_.operations[plan_.groups[group].operation].num_chunks) ask_for_row(group, now_fs);
}

void WindowSupply::store_row(std::uint32_t group, TimeFs now_fs) {
  GroupState& state = groups_[group];
  // Behind rows that wait, it waits as well.
  if (state.next_window < num_rows_stored_++) return;
  state.idle_since_fs = now_fs;
  load_rows(group, now_fs);
}

void WindowSupply::load_rows(std::uint32_t group, TimeFs now_fs) {
  GroupState& state = groups_[group];
  while (state.next_window < num_rows_stored_ && !must_wait_for_room(group, state.next_window)) {
    record_.stalls.output_buffer += now_fs - state.idle_since_fs;
    state.idle_since_fs = now_fs;
    queue_.push(now_fs, group, EventKind::kLoad, state.next_window++);
  }
}

void WindowSupply::ask_for_row(std::uint32_t group, TimeFs now_fs) {
  if (plan_.global_buffer.num_ports > 0) return load_rows(group, now_fs);
  const GroupState& state = groups_[group];
  if (must_wait_for_room(group, state.next_window)) return;
  record_.stalls.output_buffer += std::max<TimeFs>(0, now_fs - state.idle_since_fs);
  queue_.push(std::max(now_fs, state.idle_since_fs), group, EventKind::kFetch, state.next_window);
}

void WindowSupply::finish_window(std::uint32_t group, std::int64_t window, TimeFs now_fs) {
  GroupState& state = groups_[group];
  const std::int64_t num_windows = steps_[group].num_windows;
  if (window + 1 == state.first_of_image + num_windows) {
    for (const ReadPlan& read : plan_.groups[group].reads) inboxes_[read.inbox].finish_image(state.image);
    ++state.image;
    state.first_of_image += num_windows;
    state.row = steps_[group].first_row;
    state.col = steps_[group].first_col;
  }
  if (line_buffers_) free_room(group, window + 1, now_fs);
  look_for_inputs(group, now_fs);
}

void WindowSupply::release_registers(std::uint32_t group, TimeFs release_fs) {
  GroupState& state = groups_[group];
  state.register_free_fs[0] = plan_.num_input_buffers == 1 ? release_fs : state.register_free_fs[1];
  state.register_free_fs[1] = release_fs;
}

void WindowSupply::wake(TimeFs now_fs) {
  for (const std::uint32_t group : woken_) schedule_fetch_or_wait(group, now_fs);
  woken_.clear();
}

double WindowSupply::fraction_done() const {
  std::int64_t done = 0;
  std::int64_t all = 0;
  for (std::uint32_t group = 0; group < groups_.size(); ++group) {
    if (is_input(group)) continue;
    done += groups_[group].next_window;
    all += num_windows(group);
  }
  return static_cast<double>(done) / static_cast<double>(all);
}

void WindowSupply::require_all_done() const {
  for (std::uint32_t group = 0; group < groups_.size(); ++group) {
    if (is_input(group) || groups_[group].next_window == num_windows(group)) continue;
    if (line_buffers_) throw DoesNotFitError("simulation: deadlock: " + explain_deadlock(plan_));
    const GroupPlan& plan = plan_.groups[group];
    throw InternalError("simulation: operation " + std::to_string(plan.operation) + " on tile " +
                        std::to_string(plan.endpoint) + " waits for ever for window " +
                        std::to_string(groups_[group].next_window));
  }
}

}  // namespace crossloom
