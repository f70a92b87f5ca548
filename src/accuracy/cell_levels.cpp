#include "accuracy/cell_levels.h"

#include <algorithm>

#include "accuracy/analog_settings.h"
#include "simulator/hardware/chip_geometry.h"

namespace crossloom {

std::int64_t cell_level(std::int64_t code, std::int64_t slice, bool is_negative, const ChipConfig& chip) {
  const bool is_offset = chip.crossbar.polarity == Polarity::kOffset;
  const std::int64_t offset = is_offset ? std::int64_t{1} << (chip.arithmetic.weight_bits - 1) : 0;
  const std::int64_t held = std::max<std::int64_t>(is_negative ? -code : code + offset, 0);
  return (held >> (slice * chip.cell.bits_per_cell)) & highest_level(chip);
}

std::int64_t highest_level(const ChipConfig& chip) { return (std::int64_t{1} << chip.cell.bits_per_cell) - 1; }

double level_step(const ChipConfig& chip) { return cell_of(chip).relative_range() / static_cast<double>(highest_level(chip)); }

double mean_cell_level(const std::vector<std::int32_t>& codes, const ChipConfig& chip) {
  const std::int64_t num_polarities = chip.crossbar.polarity == Polarity::kOffset ? 1 : 2;
  std::int64_t sum = 0;
  for (const std::int32_t code : codes) {
    for (std::int64_t slice = 0; slice < num_slices(chip); ++slice) {
      sum += cell_level(code, slice, false, chip);
      if (num_polarities == 2) sum += cell_level(code, slice, true, chip);
    }
  }
  return static_cast<double>(sum) /
         static_cast<double>(highest_level(chip) * num_polarities * num_slices(chip) * static_cast<std::int64_t>(codes.size()));
}

}  // namespace crossloom
