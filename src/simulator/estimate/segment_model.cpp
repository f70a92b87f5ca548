#include "simulator/estimate/segment_model.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <queue>

#include "simulator/estimate/flow_geometry.h"
#include "simulator/estimate/flow_messages.h"
#include "support/integer_math.h"

namespace crossloom {
namespace {

double as_double(std::int64_t value) { return static_cast<double>(value); }

enum class Stage : std::uint8_t { kCompute, kResults, kUnit, kWrite, kDeliver };
constexpr std::size_t kNumStages = 5;

struct Segment {
  std::int64_t image = 0;
  std::int64_t first_window = 0;  ///< of the image
  std::int64_t num_windows = 0;
  WindowSpan span;  ///< where the segment is; when it has arrived, at its consumers
  [[nodiscard]] std::int64_t last_window() const { return first_window + num_windows - 1; }
};

struct Event {
  double time_fs = 0.0;
  std::uint32_t flow = 0;
  std::uint32_t segment = 0;
  Stage stage = Stage::kCompute;
  /// For a queue whose top comes first.
  [[nodiscard]] bool operator<(const Event& other) const {
    if (time_fs != other.time_fs) return time_fs > other.time_fs;
    if (flow != other.flow) return flow > other.flow;
    return segment > other.segment;
  }
};

struct FlowState {
  std::vector<Segment> segments;
  std::int64_t segments_a_row = 1;
  std::int64_t segment_windows = 1;  ///< the last of a row may have fewer
  std::size_t next = 0;              ///< segment to begin
  std::size_t num_arrived = 0;
  /// The copies have not waited for pixels since this window (counted over all images) began at this time.
  std::int64_t busy_since_window = 0;
  double busy_since_fs = -1.0;
  std::array<double, kNumStages> latest_fs = {};  ///< when a segment entered each stage
  std::vector<std::uint32_t> waiting;             ///< flows that wait for segments of this one
};

class SegmentModel {
 public:
  SegmentModel(const ChipConfig& chip, const FlowPlan& plan, std::int64_t num_images)
      : plan_(plan), messages_(chip, plan), free_fs_(plan.resources.size(), 0.0), states_(plan.flows.size()) {
    const std::int64_t rounds = rounds_a_segment();
    for (std::size_t i = 0; i < states_.size(); ++i) cut(plan.flows[i], rounds, num_images, states_[i]);
    times_.flows.resize(plan.flows.size());
    times_.image_end_fs.resize(static_cast<std::size_t>(num_images), 0.0);
  }

  SegmentTimes run() {
    for (std::uint32_t flow = 0; flow < states_.size(); ++flow) begin_next(flow);
    while (!queue_.empty()) {
      const Event event = queue_.top();
      queue_.pop();
      handle(event);
    }
    times_.busiest_link = messages_.busiest_link();
    return std::move(times_);
  }

 private:
  // --- segments -----------------------------------------------------------------------------------------------------------

  /// Rounds of the copies that a segment holds at most: the same for all flows, as a resource serves those that share it window
  /// by window in turn.
  [[nodiscard]] std::int64_t rounds_a_segment() const {
    constexpr std::int64_t kNumRounds = 4096;
    std::int64_t rounds = 0;
    for (const Flow& flow : plan_.flows) rounds += ceil_div(flow.num_windows(), flow.num_copies());
    return ceil_div(rounds, kNumRounds);
  }

  static void cut(const Flow& flow, std::int64_t rounds, std::int64_t num_images, FlowState& state) {
    const std::int64_t most = std::min(flow.num_cols, rounds * flow.num_copies());
    state.segment_windows = ceil_div(flow.num_cols, ceil_div(flow.num_cols, most));
    state.segments_a_row = ceil_div(flow.num_cols, state.segment_windows);
    state.segments.reserve(static_cast<std::size_t>(num_images * flow.num_rows * state.segments_a_row));
    for (std::int64_t image = 0; image < num_images; ++image) {
      for (std::int64_t row = 0; row < flow.num_rows; ++row) {
        for (std::int64_t col = 0; col < flow.num_cols; col += state.segment_windows) {
          state.segments.push_back({.image = image,
                                    .first_window = row * flow.num_cols + col,
                                    .num_windows = std::min(state.segment_windows, flow.num_cols - col)});
        }
      }
    }
  }

  [[nodiscard]] std::size_t segment_of(std::size_t flow, std::int64_t image, std::int64_t window) const {
    const FlowState& state = states_[flow];
    const std::int64_t cols = plan_.flows[flow].num_cols;
    const std::int64_t row = image * plan_.flows[flow].num_rows + window / cols;
    return static_cast<std::size_t>(row * state.segments_a_row + window % cols / state.segment_windows);
  }

  [[nodiscard]] double arrival_fs(std::size_t flow, std::int64_t image, std::int64_t window) const {
    const Segment& segment = states_[flow].segments[segment_of(flow, image, window)];
    if (segment.num_windows == 1) return segment.span.last_fs;
    const double fraction = as_double(window - segment.first_window) / as_double(segment.num_windows - 1);
    return segment.span.first_fs + fraction * (segment.span.last_fs - segment.span.first_fs);
  }

  /// When all pixels of a window are there.
  [[nodiscard]] double pixels_fs(const Flow& flow, std::int64_t image, std::int64_t window) const {
    double latest_fs = 0.0;
    for (const OperationInput& input : flow.inputs) {
      const auto producer = static_cast<std::size_t>(input.operation);
      const std::int64_t last = last_needed_window(flow, input, plan_.flows[producer], window);
      latest_fs = std::max(latest_fs, arrival_fs(producer, image, last));
    }
    return latest_fs;
  }

  /// Time after busy_since_fs at which a copy comes to window `window` of `image`.
  [[nodiscard]] double turn_fs(const Flow& flow, const FlowState& state, std::int64_t image, std::int64_t window) const {
    const std::int64_t ahead = image * flow.num_windows() + window - state.busy_since_window;
    return as_double(ahead / flow.num_copies()) * flow.interval_fs;
  }

  // --- events -------------------------------------------------------------------------------------------------------------

  void handle(const Event& event) {
    switch (event.stage) {
      case Stage::kCompute:
        return compute(event.flow, event.segment);
      case Stage::kResults:
        return move_results(event.flow, event.segment);
      case Stage::kUnit:
        return run_unit(event.flow, event.segment);
      case Stage::kWrite:
        return write_back(event.flow, event.segment);
      case Stage::kDeliver:
        return deliver(event.flow, event.segment);
    }
  }

  /// Segments enter each stage in order.
  void push(std::uint32_t flow, std::size_t segment, Stage stage) {
    double& latest_fs = states_[flow].latest_fs[static_cast<std::size_t>(stage)];
    latest_fs = std::max(latest_fs, states_[flow].segments[segment].span.first_fs);
    queue_.push({.time_fs = latest_fs, .flow = flow, .segment = static_cast<std::uint32_t>(segment), .stage = stage});
  }

  /// The flow turns to its next segment, or waits until a producer has delivered what that needs.
  void begin_next(std::uint32_t index) {
    FlowState& state = states_[index];
    if (state.next == state.segments.size()) return;
    const Flow& flow = plan_.flows[index];
    Segment& segment = state.segments[state.next];
    for (const OperationInput& input : flow.inputs) {
      const auto producer = static_cast<std::size_t>(input.operation);
      const std::int64_t last = last_needed_window(flow, input, plan_.flows[producer], segment.last_window());
      if (segment_of(producer, segment.image, last) < states_[producer].num_arrived) continue;
      states_[producer].waiting.push_back(index);
      return;
    }
    const double ready_fs = pixels_fs(flow, segment.image, segment.first_window);
    const double free_fs = state.busy_since_fs + turn_fs(flow, state, segment.image, segment.first_window);
    if (ready_fs >= free_fs) {
      state.busy_since_window = segment.image * flow.num_windows() + segment.first_window;
      state.busy_since_fs = ready_fs;
    }
    segment.span.first_fs = std::max(ready_fs, free_fs);
    push(index, state.next++, Stage::kCompute);
  }

  /// Passes a segment through the shared resources of a stage.
  void take(const std::vector<FlowDemand>& demands, Segment& segment) {
    const double asked_fs = segment.span.first_fs;
    for (const FlowDemand& demand : demands) {
      double& free_fs = free_fs_[demand.resource];
      const double work_fs = as_double(segment.num_windows) * demand.mean_fs;
      const double start_fs = std::max(free_fs, asked_fs + demand.offset_fs);
      free_fs = start_fs + work_fs;
      const double last_request_fs = free_fs - std::min(work_fs, demand.request_fs);
      segment.span.first_fs = std::max(segment.span.first_fs, start_fs - demand.offset_fs);
      segment.span.last_fs = std::max(segment.span.last_fs, last_request_fs - demand.offset_fs);
    }
  }

  void compute(std::uint32_t index, std::size_t segment_index) {
    const Flow& flow = plan_.flows[index];
    FlowState& state = states_[index];
    Segment& segment = state.segments[segment_index];
    const double last_turn_fs = turn_fs(flow, state, segment.image, segment.last_window());
    const double rounds = as_double((segment.num_windows - 1) / flow.num_copies());
    segment.span.last_fs = std::max({pixels_fs(flow, segment.image, segment.last_window()),
                                     segment.span.first_fs + rounds * flow.interval_fs, state.busy_since_fs + last_turn_fs});
    take(flow.compute, segment);
    state.busy_since_fs = std::max(state.busy_since_fs, segment.span.last_fs - last_turn_fs);

    FlowTimes& times = times_.flows[index];
    if (times.start_fs < 0.0) times.start_fs = segment.span.first_fs;
    advance(segment, flow.compute_fs);
    if (flow.kind == OperationKind::kCrossbar) {
      push(index, segment_index, Stage::kResults);
    } else {
      advance(segment, flow.unit_fs);
      push(index, segment_index, Stage::kWrite);
    }
    begin_next(index);
  }

  static void advance(Segment& segment, double duration_fs) {
    segment.span.first_fs += duration_fs;
    segment.span.last_fs += duration_fs;
  }

  void move_results(std::uint32_t index, std::size_t segment_index) {
    const Flow& flow = plan_.flows[index];
    Segment& segment = states_[index].segments[segment_index];
    take(flow.results, segment);
    advance(segment, flow.result_fs);
    segment.span = messages_.send_results(index, segment.first_window, segment.num_windows, segment.span);
    push(index, segment_index, Stage::kUnit);
  }

  void run_unit(std::uint32_t index, std::size_t segment_index) {
    const Flow& flow = plan_.flows[index];
    Segment& segment = states_[index].segments[segment_index];
    take(flow.unit, segment);
    advance(segment, flow.unit_fs);
    push(index, segment_index, Stage::kWrite);
  }

  void write_back(std::uint32_t index, std::size_t segment_index) {
    const Flow& flow = plan_.flows[index];
    Segment& segment = states_[index].segments[segment_index];
    take(flow.write, segment);
    advance(segment, flow.write_fs);
    double& image_end_fs = times_.image_end_fs[static_cast<std::size_t>(segment.image)];
    image_end_fs = std::max(image_end_fs, segment.span.last_fs);
    double& flow_end_fs = times_.flows[index].end_fs;
    if (segment.image == 0) flow_end_fs = std::max(flow_end_fs, segment.span.last_fs);
    push(index, segment_index, Stage::kDeliver);
  }

  void deliver(std::uint32_t index, std::size_t segment_index) {
    FlowState& state = states_[index];
    Segment& segment = state.segments[segment_index];
    segment.span = messages_.send_outputs(index, segment.first_window, segment.num_windows, segment.span);
    if (segment_index > 0) {
      segment.span.first_fs = std::max(segment.span.first_fs, state.segments[segment_index - 1].span.last_fs);
    }
    segment.span.last_fs = std::max(segment.span.last_fs, segment.span.first_fs);
    state.num_arrived = segment_index + 1;
    woken_.swap(state.waiting);
    for (const std::uint32_t flow : woken_) begin_next(flow);
    woken_.clear();
  }

  const FlowPlan& plan_;
  FlowMessages messages_;
  std::vector<double> free_fs_;  ///< by resource: end of the work asked for
  std::vector<FlowState> states_;
  std::priority_queue<Event> queue_;
  SegmentTimes times_;
  std::vector<std::uint32_t> woken_;
};

}  // namespace

SegmentTimes run_segments(const ChipConfig& chip, const FlowPlan& plan, std::int64_t num_images) {
  return SegmentModel(chip, plan, num_images).run();
}

}  // namespace crossloom
