#include "simulator/analog/converted_lines.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <utility>

#include "simulator/analog/iv_curves.h"
#include "simulator/analog/nodal_network.h"
#include "simulator/device/read_noise.h"
#include "support/random_stream.h"

namespace crossloom {
namespace {

std::size_t at(std::int64_t index) { return static_cast<std::size_t>(index); }

RealMatrix difference(const RealMatrix& positive, const RealMatrix& negative) {
  RealMatrix result = positive;
  for (std::size_t i = 0; i < negative.values.size(); ++i) result.values[i] -= negative.values[i];
  return result;
}

/// Whether cells leave their targets, so that no arithmetic of targets is left in them.
bool has_moved_cells(const DeviceNoise& noise) {
  return noise.programming.model != ProgrammingModel::kNone || noise.drift.time_s > noise.drift.reference_time_s;
}

/// Conductances that went through siemens in binary32, as CrossSim 3 does for nonlinear cells.
void round_siemens_to_binary32(RealMatrix& cells, const ArrayCell& cell) {
  const auto low = static_cast<float>(cell.g_min_siemens);
  const auto span = static_cast<float>(cell.g_max_siemens - cell.g_min_siemens);
  const auto relative_low = static_cast<float>(cell.relative_min());
  const auto relative_span = static_cast<float>(cell.relative_range());
  for (double& value : cells.values) {
    const float siemens = low + span * (static_cast<float>(value) - relative_low) / relative_span;
    value = static_cast<double>(siemens) / cell.g_max_siemens;
  }
}

/// Adds what the noise of a plane's cells means for the current of an output: (sigma x transfer / conductance)^2. With wires
/// this takes the change of a cell's current as the wires pass it on, and leaves out what it does to its neighbours' voltages.
void add_variances(const RealMatrix& cells, const RealMatrix& seen, const ReadNoise& noise, const ArrayCell& cell,
                   RealMatrix& variances) {
  const ReadNoiseInfo& model = info_of(noise.model);
  for (std::size_t i = 0; i < cells.values.size(); ++i) {
    const double passed = cells.values[i] == seen.values[i] ? 1.0 : seen.values[i] / cells.values[i];
    const double sigma = model.sigma_siemens(cells.values[i] * cell.g_max_siemens, noise, cell) / cell.g_max_siemens * passed;
    variances.values[i] += sigma * sigma;
  }
}

/// Patterns of four bits a byte: of each vector and phase, the bits of the codes with the given sign.
std::vector<std::uint8_t> bit_patterns(const EncodedInputs& inputs, std::int64_t first, std::int64_t last,
                                       std::int64_t first_line, std::int64_t num_lines, std::int64_t num_phases,
                                       bool negative) {
  const std::int64_t num_groups = (num_lines + 3) / 4;
  std::vector<std::uint8_t> patterns(at((last - first) * num_phases * num_groups));
  for (std::int64_t vector = first; vector < last; ++vector) {
    const std::int32_t* codes = inputs.codes.data() + vector * inputs.num_lines + first_line;
    std::uint8_t* bytes = patterns.data() + (vector - first) * num_phases * num_groups;
    for (std::int64_t group = 0; group < num_groups; ++group, ++bytes) {
      std::array<std::uint32_t, 4> magnitudes = {};
      for (std::int64_t i = 0; i < std::min<std::int64_t>(4, num_lines - 4 * group); ++i) {
        const std::int32_t code = codes[4 * group + i];
        magnitudes[at(i)] = static_cast<std::uint32_t>(std::max(negative ? -code : code, 0));
      }
      for (std::int64_t phase = 0; phase < num_phases; ++phase) {
        std::uint32_t pattern = 0;
        for (std::uint32_t i = 0; i < 4; ++i) pattern |= ((magnitudes[i] >> phase) & 1U) << i;
        bytes[phase * num_groups] = static_cast<std::uint8_t>(pattern);
      }
    }
  }
  return patterns;
}

}  // namespace

ConvertedLines::ConvertedLines(const LinesPlace& place, LineCells cells, LineCells seen, const ArrayConfig& array,
                               const DeviceNoise& noise, std::int64_t num_steps)
    : place_(place),
      array_(array),
      num_inputs_(cells.positive.rows),
      num_outputs_(cells.positive.cols),
      num_phases_(num_phases(array.inputs)) {
  const bool is_linear = array.iv.model == IvModel::kLinear;
  const bool has_wires = array.wires.have_resistance();
  is_nodal_ = has_wires && !is_linear;
  drives_bits_ = is_linear && array.inputs.bits > 0 && phase_weights(array.inputs).largest_digit == 1;
  if (!is_linear && array.weights.target_precision == TargetPrecision::kBinary32) {
    round_siemens_to_binary32(cells.positive, array.cell);
    round_siemens_to_binary32(cells.negative, array.cell);
  }
  if (!has_wires || !is_linear) seen = cells;
  has_read_noise_ = noise.read.model != ReadNoiseModel::kNone && noise.read.magnitude > 0.0;
  if (has_read_noise_) prepare_variance(cells, seen, noise);
  if (num_steps > 0 && is_linear && !has_wires && array.inputs.bits > 0) prepare_levels(cells, num_steps);
  if (!has_levels_) {
    RealMatrix net = difference(seen.positive, seen.negative);
    if (array.weights.target_precision == TargetPrecision::kBinary32 && is_linear && !has_wires && !has_moved_cells(noise)) {
      for (double& value : net.values) value = static_cast<double>(static_cast<float>(value));
    }
    conductances_ = StripMatrix<double>(net);
  }
  // One width for every kernel's padding.
  padded_outputs_ = StripMatrix<std::int16_t>::kStripCols *
                    ((num_outputs_ + StripMatrix<std::int16_t>::kStripCols - 1) / StripMatrix<std::int16_t>::kStripCols);
  if (is_nodal_) nodal_cells_ = std::move(cells);
}

void ConvertedLines::prepare_levels(const LineCells& cells, std::int64_t num_steps) {
  const bool is_pair = !cells.negative.values.empty();
  level_step_ = array_.cell.relative_range() / static_cast<double>(num_steps);
  level_base_ = is_pair ? 0.0 : array_.cell.relative_min();
  RealMatrix levels = difference(cells.positive, cells.negative);
  for (double& value : levels.values) {
    value = std::rint((value - level_base_) / level_step_);
    largest_level_ = std::max(largest_level_, std::abs(value));
  }
  // 64 of them are summed in 16 bits (add_subset_sums).
  constexpr double kLargestLevel = 511.0;
  if (largest_level_ > kLargestLevel) return;
  has_levels_ = true;
  if (drives_bits_) {
    bit_levels_ = StripMatrix<std::int16_t>(levels);
  } else {
    levels_ = StripMatrix<float>(levels);
  }
}

void ConvertedLines::prepare_variance(const LineCells& cells, const LineCells& seen, const DeviceNoise& noise) {
  RealMatrix variances(num_inputs_, num_outputs_);
  add_variances(cells.positive, seen.positive, noise.read, array_.cell, variances);
  if (!cells.negative.values.empty()) add_variances(cells.negative, seen.negative, noise.read, array_.cell, variances);
  const auto [least, most] = std::ranges::minmax_element(variances.values);
  if (least != variances.values.end() && *least == *most) {
    uniform_variance_ = *least;
  } else {
    variances_ = StripMatrix<double>(variances);
  }
}

double ConvertedLines::drive(std::int32_t digit, double value) const {
  const double volt = array_.inputs.bits == 0
                          ? value
                          : static_cast<double>(digit) / static_cast<double>(phase_weights(array_.inputs).largest_digit);
  if (array_.iv.model == IvModel::kLinear || is_nodal_) return volt;
  const double unit = array_.cell.read_voltage_volt;
  return info_of(array_.iv.model).shape_volt(volt * unit, array_.iv.coefficient) / unit;
}

std::vector<double> ConvertedLines::driven(const EncodedInputs& inputs, std::int64_t first, std::int64_t last) const {
  const std::int64_t digit_bits = phase_weights(array_.inputs).bits;
  std::vector<double> result;
  result.reserve(at((last - first) * num_phases_ * num_inputs_));
  for (std::int64_t vector = first; vector < last; ++vector) {
    const std::int64_t begin = vector * inputs.num_lines + place_.first_input;
    for (std::int64_t phase = 0; phase < num_phases_; ++phase) {
      for (std::int64_t line = begin; line < begin + num_inputs_; ++line) {
        const std::int32_t digit = inputs.codes.empty() ? 0 : digit_of(inputs.codes[at(line)], phase, digit_bits);
        result.push_back(drive(digit, inputs.values[at(line)]));
      }
    }
  }
  return result;
}

std::vector<double> ConvertedLines::nodal_currents(const std::vector<double>& driven) const {
  const auto num_vectors = static_cast<std::int64_t>(driven.size()) / num_inputs_;
  std::vector<double> result(at(num_vectors * padded_outputs_));
  for (std::int64_t vector = 0; vector < num_vectors; ++vector) {
    const std::span<const double> volts(driven.data() + vector * num_inputs_, at(num_inputs_));
    double* out = result.data() + vector * padded_outputs_;
    const std::vector<double> positive = solve_nodes(nodal_cells_.positive, volts, array_).output_currents;
    std::ranges::copy(positive, out);
    if (nodal_cells_.negative.values.empty()) continue;
    const std::vector<double> negative = solve_nodes(nodal_cells_.negative, volts, array_).output_currents;
    for (std::size_t i = 0; i < negative.size(); ++i) out[i] -= negative[i];
  }
  return result;
}

std::vector<double> ConvertedLines::level_products(const EncodedInputs& inputs, std::int64_t first, std::int64_t last) const {
  const PhaseWeights weights = phase_weights(array_.inputs);
  const std::int64_t num_vectors = (last - first) * num_phases_;
  std::vector<float> digits;
  digits.reserve(at(num_vectors * num_inputs_));
  std::vector<double> base(at(num_vectors));
  for (std::int64_t vector = first; vector < last; ++vector) {
    const std::int32_t* codes = inputs.codes.data() + vector * inputs.num_lines + place_.first_input;
    for (std::int64_t phase = 0; phase < num_phases_; ++phase) {
      std::int64_t sum = 0;
      for (std::int64_t line = 0; line < num_inputs_; ++line) {
        const std::int32_t digit = digit_of(codes[line], phase, weights.bits);
        digits.push_back(static_cast<float>(digit));
        sum += digit;
      }
      base[at((vector - first) * num_phases_ + phase)] = level_base_ * static_cast<double>(sum);
    }
  }
  // Whole numbers up to 2^24 are exact in binary32: as many rows at once as keep every sum below that.
  constexpr double kExact = 16777216.0;
  const double largest_product = std::max(largest_level_, 1.0) * static_cast<double>(weights.largest_digit);
  const auto rows_at_once = std::max<std::int64_t>(static_cast<std::int64_t>(kExact / largest_product), 1);
  const std::int64_t width = levels_.padded_cols();
  const double unit = 1.0 / static_cast<double>(weights.largest_digit);
  std::vector<double> result(at(num_vectors * padded_outputs_));
  std::vector<float> sums(at(num_vectors * width));
  for (std::int64_t row = 0; row < num_inputs_; row += rows_at_once) {
    std::ranges::fill(sums, 0.0F);
    add_products(levels_, row, std::min(row + rows_at_once, num_inputs_), digits.data(), num_vectors, sums.data());
    for (std::int64_t vector = 0; vector < num_vectors; ++vector) {
      double* out = result.data() + vector * padded_outputs_;
      const float* sum = sums.data() + vector * width;
      for (std::int64_t col = 0; col < num_outputs_; ++col) out[col] += static_cast<double>(sum[col]);
    }
  }
  for (std::int64_t vector = 0; vector < num_vectors; ++vector) {
    double* out = result.data() + vector * padded_outputs_;
    for (std::int64_t col = 0; col < num_outputs_; ++col) out[col] = (out[col] * level_step_ + base[at(vector)]) * unit;
  }
  return result;
}

void ConvertedLines::add_pattern_sums(const std::vector<std::uint8_t>& patterns, double sign,
                                      std::vector<double>& currents) const {
  const auto num_patterns = static_cast<std::int64_t>(currents.size()) / padded_outputs_;
  const std::int64_t num_groups = (num_inputs_ + 3) / 4;
  if (has_levels_) {
    std::vector<std::int32_t> sums(at(num_patterns * bit_levels_.padded_cols()));
    add_subset_sums(bit_levels_, patterns.data(), num_patterns, sums.data());
    for (std::int64_t pattern = 0; pattern < num_patterns; ++pattern) {
      std::int64_t num_driven = 0;
      if (level_base_ != 0.0) {
        for (std::int64_t group = 0; group < num_groups; ++group) {
          num_driven += __builtin_popcount(patterns[at(pattern * num_groups + group)]);
        }
      }
      const double base = sign * level_base_ * static_cast<double>(num_driven);
      double* out = currents.data() + pattern * padded_outputs_;
      const std::int32_t* sum = sums.data() + pattern * bit_levels_.padded_cols();
      add_scaled({sum, at(num_outputs_)}, sign * level_step_, base, out);
    }
    return;
  }
  std::vector<double> sums(at(num_patterns * conductances_.padded_cols()));
  add_subset_sums(conductances_, patterns.data(), num_patterns, sums.data());
  for (std::int64_t pattern = 0; pattern < num_patterns; ++pattern) {
    double* out = currents.data() + pattern * padded_outputs_;
    const double* sum = sums.data() + pattern * conductances_.padded_cols();
    for (std::int64_t col = 0; col < num_outputs_; ++col) out[col] += sign * sum[col];
  }
}

std::vector<double> ConvertedLines::subset_currents(const EncodedInputs& inputs, std::int64_t first, std::int64_t last) const {
  std::vector<double> result(at((last - first) * num_phases_ * padded_outputs_));
  add_pattern_sums(bit_patterns(inputs, first, last, place_.first_input, num_inputs_, num_phases_, false), 1.0, result);
  if (array_.inputs.encoding == DacEncoding::kSignMagnitude) {
    add_pattern_sums(bit_patterns(inputs, first, last, place_.first_input, num_inputs_, num_phases_, true), -1.0, result);
  }
  return result;
}

std::vector<double> ConvertedLines::currents(const EncodedInputs& inputs, std::int64_t first, std::int64_t last) const {
  if (drives_bits_ && !is_nodal_) return subset_currents(inputs, first, last);
  if (has_levels_) return level_products(inputs, first, last);
  const std::vector<double> volts = driven(inputs, first, last);
  if (is_nodal_) return nodal_currents(volts);
  const std::int64_t num_vectors = (last - first) * num_phases_;
  const std::int64_t width = conductances_.padded_cols();
  std::vector<double> products(at(num_vectors * width));
  add_products(conductances_, volts.data(), num_vectors, products.data());
  if (width == padded_outputs_) return products;
  std::vector<double> result(at(num_vectors * padded_outputs_));
  for (std::int64_t vector = 0; vector < num_vectors; ++vector) {
    std::copy_n(products.data() + vector * width, num_outputs_, result.data() + vector * padded_outputs_);
  }
  return result;
}

void ConvertedLines::add_read_noise(const EncodedInputs& inputs, std::int64_t first, std::int64_t last, std::uint64_t seed,
                                    std::uint64_t layer, std::uint64_t read_trial, std::vector<double>& currents) const {
  if (!has_read_noise_) return;
  std::vector<double> squares = driven(inputs, first, last);
  for (double& value : squares) value *= value;
  const std::int64_t num_rows = (last - first) * num_phases_;
  const bool is_uniform = uniform_variance_ >= 0.0;
  const std::int64_t width = is_uniform ? 0 : variances_.padded_cols();
  std::vector<double> variances(at(num_rows * width));
  if (!is_uniform) add_products(variances_, squares.data(), num_rows, variances.data());
  constexpr std::uint64_t kTrialShift = 32;  // the low half of the key's trial counts the vectors
  for (std::int64_t vector = first; vector < last; ++vector) {
    RandomStream random(seed,
                        {.purpose = RandomPurpose::kRead,
                         .layer = layer,
                         .crossbar = place_.id,
                         .trial = (read_trial << kTrialShift) + static_cast<std::uint64_t>(inputs.first_vector + vector)});
    for (std::int64_t phase = 0; phase < num_phases_; ++phase) {
      const std::int64_t row = (vector - first) * num_phases_ + phase;
      double sigma = 0.0;
      if (is_uniform) {
        double sum = 0.0;
        for (std::int64_t line = 0; line < num_inputs_; ++line) sum += squares[at(row * num_inputs_ + line)];
        sigma = std::sqrt(sum * uniform_variance_);
      }
      for (std::int64_t col = 0; col < num_outputs_; ++col) {
        if (!is_uniform) sigma = std::sqrt(variances[at(row * width + col)]);
        currents[at(row * padded_outputs_ + col)] += sigma * random.next_normal();
      }
    }
  }
}

}  // namespace crossloom
