#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "compiler/packing/lower_bounds.h"

namespace crossloom {

inline constexpr std::size_t kMaxBlocksToProve = 8;

/// False only when it is proven that the blocks do not fit together in one crossbar. Two blocks fit when one lies left of,
/// right of, above or below the other; every choice of these for all pairs is tried whose chains of blocks are not longer than
/// the crossbar (as the packing classes of Fekete, Schepers, van der Veen, Operations Research 2007, with sides), at most
/// `max_nodes` of them; exact below that. Nothing is proven of more than kMaxBlocksToProve blocks.
[[nodiscard]] bool may_fit(std::span<const BlockSize> blocks, std::int64_t rows, std::int64_t cols, std::int64_t max_nodes);

}  // namespace crossloom
