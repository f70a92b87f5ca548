#pragma once

#include <string>

#include "compiler/compile.h"
#include "report/detail.h"
#include "support/json.h"

/// What `crossloom compile` shows of a compiled network.
namespace crossloom {

/// Headline numbers and the layers that take a crossbar longest; every layer in the network's order when detailed.
[[nodiscard]] std::string compile_text(const CompiledNetwork& compiled, Detail detail);
[[nodiscard]] Json compile_json(const CompiledNetwork& compiled);

}  // namespace crossloom
