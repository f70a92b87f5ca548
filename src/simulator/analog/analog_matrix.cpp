#include "simulator/analog/analog_matrix.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "simulator/analog/parallel_for.h"
#include "simulator/analog/wire_transfer.h"
#include "simulator/device/programming_models.h"
#include "support/error.h"
#include "support/integer_math.h"

namespace crossloom {
namespace {

std::size_t at(std::int64_t index) { return static_cast<std::size_t>(index); }

/// Level steps between g_min and g_max when cells hold levels and nothing moves them away, else 0.
std::int64_t level_steps(const ArrayConfig& array, const DeviceNoise& noise) {
  const bool moves = noise.programming.model != ProgrammingModel::kNone || noise.drift.time_s > noise.drift.reference_time_s;
  if (moves || array.weights.target_precision == TargetPrecision::kBinary32) return 0;
  if (array.cell.num_levels > 0) return array.cell.num_levels - 1;
  return array.weights.num_slices > 1 ? (std::int64_t{1} << bits_per_slice(array.weights)) - 1 : 0;
}

CurrentRange maximal_range(const ArrayConfig& array, std::int64_t num_inputs) {
  const auto high = static_cast<double>(num_inputs);
  const bool is_signed =
      array.inputs.encoding == DacEncoding::kSignMagnitude || array.adc.model == AdcModel::kSignMagnitude ||
      (array.weights.polarity != WeightPolarity::kOffset && array.weights.pair_subtraction == PairSubtraction::kAnalog);
  return {is_signed ? -high : 0.0, high};
}

/// Vectors handled together: their currents of all phases stay in the second-level cache; bits need more of them, for which
/// tables of sums are made.
std::int64_t vectors_at_once(const ConvertedLines& lines, std::int64_t num_phases) {
  const std::int64_t num_currents = num_phases > 1 ? 32'768 : 8'192;
  return std::max<std::int64_t>(num_currents / (lines.padded_outputs() * num_phases), 1);
}

/// What a current of each phase adds to the current of the whole input, in units of the read voltage.
std::vector<double> phase_significances(const ArrayInputs& inputs) {
  if (inputs.bits == 0) return {1.0};
  const PhaseWeights weights = phase_weights(inputs);
  const double unit = static_cast<double>(weights.largest_digit) / static_cast<double>(largest_input_code(inputs));
  std::vector<double> result;
  for (std::int64_t phase = 0; phase < num_phases(inputs); ++phase) {
    result.push_back(std::ldexp(unit, static_cast<int>(phase * weights.bits)));
  }
  return result;
}

/// Adds the converted currents of row `first_row` on, one a phase, to `sum`, an output each.
void add_whole_phases(const WholeCurrents& whole, std::int64_t first_row, const ConvertedLines& lines,
                      const std::vector<double>& significances, std::span<double> sum) {
  for (std::size_t phase = 0; phase < significances.size(); ++phase) {
    const std::size_t row = at(first_row) + phase;
    lines.converters()->add_converted({whole.sums.data() + row * at(whole.width), at(lines.num_outputs())}, whole.units[row],
                                      lines.place().significance * significances[phase], sum.data());
  }
}

/// Adds the converted currents of one vector (phases x padded outputs) to `sum`, an output each.
void add_phases(std::span<double> currents, const ConvertedLines& lines, const std::vector<double>& significances,
                bool every_phase, std::span<double> sum) {
  const auto width = at(lines.padded_outputs());
  const auto num_outputs = at(lines.num_outputs());
  const Converters& converters = *lines.converters();
  const double weight = lines.place().significance;
  if (every_phase) {
    for (std::size_t phase = 0; phase < significances.size(); ++phase) {
      converters.add_converted(currents.subspan(phase * width, num_outputs), weight * significances[phase], sum.data());
    }
    return;
  }
  std::vector<double> whole(num_outputs);
  for (std::size_t phase = 0; phase < significances.size(); ++phase) {
    for (std::size_t col = 0; col < num_outputs; ++col) whole[col] += significances[phase] * currents[phase * width + col];
  }
  converters.add_converted(whole, weight, sum.data());
}

}  // namespace

AnalogMatrix::AnalogMatrix(const RealMatrix& weights, const ArrayConfig& array, const DeviceNoise& noise,
                           const AnalogDraws& draws, std::int64_t num_threads)
    : array_(array), draws_(draws), num_inputs_(weights.cols), num_outputs_(weights.rows) {
  for (const std::string& problem : {array_problem(array), programming_problem(noise.programming, array.cell)}) {
    if (!problem.empty()) throw UserError(problem);
  }
  make_lines(weights, noise, num_threads);
  for (ConvertedLines& lines : lines_) {
    if (array.adc.model != AdcModel::kNone && array.adc.range == AdcRange::kCalibrated) continue;
    const std::vector<CurrentRange>& fixed = array.adc.fixed_ranges;
    CurrentRange range = maximal_range(array, lines.num_inputs());
    if (array.adc.model != AdcModel::kNone && array.adc.range == AdcRange::kFixed) {
      range = fixed[fixed.size() == 1 ? 0 : at(lines.place().slice)];
    }
    lines.set_converters(
        Converters(array.adc, range, lines.num_outputs(),
                   RandomStream(draws.seed, {RandomPurpose::kConverter, draws.layer, lines.place().id, draws.trial})));
  }
}

void AnalogMatrix::make_lines(const RealMatrix& weights, const DeviceNoise& noise, std::int64_t num_threads) {
  const MappedWeights mapped = map_weights(weights, array_);
  range_use_ = mapped.range_use;
  offset_per_input_ = mapped.offset_per_input;
  const std::int64_t block_rows = array_.grid.max_rows == 0 ? num_inputs_ : array_.grid.max_rows;
  const std::int64_t block_cols = array_.grid.max_cols == 0 ? num_outputs_ : array_.grid.max_cols;
  struct Job {
    LinesPlace place;
    LineCells cells;
    LineCells seen = {};
  };
  std::vector<Job> jobs;
  std::uint64_t next_id = 0;
  // Each plane is programmed with draws of its own, whichever way the pair is subtracted.
  const auto programmed = [&](const RealMatrix& plane, std::int64_t row0, std::int64_t col0) {
    ++num_arrays_;
    const RandomStream random(draws_.seed, {RandomPurpose::kProgramming, draws_.layer, next_id++, draws_.trial});
    const std::int64_t rows = std::min(block_rows, num_inputs_ - row0);
    const std::int64_t cols = std::min(block_cols, num_outputs_ - col0);
    return program_cells(block_of(plane, row0, col0, rows, cols), noise, array_.cell, random, write_effort_);
  };
  for (std::int64_t row0 = 0; row0 < num_inputs_; row0 += block_rows) {
    for (std::int64_t col0 = 0; col0 < num_outputs_; col0 += block_cols) {
      for (std::size_t slice = 0; slice < mapped.slices.size(); ++slice) {
        const ConductanceSlice& planes = mapped.slices[slice];
        LinesPlace place{row0, col0, static_cast<std::int64_t>(slice), next_id, planes.significance};
        RealMatrix positive = programmed(planes.positive, row0, col0);
        RealMatrix negative = planes.negative.values.empty() ? RealMatrix() : programmed(planes.negative, row0, col0);
        if (negative.values.empty() || array_.weights.pair_subtraction == PairSubtraction::kAnalog) {
          jobs.push_back({place, {std::move(positive), std::move(negative)}});
          continue;
        }
        jobs.push_back({place, {std::move(positive)}});
        ++place.id;
        place.significance = -place.significance;
        jobs.push_back({place, {std::move(negative)}});
      }
    }
  }
  if (array_.wires.have_resistance() && array_.iv.model == IvModel::kLinear) {
    parallel_for(2 * static_cast<std::int64_t>(jobs.size()), num_threads, [&](std::int64_t index) {
      Job& job = jobs[at(index / 2)];
      const RealMatrix& cells = index % 2 == 0 ? job.cells.positive : job.cells.negative;
      RealMatrix& seen = index % 2 == 0 ? job.seen.positive : job.seen.negative;
      if (!cells.values.empty()) seen = wire_transfer(cells, array_.wires, array_.cell.g_max_siemens);
    });
  }
  std::vector<std::optional<ConvertedLines>> made(jobs.size());
  const std::int64_t num_steps = level_steps(array_, noise);
  parallel_for(static_cast<std::int64_t>(jobs.size()), num_threads, [&](std::int64_t index) {
    Job& job = jobs[at(index)];
    made[at(index)].emplace(job.place, std::move(job.cells), std::move(job.seen), array_, noise, num_steps);
  });
  for (std::optional<ConvertedLines>& lines : made) lines_.push_back(std::move(*lines));
}

void AnalogMatrix::check_inputs(const RealMatrix& inputs) const {
  if (inputs.cols == num_inputs_) return;
  throw UserError("inputs: vectors of " + std::to_string(inputs.cols) + " values, the weights have " +
                  std::to_string(num_inputs_) + " inputs");
}

void AnalogMatrix::calibrate(const RealMatrix& inputs, std::int64_t num_threads) {
  if (array_.adc.model == AdcModel::kNone || array_.adc.range != AdcRange::kCalibrated) return;
  check_inputs(inputs);
  const EncodedInputs encoded = encode_inputs(inputs, array_.inputs);
  const std::vector<double> significances = phase_significances(array_.inputs);
  parallel_for(static_cast<std::int64_t>(lines_.size()), num_threads, [&](std::int64_t index) {
    ConvertedLines& lines = lines_[at(index)];
    const std::vector<double> currents = lines.currents(encoded, 0, encoded.num_vectors);
    const auto width = at(lines.padded_outputs());
    std::vector<double> seen;
    for (std::size_t begin = 0; begin < currents.size(); begin += width * significances.size()) {
      for (std::size_t col = 0; col < at(lines.num_outputs()); ++col) {
        double sum = 0.0;
        for (std::size_t phase = 0; phase < significances.size(); ++phase) {
          const double current = currents[begin + phase * width + col];
          if (array_.adc.every_phase) seen.push_back(current);
          sum += significances[phase] * current;
        }
        if (!array_.adc.every_phase) seen.push_back(sum);
      }
    }
    CurrentRange range = calibrated_range(std::move(seen), array_.adc.coverage_fraction);
    if (array_.adc.model == AdcModel::kSignMagnitude) range.low = -range.high;
    lines.set_converters(
        Converters(array_.adc, range, lines.num_outputs(),
                   RandomStream(draws_.seed, {RandomPurpose::kConverter, draws_.layer, lines.place().id, draws_.trial})));
  });
}

RealMatrix AnalogMatrix::multiply(const RealMatrix& inputs, std::uint64_t read_trial, std::int64_t num_threads) const {
  check_inputs(inputs);
  for (const ConvertedLines& lines : lines_) {
    if (!lines.converters()) throw InternalError("AnalogMatrix::multiply: needs calibrate() first");
  }
  RealMatrix outputs(inputs.rows, num_outputs_);
  if (outputs.values.empty() || lines_.empty()) return outputs;
  const std::vector<double> significances = phase_significances(array_.inputs);
  const double unit = array_.weights.weight_max * array_.inputs.input_max;
  const std::int64_t at_once = vectors_at_once(lines_.front(), static_cast<std::int64_t>(significances.size()));
  // Below this many cell reads a thread costs more than it saves.
  constexpr std::int64_t kWorthAThread = 1'000'000;
  const std::int64_t work = inputs.rows * num_inputs_ * num_outputs_ * static_cast<std::int64_t>(significances.size());
  parallel_for(ceil_div(inputs.rows, at_once), work < kWorthAThread ? 1 : num_threads, [&](std::int64_t part) {
    const std::int64_t first = part * at_once;
    const std::int64_t last = std::min(first + at_once, inputs.rows);
    EncodedInputs encoded = encode_inputs(block_of(inputs, first, 0, last - first, num_inputs_), array_.inputs);
    encoded.first_vector = first;
    const auto num_phases = static_cast<std::int64_t>(significances.size());
    // One phase is converted whole, whatever every_phase says.
    const bool converts_phases = array_.adc.every_phase || (num_phases == 1 && significances.front() == 1.0);
    for (const ConvertedLines& lines : lines_) {
      const auto sum_of = [&](std::int64_t vector) {
        return std::span<double>(&outputs.at(vector, lines.place().first_output), at(lines.num_outputs()));
      };
      if (lines.has_whole_currents() && converts_phases) {
        const WholeCurrents whole = lines.whole_currents(encoded, 0, last - first);
        for (std::int64_t vector = first; vector < last; ++vector) {
          add_whole_phases(whole, (vector - first) * num_phases, lines, significances, sum_of(vector));
        }
        continue;
      }
      std::vector<double> currents = lines.currents(encoded, 0, last - first);
      lines.add_read_noise(encoded, 0, last - first, draws_.seed, draws_.layer, read_trial, currents);
      const std::size_t stride = at(lines.padded_outputs()) * significances.size();
      for (std::int64_t vector = first; vector < last; ++vector) {
        const std::span<double> own(currents.data() + at(vector - first) * stride, stride);
        add_phases(own, lines, significances, converts_phases, sum_of(vector));
      }
    }
    if (offset_per_input_ == 0.0 && unit == 1.0) return;
    for (std::int64_t vector = first; vector < last; ++vector) {
      double offset = 0.0;
      if (offset_per_input_ != 0.0) {
        const auto begin = encoded.values.begin() + (vector - first) * num_inputs_;
        offset = offset_per_input_ * std::accumulate(begin, begin + num_inputs_, 0.0);
      }
      for (std::int64_t col = 0; col < num_outputs_; ++col) outputs.at(vector, col) = (outputs.at(vector, col) - offset) * unit;
    }
  });
  return outputs;
}

}  // namespace crossloom
