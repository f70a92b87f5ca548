#pragma once

#include <cstdint>

#include "simulator/engine/run_plan.h"
#include "simulator/estimate/flow_plan.h"

/// Which pixels of a producer a window waits for, and which windows wait for a pixel, as arithmetic on one window.
namespace crossloom {

/// Pixels of `producer` inside its output that `window` of `flow` needs; of the image whole rows.
struct NeededPixels {
  PixelSpan rows;
  PixelSpan cols;
};
[[nodiscard]] NeededPixels needed_pixels(const Flow& flow, const OperationInput& input, const Flow& producer,
                                         std::int64_t window);

/// Windows first to last of one dimension.
struct WindowRange {
  std::int64_t first = 0;
  std::int64_t last = -1;
};

/// Rows and columns of the windows of `flow` whose field covers pixel `window` of `producer`; gaps of a dilated field count as
/// covered.
struct WindowArea {
  WindowRange rows;
  WindowRange cols;
};
[[nodiscard]] WindowArea windows_that_need(const Flow& flow, const OperationInput& input, const Flow& producer,
                                           std::int64_t window);

}  // namespace crossloom
