#include "simulator/engine/line_buffers.h"

#include <algorithm>
#include <optional>

namespace crossloom {

namespace {

/// Top left pixel of a window's inputs, moved into the producer's output, as a chunk.
std::int64_t corner(const ReadPlan& read, std::int64_t y, std::int64_t x) {
  const OperationInput& pixels = read.pixels;
  const std::int64_t row = std::clamp<std::int64_t>(y * pixels.row_step + pixels.row_offset, 0, read.producer_height);
  if (read.is_row_chunked) return row;
  if (row == read.producer_height) return row * read.producer_width;
  return row * read.producer_width + std::clamp<std::int64_t>(x * pixels.col_step + pixels.col_offset, 0, read.producer_width);
}

}  // namespace

std::int64_t first_chunk_kept(const ReadPlan& read, std::int64_t window, std::int64_t output_width, std::int64_t num_windows) {
  const std::int64_t y = window / output_width;
  const std::int64_t here = corner(read, y, window % output_width);
  // In the padding above the image the next row of windows begins further left on the same row of pixels.
  const bool is_last_row = (y + 1) * output_width >= num_windows;
  return is_last_row ? here : std::min(here, corner(read, y + 1, 0));
}

LineBuffers::LineBuffers(const RunPlan& plan) : plan_(&plan) {
  states_.resize(plan.inboxes.size());
  for (std::size_t i = 0; i < plan.inboxes.size(); ++i) {
    states_[i].capacity = plan.inboxes[i].capacity_chunks;
    states_[i].positions.resize(plan.inboxes[i].num_readers);
    states_[i].readers.resize(plan.inboxes[i].num_readers);
  }
  std::vector<std::uint32_t> opened;
  for (std::uint32_t group = 0; group < plan.groups.size(); ++group) {
    for (const ReadPlan& read : plan.groups[group].reads) states_[read.inbox].readers[read.reader] = group;
    advance(group, 0, opened);
  }
}

std::int64_t LineBuffers::slots_needed(std::uint32_t inbox, std::uint32_t group, std::int64_t window) const {
  const CopyPlan& copy = plan_->copies[plan_->groups[group].copy];
  const OperationPlan& operation = plan_->operations[copy.operation];
  const InboxPlan& plan = plan_->inboxes[inbox];
  const std::optional<ChunkOfImage> made = chunk_made(operation, copy, window);
  if (!made) return 0;
  const auto chunk = static_cast<std::size_t>(made->chunk);
  if (plan.is_needed[chunk] == 0) return 0;
  const std::int64_t position = made->image * plan.needed_before.back() + plan.needed_before[chunk];
  return position + 1 - states_[inbox].oldest;
}

std::uint32_t LineBuffers::full_inbox(std::uint32_t group, std::int64_t window) const {
  const OperationPlan& operation = plan_->operations[plan_->groups[group].operation];
  for (std::uint32_t inbox = operation.first_inbox; inbox < operation.first_inbox + operation.num_inboxes; ++inbox) {
    if (states_[inbox].capacity > 0 && slots_needed(inbox, group, window) > states_[inbox].capacity) return inbox;
  }
  return kNone;
}

std::int64_t LineBuffers::oldest_of(std::uint32_t group, const ReadPlan& read, std::int64_t next_window) const {
  const GroupPlan& reader = plan_->groups[group];
  const CopyPlan& copy = plan_->copies[reader.copy];
  const std::vector<std::uint32_t>& needed_before = plan_->inboxes[read.inbox].needed_before;
  const std::int64_t window = copy.first_window + next_window % copy.num_windows * copy.window_step;
  const std::int64_t chunk =
      first_chunk_kept(read, window, reader.output_width, num_windows(plan_->operations[reader.operation]));
  return next_window / copy.num_windows * needed_before.back() + needed_before[static_cast<std::size_t>(chunk)];
}

void LineBuffers::advance(std::uint32_t group, std::int64_t next_window, std::vector<std::uint32_t>& opened) {
  for (const ReadPlan& read : plan_->groups[group].reads) {
    State& state = states_[read.inbox];
    if (state.capacity == 0) continue;
    const std::int64_t before = state.positions[read.reader];
    state.positions[read.reader] = oldest_of(group, read, next_window);
    if (before != state.oldest || state.positions[read.reader] == before) continue;
    const std::int64_t oldest = *std::min_element(state.positions.begin(), state.positions.end());
    if (oldest == state.oldest) continue;
    state.oldest = oldest;
    opened.push_back(read.inbox);
  }
}

std::uint32_t LineBuffers::slowest_reader(std::uint32_t inbox) const {
  const State& state = states_[inbox];
  const auto slowest = std::min_element(state.positions.begin(), state.positions.end());
  return state.readers[static_cast<std::size_t>(slowest - state.positions.begin())];
}

}  // namespace crossloom
