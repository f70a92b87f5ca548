#pragma once

#include <cstdint>
#include <span>

/// Loops over the values on their way into an array and out of it: row drivers, converters, sums of codes. Results do not
/// depend on the instruction set.
namespace crossloom {

/// Currents as whole numbers of level steps: value = (sum x step + base) x unit.
struct WholeUnits {
  double step = 1.0;
  double base = 0.0;
  double unit = 1.0;
};
/// out[i] = the value of sums[i].
void scale_whole(std::span<const std::int32_t> sums, const WholeUnits& units, double* out);

/// A uniform quantizer: clips to [low, high] and rounds to the nearest of `num_steps` + 1 equally spaced values, halves to
/// even.
struct Quantizer {
  double low = 0.0;
  double high = 1.0;
  double num_steps = 1.0;
};
void quantize(const Quantizer& quantizer, std::span<double> values);
/// sum[i] += weight x values[i] quantized.
void add_quantized(const Quantizer& quantizer, std::span<const double> values, double weight, double* sum);

/// The same of whole numbers: sum[i] += weight x the value of sums[i] quantized.
void add_quantized(const Quantizer& quantizer, std::span<const std::int32_t> sums, const WholeUnits& units, double weight,
                   double* sum);

/// Row drivers: value / largest_value is clipped to [low, 1] and rounded to a multiple of 1 / num_codes, halves to even.
struct InputSteps {
  double largest_value = 1.0;
  double low = 0.0;
  double num_codes = 1.0;  ///< at most 2^31 - 1; 0: no rounding, all codes 0
};
/// Encodes `values` in place and sets `codes`, whole numbers of 1 / num_codes. False when a value is not finite.
[[nodiscard]] bool encode(const InputSteps& steps, std::span<double> values, std::int32_t* codes);

/// sums[i] += weight x code of values[i], with code = rint(value x inverse_step), halves to even, clipped to the whole numbers
/// [low, high] within +-2^22. Exact while no sum exceeds 2^24.
struct CodeConverter {
  float inverse_step = 1.0F;
  float low = 0.0F;
  float high = 1.0F;
};
void add_codes(const CodeConverter& converter, std::span<const float> values, float weight, float* sums);

}  // namespace crossloom
