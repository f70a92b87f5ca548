#pragma once

#include <cstdint>
#include <vector>

#include "simulator/device/array_config.h"
#include "simulator/device/real_matrix.h"

namespace crossloom {

/// Inputs as the row drivers see them, vectors x input lines.
struct EncodedInputs {
  std::int64_t first_vector = 0;  ///< place of the first one in the whole batch: key of its read noise
  std::int64_t num_vectors = 0;
  std::int64_t num_lines = 0;
  std::vector<double> values = {};       ///< in units of input_max, after the DAC
  std::vector<std::int32_t> codes = {};  ///< values x largest_input_code; 0 for analog inputs
};

/// Clips to [0, input_max] (unsigned) or +-input_max (sign-magnitude; analog inputs: whichever the encoding says) and rounds,
/// halves to even, to the nearest of the DAC's values. Throws UserError when an input is not finite.
[[nodiscard]] EncodedInputs encode_inputs(RealMatrix vectors, const ArrayInputs& config);

/// What is driven in one phase: digits of `bits_per_phase` bits (all at once when that is 0), with the input's sign.
struct PhaseWeights {
  std::int64_t bits = 0;           ///< of a digit
  std::int64_t largest_digit = 1;  ///< drives the read voltage
};
[[nodiscard]] PhaseWeights phase_weights(const ArrayInputs& config);

/// The digit of `code` in `phase`, with its sign.
[[nodiscard]] inline std::int32_t digit_of(std::int32_t code, std::int64_t phase, std::int64_t bits) {
  const std::int32_t magnitude = code < 0 ? -code : code;
  const std::int32_t digit = (magnitude >> (phase * bits)) & ((1 << bits) - 1);
  return code < 0 ? -digit : digit;
}

}  // namespace crossloom
