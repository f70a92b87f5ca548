#pragma once

#include <span>
#include <string_view>

#include "simulator/device/array_config.h"

namespace crossloom {

/// A line of the table of current-voltage curves: the current of a cell is its conductance times `shape(V)`, with shape'(0)
/// = 1.
struct IvCurveInfo {
  std::string_view name;
  std::string_view meaning;
  double (*shape_volt)(double volt, double coefficient);
  double (*slope)(double volt, double coefficient);  ///< derivative of the shape
};

/// Every curve, in the order of IvModel.
[[nodiscard]] std::span<const IvCurveInfo> iv_curves();

[[nodiscard]] const IvCurveInfo& info_of(IvModel model);

}  // namespace crossloom
