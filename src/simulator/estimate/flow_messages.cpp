#include "simulator/estimate/flow_messages.h"

#include <algorithm>

#include "simulator/estimate/flow_geometry.h"

namespace crossloom {
namespace {

/// Messages sent for the windows of one span; more cost time and change little.
constexpr std::int64_t kMaxShares = 2;

double as_double(std::int64_t value) { return static_cast<double>(value); }

const FlowCopy& copy_of(const Flow& flow, std::int64_t window) {
  return flow.copies[static_cast<std::size_t>(window % flow.num_copies())];
}

}  // namespace

FlowMessages::FlowMessages(const ChipConfig& chip, const FlowPlan& plan)
    : plan_(plan),
      mesh_(chip),
      flit_fs_(as_double(kFsPerSecond) / as_double(chip.noc.clock_hz)),
      found_in_(static_cast<std::size_t>(mesh_.io_endpoint()) + 1, 0) {}

template <class Send>
void FlowMessages::for_each_share(std::int64_t first_window, std::int64_t num_windows, Send&& send) {
  const std::int64_t count = std::min(num_windows, kMaxShares);
  for (std::int64_t i = 0; i < count; ++i) {
    const std::int64_t begin = num_windows * i / count;
    const std::int64_t end = num_windows * (i + 1) / count;
    send(Share{.window = first_window + (begin + end) / 2, .num_windows = end - begin, .is_first = i == 0});
  }
}

void FlowMessages::send(std::int64_t source, std::int64_t flits, const Share& share, const WindowSpan& sent,
                        WindowSpan& arrived) {
  const auto now_fs = static_cast<TimeFs>(sent.first_fs);
  static_cast<void>(mesh_.send(source, destinations_, flits * share.num_windows, now_fs, arrivals_fs_));
  const double others_fs = as_double((share.num_windows - 1) * flits) * flit_fs_;
  for (std::size_t i = 0; i < destinations_.size(); ++i) {
    const double arrival_fs = sent.first_fs + as_double(arrivals_fs_[i] - now_fs);
    const double alone_fs = as_double(mesh_.zero_load_fs(source, destinations_[i], flits));
    if (share.is_first) arrived.first_fs = std::max(arrived.first_fs, arrival_fs - others_fs);
    arrived.last_fs = std::max({arrived.last_fs, sent.last_fs + alone_fs, arrival_fs});
  }
}

WindowSpan FlowMessages::send_results(std::uint32_t index, std::int64_t first_window, std::int64_t num_windows,
                                      const WindowSpan& sent) {
  const Flow& flow = plan_.flows[index];
  WindowSpan arrived = sent;
  for_each_share(first_window, num_windows, [&](const Share& share) {
    const FlowCopy& copy = copy_of(flow, share.window);
    met_.clear();
    for (const SumsMessage& message : copy.sums) {
      WindowSpan begun = sent;
      if (message.addition_fs > 0.0) {
        // Its own sums wait for those sent to its tile; the vector unit adds.
        for (const auto& [tile, span] : met_) {
          if (tile != message.from) continue;
          begun = {.first_fs = std::max(begun.first_fs, span.first_fs), .last_fs = std::max(begun.last_fs, span.last_fs)};
        }
        begun.first_fs += message.addition_fs;
        begun.last_fs += message.addition_fs;
      }
      destinations_.assign(1, message.to);
      WindowSpan there = begun;
      send(message.from, message.num_flits, share, begun, there);
      met_.emplace_back(message.to, there);
      arrived = {.first_fs = std::max(arrived.first_fs, there.first_fs), .last_fs = std::max(arrived.last_fs, there.last_fs)};
    }
  });
  return arrived;
}

WindowSpan FlowMessages::send_outputs(std::uint32_t index, std::int64_t first_window, std::int64_t num_windows,
                                      const WindowSpan& sent) {
  const Flow& flow = plan_.flows[index];
  WindowSpan arrived = sent;
  if (flow.consumers.empty()) return arrived;
  for_each_share(first_window, num_windows, [&](const Share& share) {
    const std::int64_t home = copy_of(flow, share.window).home_endpoint;
    find_destinations(index, share.window, home);
    if (!destinations_.empty()) send(home, flow.pixel_flits, share, sent, arrived);
  });
  return arrived;
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
  for (const std::int64_t endpoint : copy.endpoints) {
    std::int64_t& found_in = found_in_[static_cast<std::size_t>(endpoint)];
    if (found_in == search_) continue;
    found_in = search_;
    destinations_.push_back(endpoint);
  }
}

}  // namespace crossloom
