#pragma once

#include <cstddef>
#include <vector>

#include "compiler/lowering/lower.h"

namespace crossloom {

/// A layer's first window needs this share of the windows of an earlier one, 0 < fraction <= 1; the rest of both overlaps.
struct HeadStart {
  std::size_t layer = 0;
  double fraction = 1.0;
  friend bool operator==(const HeadStart&, const HeadStart&) = default;
};

/// Of each mapped layer, in the order of `estimate_work`: the mapped layers that its first window waits for, directly or
/// through operations without a matrix. Windows count in reading order, as copies take them. O(mapped layers x operations).
[[nodiscard]] std::vector<std::vector<HeadStart>> head_starts(const LoweredNetwork& lowered);

}  // namespace crossloom
