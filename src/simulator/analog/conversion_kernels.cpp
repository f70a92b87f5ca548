#include "simulator/analog/conversion_kernels.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <limits>

#include "simulator/analog/kernel_packs.h"

namespace crossloom {
namespace {

// The loops below are written out in packs: compilers make branches of std::min and std::max and then do not vectorize them.
constexpr std::size_t kDoubles = kPackBytes / sizeof(double);
constexpr std::size_t kFloats = kPackBytes / sizeof(float);

/// A quantizer with its divisions done.
struct QuantizerFactors {
  double low;
  double high;
  double scale;
  double step_size;
};

CROSSLOOM_INLINE QuantizerFactors factors_of(const Quantizer& quantizer) {
  const double range = quantizer.high - quantizer.low;
  return {quantizer.low, quantizer.high, quantizer.num_steps / range, range / quantizer.num_steps};
}

CROSSLOOM_INLINE void quantize_pack(const QuantizerFactors& factors, Pack<double>& value) {
  // Adding and taking away 1.5 x 2^52 rounds to a whole number, halves to even, in any instruction set.
  constexpr double kRounder = 6755399441055744.0;
  const Pack<double> low = Pack<double>{} + factors.low;
  const Pack<double> high = Pack<double>{} + factors.high;
  value = value < low ? low : value;
  value = value > high ? high : value;
  value = (((value - low) * factors.scale + kRounder) - kRounder) * factors.step_size + low;
}

/// Values that are currents already.
struct NoUnits {};

CROSSLOOM_INLINE void load_pack(const double* values, const NoUnits&, Pack<double>& value) {
  std::memcpy(&value, values, kPackBytes);
}
CROSSLOOM_INLINE void load_pack(const std::int32_t* sums, const WholeUnits& units, Pack<double>& value) {
  using FourSums __attribute__((vector_size(kPackBytes / 2))) = std::int32_t;
  FourSums four;
  std::memcpy(&four, sums, sizeof(four));
  value = (__builtin_convertvector(four, Pack<double>) * units.step + units.base) * units.unit;
}

template <class Source, class Units>
CROSSLOOM_INLINE void add_quantized_pack(const QuantizerFactors& factors, const Source* values, const Units& units,
                                         double weight, double* sum) {
  Pack<double> value;
  load_pack(values, units, value);
  quantize_pack(factors, value);
  Pack<double> total;
  std::memcpy(&total, sum, kPackBytes);
  total += weight * value;
  std::memcpy(sum, &total, kPackBytes);
}

template <class Source, class Units>
CROSSLOOM_INLINE void add_quantized_each(const Quantizer& quantizer, const Source* values, std::size_t count,
                                         const Units& units, double weight, double* sum) {
  const QuantizerFactors factors = factors_of(quantizer);
  std::size_t i = 0;
  for (; i + kDoubles <= count; i += kDoubles) add_quantized_pack(factors, values + i, units, weight, sum + i);
  if (i == count) return;
  std::array<Source, kDoubles> last = {};
  std::array<double, kDoubles> total = {};
  std::copy(values + i, values + count, last.begin());
  std::copy(sum + i, sum + count, total.begin());
  add_quantized_pack(factors, last.data(), units, weight, total.data());
  std::copy_n(total.begin(), count - i, sum + i);
}

CROSSLOOM_INLINE void quantize_each(const Quantizer& quantizer, double* values, std::size_t count) {
  const QuantizerFactors factors = factors_of(quantizer);
  Pack<double> value;
  std::size_t i = 0;
  for (; i + kDoubles <= count; i += kDoubles) {
    std::memcpy(&value, values + i, kPackBytes);
    quantize_pack(factors, value);
    std::memcpy(values + i, &value, kPackBytes);
  }
  if (i == count) return;
  value = Pack<double>{};
  std::memcpy(&value, values + i, (count - i) * sizeof(double));
  quantize_pack(factors, value);
  std::memcpy(values + i, &value, (count - i) * sizeof(double));
}

CROSSLOOM_INLINE void scale_whole_each(const std::int32_t* sums, std::size_t count, const WholeUnits units, double* out) {
  for (std::size_t i = 0; i < count; ++i) out[i] = (static_cast<double>(sums[i]) * units.step + units.base) * units.unit;
}

CROSSLOOM_INLINE bool encode_each(const InputSteps steps, double* values, std::size_t count, std::int32_t* codes) {
  // kRounder as above.
  constexpr double kRounder = 6755399441055744.0;
  constexpr double kLargest = std::numeric_limits<double>::max();
  std::int64_t num_bad = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const double value = values[i] / steps.largest_value;
    num_bad += std::abs(value) <= kLargest ? 0 : 1;
    values[i] = std::min(std::max(value, steps.low), 1.0);
  }
  if (num_bad > 0) return false;
  if (steps.num_codes == 0.0) {
    std::fill(codes, codes + count, 0);
    return true;
  }
  for (std::size_t i = 0; i < count; ++i) {
    const double code = (values[i] * steps.num_codes + kRounder) - kRounder;
    values[i] = code / steps.num_codes;
    codes[i] = static_cast<std::int32_t>(code);
  }
  return true;
}

CROSSLOOM_INLINE void add_codes_pack(const CodeConverter& converter, const float* values, float weight, float* sums) {
  // As kRounder above, in binary32: 1.5 x 2^23.
  constexpr float kSmallRounder = 12582912.0F;
  const Pack<float> low = Pack<float>{} + converter.low;
  const Pack<float> high = Pack<float>{} + converter.high;
  Pack<float> value;
  Pack<float> total;
  std::memcpy(&value, values, kPackBytes);
  std::memcpy(&total, sums, kPackBytes);
  value *= converter.inverse_step;
  value = value < low ? low : value;
  value = value > high ? high : value;
  total += weight * ((value + kSmallRounder) - kSmallRounder);
  std::memcpy(sums, &total, kPackBytes);
}

CROSSLOOM_INLINE void add_codes_each(const CodeConverter& converter, const float* values, std::size_t count, float weight,
                                     float* sums) {
  std::size_t i = 0;
  for (; i + kFloats <= count; i += kFloats) add_codes_pack(converter, values + i, weight, sums + i);
  if (i == count) return;
  std::array<float, kFloats> last = {};
  std::array<float, kFloats> total = {};
  std::copy(values + i, values + count, last.begin());
  std::copy(sums + i, sums + count, total.begin());
  add_codes_pack(converter, last.data(), weight, total.data());
  std::copy_n(total.begin(), count - i, sums + i);
}

#if defined(__x86_64__)
CROSSLOOM_FOR_AVX2 void add_codes_avx2(const CodeConverter& converter, const float* values, std::size_t count, float weight,
                                       float* sums) {
  add_codes_each(converter, values, count, weight, sums);
}
CROSSLOOM_FOR_AVX2 void quantize_avx2(const Quantizer& quantizer, double* values, std::size_t count) {
  quantize_each(quantizer, values, count);
}
CROSSLOOM_FOR_AVX2 void add_quantized_avx2(const Quantizer& quantizer, const double* values, std::size_t count, double weight,
                                           double* sum) {
  add_quantized_each(quantizer, values, count, NoUnits{}, weight, sum);
}
CROSSLOOM_FOR_AVX2 void scale_whole_avx2(const std::int32_t* sums, std::size_t count, const WholeUnits& units, double* out) {
  scale_whole_each(sums, count, units, out);
}
CROSSLOOM_FOR_AVX2 void add_quantized_whole_avx2(const Quantizer& quantizer, const std::int32_t* sums, std::size_t count,
                                                 const WholeUnits& units, double weight, double* sum) {
  add_quantized_each(quantizer, sums, count, units, weight, sum);
}
CROSSLOOM_FOR_AVX2 bool encode_avx2(const InputSteps& steps, double* values, std::size_t count, std::int32_t* codes) {
  return encode_each(steps, values, count, codes);
}
#endif

}  // namespace

void quantize(const Quantizer& quantizer, std::span<double> values) {
#if defined(__x86_64__)
  if (has_avx2()) return quantize_avx2(quantizer, values.data(), values.size());
#endif
  quantize_each(quantizer, values.data(), values.size());
}

void add_quantized(const Quantizer& quantizer, std::span<const double> values, double weight, double* sum) {
#if defined(__x86_64__)
  if (has_avx2()) return add_quantized_avx2(quantizer, values.data(), values.size(), weight, sum);
#endif
  add_quantized_each(quantizer, values.data(), values.size(), NoUnits{}, weight, sum);
}

void scale_whole(std::span<const std::int32_t> sums, const WholeUnits& units, double* out) {
#if defined(__x86_64__)
  if (has_avx2()) return scale_whole_avx2(sums.data(), sums.size(), units, out);
#endif
  scale_whole_each(sums.data(), sums.size(), units, out);
}

void add_quantized(const Quantizer& quantizer, std::span<const std::int32_t> sums, const WholeUnits& units, double weight,
                   double* sum) {
#if defined(__x86_64__)
  if (has_avx2()) return add_quantized_whole_avx2(quantizer, sums.data(), sums.size(), units, weight, sum);
#endif
  add_quantized_each(quantizer, sums.data(), sums.size(), units, weight, sum);
}

bool encode(const InputSteps& steps, std::span<double> values, std::int32_t* codes) {
#if defined(__x86_64__)
  if (has_avx2()) return encode_avx2(steps, values.data(), values.size(), codes);
#endif
  return encode_each(steps, values.data(), values.size(), codes);
}

void add_codes(const CodeConverter& converter, std::span<const float> values, float weight, float* sums) {
#if defined(__x86_64__)
  if (has_avx2()) return add_codes_avx2(converter, values.data(), values.size(), weight, sums);
#endif
  add_codes_each(converter, values.data(), values.size(), weight, sums);
}

}  // namespace crossloom
