#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "compiler/ir/network.h"
#include "support/config_reader.h"

/// Values of options from their texts. Each throws UserError `option: text, allowed range`.
namespace crossloom {

[[nodiscard]] std::int64_t integer_option(std::string_view option, const std::string& text, IntegerRange range);

/// "1x3x224x224": one image of channels x height x width.
[[nodiscard]] TensorShape input_shape_option(const std::string& text);

}  // namespace crossloom
