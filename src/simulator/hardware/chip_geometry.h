#pragma once

#include <cstdint>

#include "simulator/hardware/chip_config.h"

/// Counts that follow from a chip's sections.
namespace crossloom {

/// Bit slices of a weight: ceil(weight_bits / bits_per_cell); a differential polarity holds magnitudes, which take one bit less
/// in a symmetric weight range: ceil((weight_bits - 1) / bits_per_cell), at least 1.
[[nodiscard]] std::int64_t num_slices(const ChipConfig& chip);
/// Physical columns that one weight takes in one array: slices if they lie in columns, times 2 for differential columns.
[[nodiscard]] std::int64_t columns_per_weight(const ChipConfig& chip);
/// Weights in a row of a logical crossbar: floor(cols / columns_per_weight).
[[nodiscard]] std::int64_t num_weight_cols(const ChipConfig& chip);
/// Physical arrays of a logical crossbar: slices if they lie in arrays, times 2 for differential arrays.
[[nodiscard]] std::int64_t arrays_per_crossbar(const ChipConfig& chip);
/// Arrays of a logical crossbar with converters of their own: half of them for differential arrays subtracted in analog.
[[nodiscard]] std::int64_t converting_arrays_per_crossbar(const ChipConfig& chip);
/// Columns that one weight brings to the converters of one array: half of columns_per_weight for differential columns
/// subtracted in analog.
[[nodiscard]] std::int64_t converted_columns_per_weight(const ChipConfig& chip);
/// Columns of a converting array as its converters see them: pairs of columns for differential columns subtracted in analog.
[[nodiscard]] std::int64_t converted_columns_per_array(const ChipConfig& chip);
/// ADCs of one converting array: ceil(converted columns / columns_per_adc).
[[nodiscard]] std::int64_t adcs_per_array(const ChipConfig& chip);

[[nodiscard]] std::int64_t num_tiles(const ChipConfig& chip);
/// Logical crossbars of the whole chip.
[[nodiscard]] std::int64_t num_crossbars(const ChipConfig& chip);

/// Tile that holds a crossbar: crossbars are numbered tile by tile, tiles router by router, routers row by row. Throw
/// InternalError for one that does not exist.
[[nodiscard]] std::int64_t tile_of_crossbar(const ChipConfig& chip, std::int64_t crossbar);
[[nodiscard]] std::int64_t router_of_tile(const ChipConfig& chip, std::int64_t tile);

/// Conversions one ADC makes in a phase when the weight columns [col0, col0 + cols) of a crossbar are read: the largest number
/// of used converted columns that share one ADC. Throws InternalError unless 0 <= col0, 1 <= cols and the columns exist.
[[nodiscard]] std::int64_t conversions_per_adc(const ChipConfig& chip, std::int64_t col0, std::int64_t cols);

}  // namespace crossloom
