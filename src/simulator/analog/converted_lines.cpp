#include "simulator/analog/converted_lines.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdlib>
#include <numeric>
#include <utility>

#include "simulator/analog/bit_patterns.h"
#include "simulator/analog/iv_curves.h"
#include "simulator/analog/nodal_network.h"
#include "simulator/analog/wire_transfer.h"
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

/// What the noise of all cells means for the current of an output, by input and output line.
struct ReadNoiseSums {
  RealMatrix variances;
  RealMatrix mean_shifts;
};

/// Adds a plane's cells: moments x (transfer / conductance), squared for the variance; `sign` is that of the plane. With wires
/// this takes the change of a cell's current as the wires pass it on, and leaves out what it does to its neighbours' voltages.
void add_moments(const RealMatrix& cells, const RealMatrix& seen, const ReadNoise& noise, const ArrayCell& cell, double sign,
                 ReadNoiseSums& sums) {
  for (std::size_t i = 0; i < cells.values.size(); ++i) {
    const double passed = passed_by_wires(cells.values[i], seen.values[i]);
    const ReadMoments moments = read_moments(cells.values[i], noise, cell);
    sums.variances.values[i] += moments.variance * passed * passed;
    sums.mean_shifts.values[i] += sign * moments.mean_shift * passed;
  }
}

/// Patterns of four bits a byte: of each vector and phase, the bits of the codes with the given sign.
std::vector<std::uint8_t> bit_patterns(const EncodedInputs& inputs, std::int64_t first, std::int64_t last,
                                       std::int64_t first_line, std::int64_t num_lines, std::int64_t num_phases,
                                       bool negative) {
  constexpr std::int64_t kByteBits = 8;
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
      for (std::int64_t phase = 0; phase < num_phases; phase += kByteBits) {
        const std::uint64_t eight = eight_patterns(magnitudes, phase);
        for (std::int64_t bit = 0; bit < std::min(kByteBits, num_phases - phase); ++bit) {
          bytes[(phase + bit) * num_groups] = static_cast<std::uint8_t>(eight >> (kByteBits * bit));
        }
      }
    }
  }
  return patterns;
}

/// Input lines that each pattern drives.
std::int64_t num_driven(const std::uint8_t* pattern, std::int64_t num_groups) {
  std::int64_t count = 0;
  for (std::int64_t group = 0; group < num_groups; ++group) count += std::popcount(pattern[group]);
  return count;
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
  if (has_read_noise_) prepare_read_noise(cells, seen, noise);
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
  double largest_level = 0.0;
  for (double& value : levels.values) {
    value = std::rint((value - level_base_) / level_step_);
    largest_level = std::max(largest_level, std::abs(value));
  }
  // 48 of them are summed in 16 bits (add_subset_sums), digits are 16 bits with a sign, sums 32 (PairMatrix).
  constexpr double kLargestLevel = 511.0;
  constexpr double kLargestDigit = 32767.0;
  constexpr double kLargestSum = 2147483647.0;
  const auto largest_digit = static_cast<double>(phase_weights(array_.inputs).largest_digit);
  const double largest_sum = std::max(largest_level, 1.0) * largest_digit * static_cast<double>(num_inputs_);
  if (largest_level > kLargestLevel || largest_digit > kLargestDigit || largest_sum > kLargestSum) return;
  has_levels_ = true;
  if (drives_bits_) {
    bit_levels_ = StripMatrix<std::int16_t>(levels);
  } else {
    levels_ = PairMatrix(levels);
  }
}

void ConvertedLines::prepare_read_noise(const LineCells& cells, const LineCells& seen, const DeviceNoise& noise) {
  ReadNoiseSums sums{RealMatrix(num_inputs_, num_outputs_), RealMatrix(num_inputs_, num_outputs_)};
  add_moments(cells.positive, seen.positive, noise.read, array_.cell, 1.0, sums);
  if (!cells.negative.values.empty()) add_moments(cells.negative, seen.negative, noise.read, array_.cell, -1.0, sums);
  const auto [least, most] = std::ranges::minmax_element(sums.variances.values);
  if (least != sums.variances.values.end() && *least == *most) {
    uniform_variance_ = *least;
  } else {
    variances_ = StripMatrix<double>(sums.variances);
  }
  const bool is_shifted = std::ranges::any_of(sums.mean_shifts.values, [](double shift) { return shift != 0.0; });
  if (is_shifted) mean_shifts_ = StripMatrix<double>(sums.mean_shifts);
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
        const std::int32_t digit = digit_of(inputs.codes[at(line)], phase, digit_bits);
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

WholeCurrents ConvertedLines::digit_sums(const EncodedInputs& inputs, std::int64_t first, std::int64_t last) const {
  const PhaseWeights weights = phase_weights(array_.inputs);
  const std::int64_t num_rows = (last - first) * num_phases_;
  const std::int64_t stride = 2 * levels_.num_pairs();
  const double unit = 1.0 / static_cast<double>(weights.largest_digit);
  std::vector<std::int16_t> digits(at(num_rows * stride));
  WholeCurrents result{.width = levels_.padded_cols(), .sums = {}, .units = {}};
  result.sums.resize(at(num_rows * result.width));
  result.units.resize(at(num_rows), {.step = level_step_, .base = 0.0, .unit = unit});
  std::int16_t* row = digits.data();
  for (std::int64_t vector = first; vector < last; ++vector) {
    const std::int32_t* codes = inputs.codes.data() + vector * inputs.num_lines + place_.first_input;
    for (std::int64_t phase = 0; phase < num_phases_; ++phase, row += stride) {
      if (num_phases_ == 1) {  // the digit is the code
        for (std::int64_t line = 0; line < num_inputs_; ++line) row[line] = static_cast<std::int16_t>(codes[line]);
      } else {
        for (std::int64_t line = 0; line < num_inputs_; ++line) {
          row[line] = static_cast<std::int16_t>(digit_of(codes[line], phase, weights.bits));
        }
      }
      if (level_base_ == 0.0) continue;
      const std::int64_t sum = std::accumulate(row, row + num_inputs_, std::int64_t{0});
      result.units[at((vector - first) * num_phases_ + phase)].base = level_base_ * static_cast<double>(sum);
    }
  }
  add_products(levels_, digits.data(), num_rows, result.sums.data());
  return result;
}

WholeCurrents ConvertedLines::bit_sums(const EncodedInputs& inputs, std::int64_t first, std::int64_t last) const {
  const std::int64_t num_rows = (last - first) * num_phases_;
  const std::int64_t num_groups = (num_inputs_ + 3) / 4;
  WholeCurrents result{.width = bit_levels_.padded_cols(), .sums = {}, .units = {}};
  result.sums.resize(at(num_rows * result.width));
  result.units.resize(at(num_rows), {.step = level_step_, .base = 0.0, .unit = 1.0});
  const auto add = [&](bool is_negative, std::vector<std::int32_t>& sums) {
    const std::vector<std::uint8_t> patterns =
        bit_patterns(inputs, first, last, place_.first_input, num_inputs_, num_phases_, is_negative);
    add_subset_sums(bit_levels_, patterns.data(), num_rows, sums.data());
    if (level_base_ == 0.0) return;
    for (std::int64_t row = 0; row < num_rows; ++row) {
      const double base = level_base_ * static_cast<double>(num_driven(patterns.data() + row * num_groups, num_groups));
      result.units[at(row)].base += is_negative ? -base : base;
    }
  };
  add(false, result.sums);
  if (array_.inputs.encoding == DacEncoding::kSignMagnitude) {
    std::vector<std::int32_t> negative(result.sums.size());
    add(true, negative);
    for (std::size_t i = 0; i < negative.size(); ++i) result.sums[i] -= negative[i];
  }
  return result;
}

WholeCurrents ConvertedLines::whole_currents(const EncodedInputs& inputs, std::int64_t first, std::int64_t last) const {
  return drives_bits_ ? bit_sums(inputs, first, last) : digit_sums(inputs, first, last);
}

std::vector<double> ConvertedLines::subset_currents(const EncodedInputs& inputs, std::int64_t first, std::int64_t last) const {
  const std::int64_t num_rows = (last - first) * num_phases_;
  const auto sums_of = [&](bool is_negative) {
    std::vector<double> sums(at(num_rows * conductances_.padded_cols()));
    const std::vector<std::uint8_t> patterns =
        bit_patterns(inputs, first, last, place_.first_input, num_inputs_, num_phases_, is_negative);
    add_subset_sums(conductances_, patterns.data(), num_rows, sums.data());
    return sums;
  };
  std::vector<double> sums = sums_of(false);
  if (array_.inputs.encoding == DacEncoding::kSignMagnitude) {
    const std::vector<double> negative = sums_of(true);
    for (std::size_t i = 0; i < sums.size(); ++i) sums[i] -= negative[i];
  }
  return sums;
}

std::vector<double> ConvertedLines::currents(const EncodedInputs& inputs, std::int64_t first, std::int64_t last) const {
  const std::int64_t num_rows = (last - first) * num_phases_;
  if (has_levels_) {
    const WholeCurrents whole = whole_currents(inputs, first, last);
    std::vector<double> result(at(num_rows * padded_outputs_));
    for (std::int64_t row = 0; row < num_rows; ++row) {
      scale_whole({whole.sums.data() + row * whole.width, at(num_outputs_)}, whole.units[at(row)],
                  result.data() + row * padded_outputs_);
    }
    return result;
  }
  if (is_nodal_) return nodal_currents(driven(inputs, first, last));
  std::vector<double> products;
  if (drives_bits_) {
    products = subset_currents(inputs, first, last);
  } else {
    products.resize(at(num_rows * conductances_.padded_cols()));
    add_products(conductances_, driven(inputs, first, last).data(), num_rows, products.data());
  }
  const std::int64_t width = conductances_.padded_cols();
  if (width == padded_outputs_) return products;
  std::vector<double> result(at(num_rows * padded_outputs_));
  for (std::int64_t row = 0; row < num_rows; ++row) {
    std::copy_n(products.data() + row * width, num_outputs_, result.data() + row * padded_outputs_);
  }
  return result;
}

void ConvertedLines::add_read_noise(const EncodedInputs& inputs, std::int64_t first, std::int64_t last, std::uint64_t seed,
                                    std::uint64_t layer, std::uint64_t read_trial, std::vector<double>& currents) const {
  if (!has_read_noise_) return;
  const std::vector<double> volts = driven(inputs, first, last);
  const std::int64_t num_rows = (last - first) * num_phases_;
  if (mean_shifts_.rows() > 0) {
    const std::int64_t shift_width = mean_shifts_.padded_cols();
    std::vector<double> shifts(at(num_rows * shift_width));
    add_products(mean_shifts_, volts.data(), num_rows, shifts.data());
    for (std::int64_t row = 0; row < num_rows; ++row) {
      for (std::int64_t col = 0; col < num_outputs_; ++col) {
        currents[at(row * padded_outputs_ + col)] += shifts[at(row * shift_width + col)];
      }
    }
  }
  std::vector<double> squares = volts;
  for (double& value : squares) value *= value;
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
