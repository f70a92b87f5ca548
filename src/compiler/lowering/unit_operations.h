#pragma once

#include <cstdint>

#include "compiler/ir/network.h"

namespace crossloom {

/// Operations of the vector or pooling unit for one window of `layer`, its activation left out; a window is an output pixel
/// with all its channels. Partial sums of a matrix cut into row parts come on top (schedule).
[[nodiscard]] std::int64_t num_unit_operations(const Network& network, const Layer& layer);

}  // namespace crossloom
