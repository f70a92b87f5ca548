#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "simulator/estimate/flow_messages.h"
#include "simulator/estimate/flow_plan.h"
#include "simulator/program/placed_program.h"

/// What changes while a segment model runs.
namespace crossloom {

/// In the place of an arrival at an inbox.
inline constexpr double kNotSent = -1.0;

/// What several senders deliver, until the last one has.
struct SumsJoin {
  std::int64_t num_joined = 0;
  WindowSpan span;
};

/// A group that waits until a window of a copy is known to come.
struct PixelWaiter {
  std::int64_t window = 0;  ///< of the copy, through all images
  std::uint32_t group = 0;
};

/// Windows of a copy that follow each other, counted through all images.
struct FlowSegment {
  std::int64_t begin = 0;
  std::int64_t count = 0;
};

struct FlowCopyState {
  const FlowCopy* plan = nullptr;
  bool has_results = false;  ///< of crossbars, to be moved and added up
  std::uint32_t flow = 0;
  std::int64_t first_window = 0;  ///< of a round the last one, as that waits longest for its pixels
  std::int64_t window_step = 1;
  std::int64_t num_windows = 0;  ///< or rounds, an image
  std::uint32_t first_group = 0;
  std::int64_t size = 1;           ///< most windows a segment
  std::int64_t num_senders = 0;    ///< groups whose sums come to the home tile
  std::int64_t num_delivered = 0;  ///< windows, through all images
  std::size_t num_inboxes = 0;
  bool is_read = false;
  std::vector<FlowSegment> segments;
  std::vector<std::uint32_t> segment_of;  ///< by window of the copy, through all images
  std::vector<SumsJoin> sums;             ///< at the home tile, by segment
  std::vector<WindowSpan> there;          ///< when outputs are everywhere, by segment
  std::vector<WindowSpan> in;             ///< when they are in each inbox, by segment; kNotSent where they were not sent
  std::vector<PixelWaiter> waiters;
};

/// What a group reads of a producer.
struct FlowRead {
  const OperationInput* input = nullptr;
  std::uint32_t producer = 0;
  std::uint32_t inbox = 0;
  std::uint32_t num_inboxes = 0;  ///< of the producer
  std::uint32_t num_copies = 1;   ///< of the producer
  std::uint32_t window_step = 1;  ///< of the producer
};

struct FlowGroupState {
  const FlowGroup* plan = nullptr;
  std::uint32_t copy = 0;
  std::size_t next = 0;             ///< segment to begin
  std::int64_t image = 0;           ///< of that segment
  std::int64_t of_image = 0;        ///< its first window, counted in the image
  double free_fs = 0.0;             ///< when it may begin it
  std::vector<FlowDemand> compute;  ///< demands that others compete with
  std::vector<FlowRead> reads;
  std::vector<SumsJoin> addition;  ///< sums that its tile adds up, by segment; empty when it adds none
};

}  // namespace crossloom
