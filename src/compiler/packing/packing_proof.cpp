#include "compiler/packing/packing_proof.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>
#include <vector>

namespace crossloom {
namespace {

constexpr std::size_t kMost = kMaxBlocksToProve;
using Starts = std::array<std::int64_t, kMost>;

/// Which blocks come before which along a direction, and where each begins at the earliest: behind the longest chain of blocks
/// before it.
class Chains {
 public:
  Chains(std::span<const BlockSize> blocks, std::int64_t BlockSize::*side, std::int64_t extent)
      : num_blocks_(blocks.size()), extent_(extent) {
    for (std::size_t i = 0; i < blocks.size(); ++i) lengths_[i] = blocks[i].*side;
  }

  /// Whether one ends before the other begins.
  [[nodiscard]] bool are_apart(std::size_t a, std::size_t b) const {
    return starts_[a] + lengths_[a] <= starts_[b] || starts_[b] + lengths_[b] <= starts_[a];
  }
  [[nodiscard]] const Starts& starts() const { return starts_; }

  /// Puts a before b. Whether all chains still fit; `take_back` is due in either case.
  [[nodiscard]] bool put_before(std::size_t a, std::size_t b) {
    is_before_[a][b] = true;
    return push(b, starts_[a] + lengths_[a]);
  }
  void take_back(std::size_t a, std::size_t b, const Starts& starts) {
    is_before_[a][b] = false;
    starts_ = starts;
  }

 private:
  /// A cycle pushes its blocks on until one leaves the crossbar.
  [[nodiscard]] bool push(std::size_t block, std::int64_t start) {
    if (start <= starts_[block]) return true;
    if (start + lengths_[block] > extent_) return false;
    starts_[block] = start;
    for (std::size_t next = 0; next < num_blocks_; ++next) {
      if (is_before_[block][next] && !push(next, start + lengths_[block])) return false;
    }
    return true;
  }

  std::size_t num_blocks_;
  std::int64_t extent_;
  Starts lengths_{};
  Starts starts_{};
  std::array<std::array<bool, kMost>, kMost> is_before_{};
};

class RelationSearch {
 public:
  RelationSearch(std::span<const BlockSize> blocks, std::int64_t rows, std::int64_t cols, std::int64_t max_nodes)
      : down_(blocks, &BlockSize::rows, rows), across_(blocks, &BlockSize::cols, cols), num_nodes_left_(max_nodes) {
    for (std::size_t b = 1; b < blocks.size(); ++b) {
      for (std::size_t a = 0; a < b; ++a) pairs_.emplace_back(a, b);
    }
    // Pairs that can only lie one way come first, then those of large blocks.
    const auto key = [&](const std::pair<std::size_t, std::size_t>& pair) {
      const BlockSize& first = blocks[pair.first];
      const BlockSize& second = blocks[pair.second];
      const int num_ways = (first.rows + second.rows <= rows ? 1 : 0) + (first.cols + second.cols <= cols ? 1 : 0);
      return std::pair(num_ways, -(first.rows * first.cols + second.rows * second.cols));
    };
    std::ranges::stable_sort(pairs_, {}, key);
  }

  /// Whether places are found or the search gives up.
  [[nodiscard]] bool run() { return settle(0, false, false); }

 private:
  /// Settles the pairs from `index` on. Mirror images are left out: the first choice in each direction goes one way only.
  [[nodiscard]] bool settle(std::size_t index, bool is_down_chosen, bool is_across_chosen) {
    if (num_nodes_left_-- <= 0 || are_all_apart()) return true;
    const auto [a, b] = pairs_[index];
    return try_order(across_, a, b, index, is_down_chosen, true) ||
           (is_across_chosen && try_order(across_, b, a, index, is_down_chosen, true)) ||
           try_order(down_, a, b, index, true, is_across_chosen) ||
           (is_down_chosen && try_order(down_, b, a, index, true, is_across_chosen));
  }

  /// Whether the blocks lie apart where their chains put them: at the latest when all pairs are settled.
  [[nodiscard]] bool are_all_apart() const {
    return std::ranges::all_of(pairs_, [&](const auto& pair) {
      return down_.are_apart(pair.first, pair.second) || across_.are_apart(pair.first, pair.second);
    });
  }

  [[nodiscard]] bool try_order(Chains& chains, std::size_t a, std::size_t b, std::size_t index, bool is_down_chosen,
                               bool is_across_chosen) {
    const Starts starts = chains.starts();
    if (chains.put_before(a, b) && settle(index + 1, is_down_chosen, is_across_chosen)) return true;
    chains.take_back(a, b, starts);
    return false;
  }

  Chains down_;
  Chains across_;
  std::vector<std::pair<std::size_t, std::size_t>> pairs_;
  std::int64_t num_nodes_left_;
};

}  // namespace

bool may_fit(std::span<const BlockSize> blocks, std::int64_t rows, std::int64_t cols, std::int64_t max_nodes) {
  return blocks.size() > kMost || RelationSearch(blocks, rows, cols, max_nodes).run();
}

}  // namespace crossloom
