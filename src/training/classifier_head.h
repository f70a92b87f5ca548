#pragma once

#include <cstdint>
#include <string>

#include "compiler/ir/network.h"

namespace crossloom {

/// The network with `num_classes` outputs: the last convolution or linear layer gets as many output channels, as is usual when
/// a network for other data is trained anew. Unchanged when it has them already. Throws UserError when the output does not
/// follow from that layer's number of channels.
[[nodiscard]] Network with_num_classes(Network network, std::int64_t num_classes);

/// Why the network cannot tell images of this shape and number of classes apart; empty: it can.
[[nodiscard]] std::string classifier_problem(const Network& network, const TensorShape& images, std::int64_t num_classes);

}  // namespace crossloom
