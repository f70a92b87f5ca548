#pragma once

#include <vector>

#include "compiler/ir/network.h"
#include "compiler/lowering/lower.h"
#include "compiler/partition/partition.h"
#include "simulator/hardware/chip_config.h"
#include "simulator/program/layer_work.h"
#include "support/units.h"

namespace crossloom {

/// Blocks of one copy of each matrix.
using MatrixBlocks = std::vector<std::vector<WeightBlock>>;

/// What each matrix asks of the chip for an image. Window time and latency are those of the slowest block, timed as the
/// engine does but at the first column of a crossbar (where blocks will lie, and so which converters they share, is not
/// known yet). Throws LayerError when the chip cannot take the layer's inputs.
[[nodiscard]] std::vector<LayerWork> estimate_work(const LoweredNetwork& lowered, const MatrixBlocks& blocks,
                                                   const ChipConfig& chip);

/// Likewise of every operation of the network, in its order; those without a matrix have no blocks. This is what
/// `estimate(works, ...)` takes.
[[nodiscard]] std::vector<LayerWork> estimate_all_work(const LoweredNetwork& lowered, const MatrixBlocks& blocks,
                                                       const ChipConfig& chip);

/// Time that one image takes at the IO port, the longer of its way in and its way out: no chip is faster, whatever the copies.
[[nodiscard]] TimeFs io_interval_fs(const Network& network, const ChipConfig& chip);

}  // namespace crossloom
