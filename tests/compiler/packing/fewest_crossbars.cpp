#include "tests/compiler/packing/fewest_crossbars.h"

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <vector>

namespace crossloom {

namespace {

using Cells = std::uint64_t;  ///< a bit a weight of the crossbar
using Blocks = std::uint32_t;

class Enumeration {
 public:
  explicit Enumeration(const PackingProblem& problem) : problem_(problem) {}

  /// Fewest crossbars of every set of blocks from those of smaller sets: the first block of a set shares its crossbar with
  /// some subset of the others.
  [[nodiscard]] std::int64_t fewest() const {
    const Blocks all = (Blocks{1} << problem_.items.size()) - 1;
    std::vector<bool> shares(all + 1);
    for (Blocks set = 1; set <= all; ++set) shares[set] = may_share(set) && fits(set, 0);
    std::vector<std::int64_t> fewest(all + 1, 0);
    for (Blocks set = 1; set <= all; ++set) {
      fewest[set] = static_cast<std::int64_t>(problem_.items.size());
      const Blocks first = set & (~set + 1);
      for (Blocks part = set; part != 0; part = (part - 1) & set) {
        if ((part & first) != 0 && shares[part]) fewest[set] = std::min(fewest[set], fewest[set ^ part] + 1);
      }
    }
    return fewest[all];
  }

 private:
  [[nodiscard]] bool may_share(Blocks set) const {
    if (problem_.max_blocks_per_crossbar > 0 && std::popcount(set) > problem_.max_blocks_per_crossbar) return false;
    for (std::size_t a = 0; a < problem_.items.size(); ++a) {
      for (std::size_t b = 0; b < a; ++b) {
        const bool both = (set >> a & 1) != 0 && (set >> b & 1) != 0;
        if (both && std::abs(problem_.items[a].layer - problem_.items[b].layer) <= problem_.conflict_distance) return false;
      }
    }
    return true;
  }

  /// Whether the blocks of the set fit into the weights that `taken` leaves free.
  [[nodiscard]] bool fits(Blocks set, Cells taken) const {
    if (set == 0) return true;
    const PackingItem& item = problem_.items[static_cast<std::size_t>(std::countr_zero(set))];
    for (std::int64_t row0 = 0; row0 + item.rows <= problem_.crossbar_rows; ++row0) {
      for (std::int64_t col0 = 0; col0 + item.cols <= problem_.crossbar_cols; ++col0) {
        const Cells cells = cells_of(item, row0, col0);
        if ((cells & taken) == 0 && fits(set & (set - 1), taken | cells)) return true;
      }
    }
    return false;
  }

  [[nodiscard]] Cells cells_of(const PackingItem& item, std::int64_t row0, std::int64_t col0) const {
    Cells cells = 0;
    for (std::int64_t row = row0; row < row0 + item.rows; ++row) {
      for (std::int64_t col = col0; col < col0 + item.cols; ++col) cells |= Cells{1} << (row * problem_.crossbar_cols + col);
    }
    return cells;
  }

  const PackingProblem& problem_;
};

}  // namespace

std::int64_t fewest_crossbars(const PackingProblem& problem) { return Enumeration(problem).fewest(); }

}  // namespace crossloom
