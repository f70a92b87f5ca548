#include "accuracy/crossbar_layer.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <utility>

#include "simulator/analog/bit_patterns.h"
#include "simulator/analog/wire_transfer.h"
#include "simulator/device/program_cells.h"
#include "simulator/device/read_noise.h"
#include "simulator/hardware/chip_geometry.h"
#include "support/error.h"
#include "support/random_stream.h"

namespace crossloom {
namespace {

constexpr std::int64_t kWindowsAtOnce = 64;  // currents of eight phases and 128 columns: 256 KiB
constexpr double kExactInBinary32 = 16777216.0;
constexpr int kPlaneBits = 8;    // of a stream's number: slice and polarity
constexpr int kTrialShift = 32;  // the low half of a key's trial counts the images

std::size_t at(std::int64_t index) { return static_cast<std::size_t>(index); }

RealMatrix difference(const RealMatrix& a, const RealMatrix& b) {
  RealMatrix result = a;
  for (std::size_t i = 0; i < b.values.size(); ++i) result.values[i] -= b.values[i];
  return result;
}

RealMatrix sum(const RealMatrix& a, const RealMatrix& b) {
  RealMatrix result = a;
  for (std::size_t i = 0; i < b.values.size(); ++i) result.values[i] += b.values[i];
  return result;
}

}  // namespace

std::int64_t cell_level(std::int64_t code, std::int64_t slice, bool is_negative, const ChipConfig& chip) {
  const std::int64_t bits = chip.cell.bits_per_cell;
  const bool is_offset = chip.crossbar.polarity == Polarity::kOffset;
  const std::int64_t offset = is_offset ? std::int64_t{1} << (chip.arithmetic.weight_bits - 1) : 0;
  const std::int64_t held = std::max<std::int64_t>(is_negative ? -code : code + offset, 0);
  return (held >> (slice * bits)) & ((std::int64_t{1} << bits) - 1);
}

double mean_cell_level(const std::vector<std::int32_t>& codes, const ChipConfig& chip) {
  const std::int64_t num_polarities = chip.crossbar.polarity == Polarity::kOffset ? 1 : 2;
  const std::int64_t highest = (std::int64_t{1} << chip.cell.bits_per_cell) - 1;
  std::int64_t sum = 0;
  for (const std::int32_t code : codes) {
    for (std::int64_t slice = 0; slice < num_slices(chip); ++slice) {
      sum += cell_level(code, slice, false, chip);
      if (num_polarities == 2) sum += cell_level(code, slice, true, chip);
    }
  }
  return static_cast<double>(sum) /
         static_cast<double>(highest * num_polarities * num_slices(chip) * static_cast<std::int64_t>(codes.size()));
}

CrossbarLayer::CrossbarLayer(const QuantizedNetwork& quantized, const MappedLayer& mapped, const ChipConfig& chip,
                             const AnalogSettings& settings, const ProgrammingDraws& draws)
    : quantized_(&quantized),
      layer_(mapped.layer),
      matrix_(mapped.matrix),
      num_copies_(mapped.num_copies),
      chip_(chip),
      settings_(settings),
      windows_(quantized.network.layers[mapped.layer],
               input_shape_of(quantized.network, quantized.network.layers[mapped.layer])),
      drive_(chip, input_format(quantized, mapped.layer).is_signed()),
      draws_(draws),
      is_offset_(chip.crossbar.polarity == Polarity::kOffset),
      num_slices_(num_slices(chip)),
      num_planes_(!is_offset_ && chip.crossbar.polarity_subtraction == PolaritySubtraction::kDigital ? 2 : 1) {
  const auto largest_level = static_cast<double>((std::int64_t{1} << chip.cell.bits_per_cell) - 1);
  level_step_ = cell_of(chip).relative_range() / largest_level;
  slice_base_ = largest_level + 1.0;
  is_signed_current_ = !is_offset_ && num_planes_ == 1;
  const bool is_converted = settings.adc.model != AdcModel::kNone;
  base_ = is_converted && !is_signed_current_ ? cell_of(chip).relative_min() / level_step_ : 0.0;
  const double largest_current = (largest_level + base_) * static_cast<double>(drive_.largest_digit()) *
                                 static_cast<double>(std::min(chip.crossbar.active_rows, chip.crossbar.rows));
  if (largest_current > kExactInBinary32) {
    throw UserError(fmt::format("layer {}: currents of up to {} levels, allowed: {}", quantized.network.layers[layer_].name,
                                largest_current, kExactInBinary32));
  }
  for (std::int64_t block = 0; block < static_cast<std::int64_t>(mapped.blocks.size()); ++block) {
    program_block(mapped, block, draws);
  }
  set_step(largest_current);
}

std::int32_t CrossbarLayer::weight_code(std::int64_t row, std::int64_t col) const {
  return quantized_->weights[layer_].codes[at(col * windows_.rows() + row)];
}

RealMatrix CrossbarLayer::digits_of(const PlacedBlock& block, std::int64_t slice, bool is_negative) const {
  RealMatrix digits(block.rows, block.cols);
  for (std::int64_t row = 0; row < block.rows; ++row) {
    for (std::int64_t col = 0; col < block.cols; ++col) {
      const std::int64_t code = weight_code(block.matrix_row0 + row, block.matrix_col0 + col);
      digits.at(row, col) = static_cast<double>(cell_level(code, slice, is_negative, chip_));
    }
  }
  return digits;
}

void CrossbarLayer::program_block(const MappedLayer& mapped, std::int64_t index, const ProgrammingDraws& draws) {
  const PlacedBlock& block = mapped.blocks[at(index)];
  const ArrayCell cell = cell_of(chip_);
  const double low = cell.relative_min();
  const bool has_read_noise = settings_.device.read.model != ReadNoiseModel::kNone && settings_.device.read.magnitude > 0.0;
  std::uint64_t plane_number = 0;
  RealMatrix variance;
  // Levels of one plane's cells, as they are when it is read; sets `variance`.
  const auto programmed = [&](std::int64_t slice, bool is_negative) {
    RealMatrix levels = digits_of(block, slice, is_negative);
    RealMatrix targets = levels;
    for (double& value : targets.values) value = low + level_step_ * value;
    WriteEffort effort;
    const RandomKey key{.purpose = RandomPurpose::kProgramming,
                        .layer = static_cast<std::uint64_t>(matrix_),
                        .crossbar = (static_cast<std::uint64_t>(index) << kPlaneBits) + plane_number++,
                        .trial = draws.trial};
    const RealMatrix cells = program_cells(targets, settings_.device, cell, RandomStream(draws.seed, key), effort);
    const RealMatrix seen =
        settings_.wires.have_resistance() ? wire_transfer(cells, settings_.wires, cell.g_max_siemens) : cells;
    variance = RealMatrix(has_read_noise ? block.rows : 0, has_read_noise ? block.cols : 0);
    for (std::size_t i = 0; i < levels.values.size(); ++i) {
      // An untouched cell keeps its whole number.
      if (seen.values[i] != targets.values[i]) levels.values[i] = (seen.values[i] - low) / level_step_;
      if (!has_read_noise) continue;
      const double sigma = info_of(settings_.device.read.model)
                               .sigma_siemens(cells.values[i] * cell.g_max_siemens, settings_.device.read, cell) /
                           (cell.g_max_siemens * level_step_);
      const double passed = passed_by_wires(cells.values[i], seen.values[i]);
      variance.values[i] = sigma * sigma * passed * passed;
    }
    return levels;
  };
  std::vector<RealMatrix> columns;
  std::vector<RealMatrix> variances;
  for (std::int64_t slice = 0; slice < num_slices_; ++slice) {
    columns.push_back(programmed(slice, false));
    variances.push_back(variance);
    if (is_offset_) continue;
    const RealMatrix negative = programmed(slice, true);
    if (num_planes_ == 2) {
      columns.push_back(negative);
      variances.push_back(variance);
    } else {
      columns.back() = difference(columns.back(), negative);
      variances.back() = sum(variances.back(), variance);
    }
  }
  for (const ReadArea& place : mapped.areas) {
    if (place.block == index) add_area(place, block, columns, variances);
  }
}

void CrossbarLayer::add_area(const ReadArea& place, const PlacedBlock& block, const std::vector<RealMatrix>& columns,
                             const std::vector<RealMatrix>& variances) {
  const auto beside_each_other = [&](const std::vector<RealMatrix>& planes) {
    RealMatrix all(place.num_rows, static_cast<std::int64_t>(planes.size()) * place.num_cols);
    for (std::int64_t plane = 0; plane < static_cast<std::int64_t>(planes.size()); ++plane) {
      for (std::int64_t row = 0; row < place.num_rows; ++row) {
        for (std::int64_t col = 0; col < place.num_cols; ++col) {
          all.at(row, plane * place.num_cols + col) =
              planes[at(plane)].at(place.first_row - block.matrix_row0 + row, place.first_col - block.matrix_col0 + col);
        }
      }
    }
    return StripMatrix<float>(all);
  };
  Area& area = areas_.emplace_back();
  area.place = place;
  area.copy = block.copy;
  area.cells = beside_each_other(columns);
  if (!variances.front().values.empty()) area.variances = beside_each_other(variances);
  for (std::int64_t col = 0; col < place.num_cols; ++col) {
    std::int64_t total = 0;
    for (std::int64_t row = 0; row < place.num_rows; ++row) total += weight_code(place.first_row + row, place.first_col + col);
    area.weight_sums.push_back(static_cast<double>(total));
  }
}

void CrossbarLayer::set_range(double largest_current) { set_step(largest_current); }

void CrossbarLayer::set_step(double largest_current) {
  const ConverterSettings& adc = settings_.adc;
  if (adc.model == AdcModel::kNone) return;
  const double num_codes = std::ldexp(1.0, static_cast<int>(chip_.adc.bits));
  const double high = is_signed_current_ ? num_codes / 2.0 - 1.0 : num_codes - 1.0;
  const double low = is_signed_current_ ? -num_codes / 2.0 : 0.0;
  adc_step_ = std::max(1.0, largest_current / (is_signed_current_ ? -low : high));
  if (adc.mismatch_sigma_fraction == 0.0 && adc.offset_sigma_lsb == 0.0 && adc.gain_sigma_fraction == 0.0) return;
  const ArrayAdc model{.model = adc.model,
                       .bits = chip_.adc.bits,
                       .mismatch_sigma_fraction = adc.mismatch_sigma_fraction,
                       .offset_sigma_lsb = adc.offset_sigma_lsb,
                       .gain_sigma_fraction = adc.gain_sigma_fraction};
  for (std::size_t i = 0; i < areas_.size(); ++i) {
    const RandomKey key{.purpose = RandomPurpose::kConverter,
                        .layer = static_cast<std::uint64_t>(matrix_),
                        .crossbar = i,
                        .trial = draws_.trial};
    areas_[i].converters.emplace(model, CurrentRange{low * adc_step_, high * adc_step_}, areas_[i].cells.cols(),
                                 RandomStream(draws_.seed, key));
  }
}

std::vector<std::uint8_t> CrossbarLayer::patterns(const Batch& batch, std::int64_t num_rows) const {
  constexpr std::int64_t kByteBits = 8;
  const std::int64_t num_groups = (num_rows + 3) / 4;
  const std::int64_t num_digits = drive_.phases_a_pass();
  const auto num_phases = static_cast<std::int64_t>(drive_.phases().size());
  std::vector<std::uint8_t> result(at(batch.num_windows * num_phases * num_groups));
  for (std::int64_t window = 0; window < batch.num_windows; ++window) {
    const std::int32_t* codes = batch.codes.data() + window * num_rows;
    for (std::int64_t pass = 0; pass < drive_.num_passes(); ++pass) {
      for (std::int64_t group = 0; group < num_groups; ++group) {
        std::array<std::uint32_t, 4> words = {};
        for (std::int64_t i = 0; i < std::min<std::int64_t>(4, num_rows - 4 * group); ++i) {
          words[at(i)] = drive_.word(codes[4 * group + i], pass == 1);
        }
        for (std::int64_t first = 0; first < num_digits; first += kByteBits) {
          const std::uint64_t spread = eight_patterns(words, first);
          std::uint8_t* out = result.data() + (window * num_phases + pass * num_digits + first) * num_groups + group;
          for (std::int64_t bit = 0; bit < std::min(kByteBits, num_digits - first); ++bit) {
            out[bit * num_groups] = static_cast<std::uint8_t>((spread >> (kByteBits * bit)) & 0xFFU);
          }
        }
      }
    }
  }
  return result;
}

std::vector<float> CrossbarLayer::products(const StripMatrix<float>& matrix, const Batch& batch, bool squares) const {
  const auto num_vectors = batch.num_windows * static_cast<std::int64_t>(drive_.phases().size());
  std::vector<float> result(at(num_vectors * matrix.padded_cols()));
  if (drive_.drives_bits()) {
    add_subset_sums(matrix, patterns(batch, matrix.rows()).data(), num_vectors, result.data());
    return result;
  }
  std::vector<float> digits;
  digits.reserve(at(num_vectors * matrix.rows()));
  for (std::int64_t window = 0; window < batch.num_windows; ++window) {
    const std::int32_t* codes = batch.codes.data() + window * matrix.rows();
    for (const DrivePhase& phase : drive_.phases()) {
      for (std::int64_t row = 0; row < matrix.rows(); ++row) {
        const auto digit = static_cast<float>(drive_.digit(codes[row], phase));
        digits.push_back(squares ? digit * digit : digit);
      }
    }
  }
  add_products(matrix, 0, matrix.rows(), digits.data(), num_vectors, result.data());
  return result;
}

std::vector<float> CrossbarLayer::currents(const Area& area, const Batch& batch) const {
  std::vector<float> result = products(area.cells, batch, false);
  if (base_ == 0.0) return result;
  const std::int64_t width = area.cells.padded_cols();
  float* out = result.data();
  for (std::int64_t window = 0; window < batch.num_windows; ++window) {
    const std::int32_t* codes = batch.codes.data() + window * area.place.num_rows;
    for (const DrivePhase& phase : drive_.phases()) {
      std::int64_t digit_sum = 0;
      for (std::int64_t row = 0; row < area.place.num_rows; ++row) digit_sum += drive_.digit(codes[row], phase);
      const auto current = static_cast<float>(base_ * static_cast<double>(digit_sum));
      for (std::int64_t col = 0; col < area.cells.cols(); ++col) out[col] += current;
      out += width;
    }
  }
  return result;
}

void CrossbarLayer::add_read_noise(const Area& area, const Batch& batch, std::uint64_t stream, std::uint64_t image,
                                   std::vector<float>& currents) const {
  if (area.variances.rows() == 0) return;
  const std::vector<float> variances = products(area.variances, batch, true);
  RandomStream random(draws_.seed, {.purpose = RandomPurpose::kRead,
                                    .layer = static_cast<std::uint64_t>(matrix_),
                                    .crossbar = (stream << kTrialShift) + static_cast<std::uint64_t>(batch.first_window),
                                    .trial = (draws_.trial << kTrialShift) + image});
  const std::int64_t width = area.cells.padded_cols();
  for (std::size_t row = 0; row < currents.size(); row += at(width)) {
    for (std::size_t col = row; col < row + at(area.cells.cols()); ++col) {
      currents[col] += static_cast<float>(std::sqrt(static_cast<double>(variances[col])) * random.next_normal());
    }
  }
}

void CrossbarLayer::convert(const Area& area, const float* currents, std::vector<double>& sums) const {
  const auto num_cols = at(area.cells.cols());
  const auto width = at(area.cells.padded_cols());
  std::ranges::fill(sums, 0.0);
  const auto accumulate_real = [&](auto take) {
    std::vector<double> row(num_cols);
    for (std::size_t phase = 0; phase < drive_.phases().size(); ++phase) {
      std::copy_n(currents + phase * width, num_cols, row.begin());
      take(row, drive_.phases()[phase].significance);
    }
  };
  if (settings_.adc.model == AdcModel::kNone) {
    return accumulate_real([&](const std::vector<double>& row, double significance) {
      for (std::size_t col = 0; col < num_cols; ++col) sums[col] += significance * row[col];
    });
  }
  if (area.converters) {
    return accumulate_real(
        [&](std::vector<double>& row, double significance) { area.converters->add_converted(row, significance, sums.data()); });
  }
  const double num_codes = std::ldexp(1.0, static_cast<int>(chip_.adc.bits));
  const CodeConverter converter{.inverse_step = static_cast<float>(1.0 / adc_step_),
                                .low = static_cast<float>(is_signed_current_ ? -num_codes / 2.0 : 0.0),
                                .high = static_cast<float>(is_signed_current_ ? num_codes / 2.0 - 1.0 : num_codes - 1.0)};
  std::vector<float> code_sums(num_cols);
  for (std::size_t phase = 0; phase < drive_.phases().size(); ++phase) {
    add_codes(converter, {currents + phase * width, num_cols}, static_cast<float>(drive_.phases()[phase].significance),
              code_sums.data());
  }
  for (std::size_t col = 0; col < num_cols; ++col) sums[col] = static_cast<double>(code_sums[col]) * adc_step_;
}

void CrossbarLayer::add_outputs(const Area& area, const std::vector<double>& sums, double code_sum, std::int64_t window,
                                std::vector<double>& result) const {
  const std::int64_t rows = area.place.num_rows;
  const double driven = code_sum + static_cast<double>(rows * drive_.offset());
  const double weight_offset = is_offset_ ? std::ldexp(1.0, static_cast<int>(chip_.arithmetic.weight_bits - 1)) : 0.0;
  const double zero_current = base_ * driven;
  for (std::int64_t col = 0; col < area.place.num_cols; ++col) {
    double total = 0.0;
    double significance = 1.0;
    const double* current_of = sums.data() + col;
    for (std::int64_t slice = 0; slice < num_slices_; ++slice, current_of += num_planes_ * area.place.num_cols) {
      double current = current_of[0];
      if (num_planes_ == 2) current -= current_of[area.place.num_cols];
      if (is_offset_) current -= zero_current;
      total += current * significance;
      significance *= slice_base_;
    }
    total -= weight_offset * driven + static_cast<double>(drive_.offset()) * area.weight_sums[at(col)];
    result[at((area.place.first_col + col) * windows_.num_windows() + window)] += total;
  }
}

template <class Take>
void CrossbarLayer::for_each_batch(const Area& area, const std::vector<std::int32_t>& codes, Take take) const {
  for (std::int64_t first = area.copy; first < windows_.num_windows(); first += num_copies_ * kWindowsAtOnce) {
    Batch batch;
    batch.first_window = first;
    batch.num_windows = std::min(kWindowsAtOnce, (windows_.num_windows() - first + num_copies_ - 1) / num_copies_);
    batch.codes = windows_.gather(codes, area.place.group, first, num_copies_, batch.num_windows, area.place.first_row,
                                  area.place.num_rows);
    take(batch);
  }
}

void CrossbarLayer::collect_currents(const std::vector<std::int32_t>& codes, std::vector<double>& result) const {
  for (const Area& area : areas_) {
    for_each_batch(area, codes, [&](const Batch& batch) {
      const std::vector<float> seen = currents(area, batch);
      for (std::size_t row = 0; row < seen.size(); row += at(area.cells.padded_cols())) {
        result.insert(result.end(), seen.begin() + static_cast<std::ptrdiff_t>(row),
                      seen.begin() + static_cast<std::ptrdiff_t>(row + at(area.cells.cols())));
      }
    });
  }
}

std::vector<double> CrossbarLayer::accumulate(const std::vector<std::int32_t>& codes, std::uint64_t image) const {
  std::vector<double> result(quantized_->weights[layer_].scales.size() * at(windows_.num_windows()));
  std::vector<double> sums;
  for (std::size_t i = 0; i < areas_.size(); ++i) {
    const Area& area = areas_[i];
    sums.resize(at(area.cells.cols()));
    for_each_batch(area, codes, [&](const Batch& batch) {
      std::vector<float> seen = currents(area, batch);
      add_read_noise(area, batch, i, image, seen);
      const std::size_t stride = at(area.cells.padded_cols()) * drive_.phases().size();
      for (std::int64_t window = 0; window < batch.num_windows; ++window) {
        convert(area, seen.data() + at(window) * stride, sums);
        double code_sum = 0.0;
        for (std::int64_t row = 0; row < area.place.num_rows; ++row) {
          code_sum += static_cast<double>(batch.codes[at(window * area.place.num_rows + row)]);
        }
        add_outputs(area, sums, code_sum, batch.first_window + window * num_copies_, result);
      }
    });
  }
  return result;
}

}  // namespace crossloom
