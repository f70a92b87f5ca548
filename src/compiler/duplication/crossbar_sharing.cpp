#include "compiler/duplication/crossbar_sharing.h"

#include <algorithm>

#include "support/integer_math.h"

namespace crossloom {

std::int64_t turns_with_copies(const SharingLayer& layer, std::int64_t num_copies, Leftover leftover) {
  const std::int64_t in_use = std::min(num_copies, layer.max_copies);
  return leftover == Leftover::kDropped ? layer.num_turns / in_use : ceil_div(layer.num_turns, in_use);
}

}  // namespace crossloom
