#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "compiler/ir/network.h"
#include "compiler/partition/partition.h"
#include "simulator/device/device_noise.h"
#include "simulator/hardware/chip_config.h"
#include "support/random_stream.h"

namespace crossloom {

/// What programmed cells make of each weight code: samples of the error, in units of one code. Any device model can be put into
/// such a table.
struct CodeErrors {
  std::int64_t largest_code = 0;   ///< codes are -largest_code to largest_code
  std::int64_t num_samples = 0;    ///< of each code
  std::vector<float> errors = {};  ///< codes x samples
  friend bool operator==(const CodeErrors&, const CodeErrors&) = default;

  /// Sample `sample` of a code.
  [[nodiscard]] float at(std::int64_t code, std::int64_t sample) const {
    return errors[static_cast<std::size_t>((code + largest_code) * num_samples + sample)];
  }
};

/// Programs every code `num_samples` times into cells of the chip: slices and polarities as `accuracy` lays them out,
/// programming error, verification, stuck cells and drift as in `noise`. Read noise, which averages out over a column's inputs,
/// is no part.
[[nodiscard]] CodeErrors sample_code_errors(const ChipConfig& chip, const DeviceNoise& noise, std::int64_t num_samples,
                                            std::uint64_t seed);

/// Blocks of every layer that runs in crossbars, by its index in the network (others: none), as compilation cuts them without
/// depth split.
[[nodiscard]] std::vector<std::vector<WeightBlock>> layer_blocks(const Network& network, const ChipConfig& chip);

/// Normal noise for each weight of a layer, with standard deviation sigma_fraction x largest magnitude in the weight's block.
[[nodiscard]] std::vector<float> block_noise(std::span<const float> weights, std::size_t num_channels,
                                             std::span<const WeightBlock> blocks, double sigma_fraction, RandomStream random);

/// Errors drawn from the table for each weight of a layer, with scales as of `channel_scales`.
[[nodiscard]] std::vector<float> code_noise(std::span<const float> weights, std::span<const float> scales,
                                            const CodeErrors& errors, RandomStream random);

}  // namespace crossloom
