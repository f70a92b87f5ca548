#include "simulator/hardware/chip_geometry.h"

#include <algorithm>
#include <string>

#include "support/error.h"
#include "support/integer_math.h"

namespace crossloom {
namespace {

bool has_analog_pairs(const ChipConfig& chip, Polarity polarity) {
  return chip.crossbar.polarity == polarity && chip.crossbar.polarity_subtraction == PolaritySubtraction::kAnalog;
}

void require_index(std::int64_t index, std::int64_t count, const char* what) {
  if (index < 0 || index >= count) {
    throw InternalError(std::string(what) + " " + std::to_string(index) + " of " + std::to_string(count));
  }
}

}  // namespace

std::int64_t num_slices(const ChipConfig& chip) {
  const bool sign_is_free =
      chip.crossbar.polarity != Polarity::kOffset && chip.arithmetic.weight_range == WeightRange::kSymmetric;
  const std::int64_t stored_bits = chip.arithmetic.weight_bits - (sign_is_free ? 1 : 0);
  return std::max<std::int64_t>(1, ceil_div(stored_bits, chip.cell.bits_per_cell));
}

std::int64_t columns_per_weight(const ChipConfig& chip) {
  const std::int64_t slices = chip.crossbar.slice_placement == SlicePlacement::kColumns ? num_slices(chip) : 1;
  return slices * (chip.crossbar.polarity == Polarity::kDifferentialColumns ? 2 : 1);
}

std::int64_t num_weight_cols(const ChipConfig& chip) { return chip.crossbar.cols / columns_per_weight(chip); }

std::int64_t arrays_per_crossbar(const ChipConfig& chip) {
  const std::int64_t slices = chip.crossbar.slice_placement == SlicePlacement::kArrays ? num_slices(chip) : 1;
  return slices * (chip.crossbar.polarity == Polarity::kDifferentialArrays ? 2 : 1);
}

std::int64_t converting_arrays_per_crossbar(const ChipConfig& chip) {
  return arrays_per_crossbar(chip) / (has_analog_pairs(chip, Polarity::kDifferentialArrays) ? 2 : 1);
}

std::int64_t converted_columns_per_weight(const ChipConfig& chip) {
  return columns_per_weight(chip) / (has_analog_pairs(chip, Polarity::kDifferentialColumns) ? 2 : 1);
}

std::int64_t converted_columns_per_array(const ChipConfig& chip) {
  return chip.crossbar.cols / (has_analog_pairs(chip, Polarity::kDifferentialColumns) ? 2 : 1);
}

std::int64_t adcs_per_array(const ChipConfig& chip) {
  return ceil_div(converted_columns_per_array(chip), chip.adc.columns_per_adc);
}

std::int64_t num_tiles(const ChipConfig& chip) { return chip.noc.mesh_rows * chip.noc.mesh_cols * chip.noc.tiles_per_router; }

std::int64_t num_crossbars(const ChipConfig& chip) { return num_tiles(chip) * chip.tile.num_crossbars; }

std::int64_t tile_of_crossbar(const ChipConfig& chip, std::int64_t crossbar) {
  require_index(crossbar, num_crossbars(chip), "crossbar");
  return crossbar / chip.tile.num_crossbars;
}

std::int64_t router_of_tile(const ChipConfig& chip, std::int64_t tile) {
  require_index(tile, num_tiles(chip), "tile");
  return tile / chip.noc.tiles_per_router;
}

std::int64_t conversions_per_adc(const ChipConfig& chip, std::int64_t col0, std::int64_t cols) {
  if (col0 < 0 || cols < 1 || cols > num_weight_cols(chip) - col0) {
    throw InternalError("weight columns from " + std::to_string(col0) + ", " + std::to_string(cols) +
                        " of them, in a crossbar of " + std::to_string(num_weight_cols(chip)));
  }
  const std::int64_t share = chip.adc.columns_per_adc;
  const std::int64_t begin = col0 * converted_columns_per_weight(chip);
  const std::int64_t end = begin + cols * converted_columns_per_weight(chip);
  const std::int64_t first_adc_end = (begin / share + 1) * share;
  if (end <= first_adc_end) return end - begin;
  // An ADC wholly inside [begin, end) converts all its columns; without one only the two at the rims remain.
  if (end >= first_adc_end + share) return share;
  return std::max(first_adc_end - begin, end - first_adc_end);
}

}  // namespace crossloom
