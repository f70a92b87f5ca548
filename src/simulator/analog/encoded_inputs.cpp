#include "simulator/analog/encoded_inputs.h"

#include <algorithm>
#include <cmath>

#include "support/error.h"

namespace crossloom {

EncodedInputs encode_inputs(const RealMatrix& vectors, const ArrayInputs& config) {
  EncodedInputs encoded{.num_vectors = vectors.rows, .num_lines = vectors.cols, .values = vectors.values};
  const double low = config.encoding == DacEncoding::kUnsigned ? 0.0 : -1.0;
  const auto largest = static_cast<double>(largest_input_code(config));
  constexpr double kRounder = 6755399441055744.0;  // 1.5 x 2^52
  std::int64_t num_clipped = 0;
  if (config.bits > 0) encoded.codes.reserve(encoded.values.size());
  for (double& value : encoded.values) {
    if (!std::isfinite(value)) throw UserError("inputs: a value is not a finite number");
    value /= config.input_max;
    if (value < low || value > 1.0) ++num_clipped;
    value = std::clamp(value, low, 1.0);
    if (config.bits == 0) continue;
    // Rounds halves to even, as std::rint, without a call.
    const double code = (value * largest + kRounder) - kRounder;
    value = code / largest;
    encoded.codes.push_back(static_cast<std::int32_t>(code));
  }
  if (!encoded.values.empty()) {
    encoded.clipped_fraction = static_cast<double>(num_clipped) / static_cast<double>(encoded.values.size());
  }
  return encoded;
}

PhaseWeights phase_weights(const ArrayInputs& config) {
  if (config.bits == 0) return {};
  if (config.bits_per_phase == 0) {
    const std::int64_t magnitude_bits = config.encoding == DacEncoding::kUnsigned ? config.bits : config.bits - 1;
    return {.bits = magnitude_bits, .largest_digit = largest_input_code(config)};
  }
  return {.bits = config.bits_per_phase, .largest_digit = (std::int64_t{1} << config.bits_per_phase) - 1};
}

}  // namespace crossloom
