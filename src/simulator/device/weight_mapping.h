#pragma once

#include <cstdint>
#include <vector>

#include "simulator/device/array_config.h"
#include "simulator/device/real_matrix.h"

namespace crossloom {

/// Target conductances of one slice of a block, in units of g_max, input lines x output lines.
struct ConductanceSlice {
  RealMatrix positive;        ///< G+, or the only cells of an offset mapping
  RealMatrix negative = {};   ///< G-; empty for an offset mapping
  double significance = 1.0;  ///< what a current of one g_max - g_min adds to the output, in units of weight_max x input_max
  friend bool operator==(const ConductanceSlice&, const ConductanceSlice&) = default;
};

/// How far the range of the weights uses the range of the conductances.
struct RangeUse {
  double clipped_fraction = 0.0;  ///< of the weights beyond +-weight_max
  double used_fraction = 0.0;     ///< largest magnitude / weight_max; above 1 when weights are clipped
  double g_low_siemens = 0.0;     ///< lowest and highest conductance that a cell is set to
  double g_high_siemens = 0.0;
  friend bool operator==(const RangeUse&, const RangeUse&) = default;
};

/// Weights as conductances. The output in units of weight_max x input_max is
///
///     y = sum over slices of significance x (I+ - I-) - offset_per_input x sum of inputs
///
/// with I in units of g_max x read voltage and inputs in units of input_max.
struct MappedWeights {
  std::vector<ConductanceSlice> slices = {};
  double offset_per_input = 0.0;
  RangeUse range_use = {};
  friend bool operator==(const MappedWeights&, const MappedWeights&) = default;
};

/// Bits of one slice: weight_bits / num_slices when that is whole; otherwise ceil((weight_bits - 1) / num_slices) for
/// magnitudes, ceil(weight_bits / num_slices) for offset digits.
[[nodiscard]] std::int64_t bits_per_slice(const ArrayWeights& weights);

/// Maps `weights` (output lines x input lines, any unit) to conductances, with rint = round half to even, w in units of
/// weight_max, g = g_min / g_max, R = 1 - g, L = num_levels, M = 2^(weight_bits - 1) - 1:
/// - one slice, one-sided: G+ = g + R w for w at least half a level, else g; G- likewise for -w;
/// - one slice, two-sided: G+- = g + R (1 +- w) / 2;
/// - one slice, offset: G = 1 - R' + R' (w + 1) / 2 with R' = R (L - 2) / (L - 1), so that w = 0 is a level;
/// - slices, one-sided: n = rint(M w), digits of |n| in base 2^b on the cell of its sign, G = g + R digit / (2^b - 1);
/// - slices, offset: n = rint(M w) + M + 1, its digits likewise.
/// Targets are then set to the nearest level, halves to even. Throws UserError when a weight is not finite.
[[nodiscard]] MappedWeights map_weights(const RealMatrix& weights, const ArrayConfig& array);

}  // namespace crossloom
