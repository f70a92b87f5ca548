#pragma once

#include "compiler/ir/network.h"
#include "support/random_stream.h"

namespace crossloom {

/// A small network of 2 to 8 stages after a stem, each one of: plain convolution, two branches side by side (Iandola et al.,
/// arXiv 1602.07360), depthwise and pointwise (Howard et al., arXiv 1704.04861), inverted residual with or without
/// squeeze-excite (Howard et al., ICCV 2019), residual pair (He et al., CVPR 2016), grouped convolution, pooling; then global
/// pooling and one or two linear layers. Images of 3 channels and 16 to 64 pixels a side, 4 to 64 channels, kernels of 1, 3
/// and 5.
[[nodiscard]] Network random_network(RandomStream& random);

}  // namespace crossloom
