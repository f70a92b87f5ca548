#include "simulator/estimate/flow_messages.h"

#include <algorithm>

#include "simulator/estimate/flow_geometry.h"

namespace crossloom {
namespace {

double as_double(std::int64_t value) { return static_cast<double>(value); }

const FlowCopy& copy_of(const Flow& flow, std::int64_t window) {
  return flow.copies[static_cast<std::size_t>(window % flow.num_copies())];
}

}  // namespace

FlowMessages::FlowMessages(const ChipConfig& chip, const FlowPlan& plan)
    : plan_(plan),
      mesh_(chip),
      flit_fs_(as_double(kFsPerSecond) / as_double(chip.noc.clock_hz)),
      inboxes_(plan.flows.size()),
      found_in_(static_cast<std::size_t>(mesh_.io_endpoint()) + 1, 0) {
  for (std::size_t producer = 0; producer < plan.flows.size(); ++producer) {
    ++search_;
    destinations_.clear();
    for (const std::uint32_t consumer : plan.flows[producer].consumers) {
      for (const FlowCopy& copy : plan.flows[consumer].copies) add_destinations(copy);
    }
    std::ranges::sort(destinations_);
    inboxes_[producer] = destinations_;
  }
}

std::uint32_t FlowMessages::inbox_of(std::uint32_t flow, std::int64_t endpoint) const {
  const std::vector<std::int64_t>& inboxes = inboxes_[flow];
  return static_cast<std::uint32_t>(std::ranges::lower_bound(inboxes, endpoint) - inboxes.begin());
}

void FlowMessages::send(std::int64_t source, std::int64_t num_flits, std::int64_t num_windows, const WindowSpan& sent) {
  waited_fs_ +=
      as_double(mesh_.send(source, destinations_, num_flits * num_windows, static_cast<TimeFs>(sent.first_fs), arrivals_fs_));
}

WindowSpan FlowMessages::arrival(std::size_t destination, std::int64_t source, std::int64_t num_flits, std::int64_t num_windows,
                                 const WindowSpan& sent) const {
  const double others_fs = as_double((num_windows - 1) * num_flits) * flit_fs_;
  const double arrival_fs = as_double(arrivals_fs_[destination]);
  const double alone_fs = as_double(mesh_.zero_load_fs(source, destinations_[destination], num_flits));
  return {.first_fs = arrival_fs - others_fs, .last_fs = std::max(sent.last_fs + alone_fs, arrival_fs)};
}

WindowSpan FlowMessages::send_sums(std::int64_t from, std::int64_t to, std::int64_t num_flits, std::int64_t num_windows,
                                   const WindowSpan& sent) {
  destinations_.assign(1, to);
  send(from, num_flits, num_windows, sent);
  return arrival(0, from, num_flits, num_windows, sent);
}

std::span<const FlowMessages::Arrival> FlowMessages::send_outputs(std::uint32_t flow, std::int64_t window,
                                                                  std::int64_t num_windows, const WindowSpan& sent) {
  outputs_.clear();
  const Flow& producer = plan_.flows[flow];
  if (producer.consumers.empty() || producer.pixel_flits == 0) return outputs_;
  const std::int64_t home = copy_of(producer, window).home_endpoint;
  find_destinations(flow, window, home);
  const std::vector<std::int64_t>& inboxes = inboxes_[flow];
  const std::uint32_t own = inbox_of(flow, home);
  if (own < inboxes.size() && inboxes[own] == home) outputs_.push_back({.inbox = own, .span = sent});
  if (destinations_.empty()) return outputs_;
  send(home, producer.pixel_flits, num_windows, sent);
  for (std::size_t i = 0; i < destinations_.size(); ++i) {
    outputs_.push_back(
        {.inbox = inbox_of(flow, destinations_[i]), .span = arrival(i, home, producer.pixel_flits, num_windows, sent)});
  }
  return outputs_;
}

void FlowMessages::find_destinations(std::uint32_t index, std::int64_t window, std::int64_t home) {
  destinations_.clear();
  found_in_[static_cast<std::size_t>(home)] = ++search_;
  const Flow& producer = plan_.flows[index];
  for (const std::uint32_t consumer : producer.consumers) {
    const Flow& flow = plan_.flows[consumer];
    for (const OperationInput& input : flow.inputs) {
      if (static_cast<std::uint32_t>(input.operation) == index) add_readers(flow, input, producer, window);
    }
  }
}

void FlowMessages::add_readers(const Flow& flow, const OperationInput& input, const Flow& producer, std::int64_t window) {
  const WindowArea area = windows_that_need(flow, input, producer, window);
  const std::int64_t num_cols = std::min(area.cols.last - area.cols.first + 1, flow.num_copies());
  for (std::int64_t row = area.rows.first; row <= area.rows.last; ++row) {
    for (std::int64_t i = 0; i < num_cols; ++i) add_destinations(copy_of(flow, row * flow.num_cols + area.cols.first + i));
    if (num_cols == flow.num_copies()) return;
  }
}

void FlowMessages::add_destinations(const FlowCopy& copy) {
  for (const FlowGroup& group : copy.groups) {
    std::int64_t& found_in = found_in_[static_cast<std::size_t>(group.endpoint)];
    if (found_in == search_) continue;
    found_in = search_;
    destinations_.push_back(group.endpoint);
  }
}

}  // namespace crossloom
