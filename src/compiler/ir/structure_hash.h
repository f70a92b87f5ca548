#pragma once

#include <string>

#include "compiler/ir/network.h"

namespace crossloom {

/// content_hash over everything of a network but its name and source: equal layers in equal order give equal hashes.
[[nodiscard]] std::string structure_hash(const Network& network);

}  // namespace crossloom
