#pragma once

#include <string>

#include "compiler/ir/network.h"
#include "support/json.h"

/// What `crossloom inspect` shows: every layer with its shape, parameters, MACs and weight matrix. Parameters are those that a
/// chip holds (`num_folded_parameters`), so that a network and its export with folded batch normalization look alike. Both
/// throw UserError as `lower` does.
namespace crossloom {

[[nodiscard]] std::string network_text(const Network& network);
[[nodiscard]] Json network_json(const Network& network);

/// "3x224x224": channels x height x width.
[[nodiscard]] std::string shape_text(const TensorShape& shape);

}  // namespace crossloom
