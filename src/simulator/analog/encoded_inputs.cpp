#include "simulator/analog/encoded_inputs.h"

#include <utility>

#include "simulator/analog/conversion_kernels.h"
#include "support/error.h"

namespace crossloom {

EncodedInputs encode_inputs(RealMatrix vectors, const ArrayInputs& config) {
  EncodedInputs encoded{.num_vectors = vectors.rows, .num_lines = vectors.cols, .values = std::move(vectors.values)};
  const InputSteps steps{.largest_value = config.input_max,
                         .low = config.encoding == DacEncoding::kUnsigned ? 0.0 : -1.0,
                         .num_codes = config.bits > 0 ? static_cast<double>(largest_input_code(config)) : 0.0};
  encoded.codes.resize(encoded.values.size());
  if (!encode(steps, encoded.values, encoded.codes.data())) throw UserError("inputs: a value is not a finite number");
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
