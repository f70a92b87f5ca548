#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "compiler/compile.h"
#include "compiler/ir/network.h"
#include "support/config_reader.h"

/// Values of options from their texts. Each throws UserError `option: text, allowed range`.
namespace crossloom {

[[nodiscard]] std::int64_t integer_option(std::string_view option, const std::string& text, IntegerRange range);

/// "1x3x224x224": one image of channels x height x width.
[[nodiscard]] TensorShape input_shape_option(const std::string& text);

/// Names of the compile options as files have them, in the order in which they are to be set: `depth_split` for
/// `--depth-split`. The last, `baseline`, replaces what others have set.
[[nodiscard]] std::span<const std::string_view> compile_option_names();

[[nodiscard]] bool is_compile_option(std::string_view name);

/// Sets the option of that name, one of compile_option_names.
void set_compile_option(CompileOptions& options, std::string_view name, const std::string& text);

}  // namespace crossloom
