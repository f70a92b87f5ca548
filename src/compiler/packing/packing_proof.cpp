#include "compiler/packing/packing_proof.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <tuple>

namespace crossloom {
namespace {

constexpr std::size_t kMost = kMaxBlocksToProve;
constexpr std::size_t kMostPairs = kMost * (kMost - 1) / 2;

/// Which blocks come before which along a direction, and where each begins at the earliest: behind the longest chain of blocks
/// before it.
class Chains {
 public:
  Chains(std::span<const BlockSize> blocks, std::int64_t BlockSize::*side, std::int64_t extent)
      : num_blocks_(blocks.size()), extent_(extent) {
    for (std::size_t i = 0; i < blocks.size(); ++i) lengths_[i] = blocks[i].*side;
  }

  /// What choices change.
  struct State {
    std::array<std::int64_t, kMost> starts{};
    std::array<std::uint8_t, kMost> behind{};  ///< bit b of behind[a]: a comes before b, by itself or by blocks between them
  };
  [[nodiscard]] const State& state() const { return state_; }
  void restore(const State& state) { state_ = state; }

  /// Whether one ends before the other begins, where their chains put them.
  [[nodiscard]] bool are_apart(std::size_t a, std::size_t b) const {
    return state_.starts[a] + lengths_[a] <= state_.starts[b] || state_.starts[b] + lengths_[b] <= state_.starts[a];
  }
  /// Whether one comes before the other in every choice to come.
  [[nodiscard]] bool is_settled(std::size_t a, std::size_t b) const { return is_before(a, b) || is_before(b, a); }

  /// Puts a before b; false when some chain does not fit then.
  [[nodiscard]] bool put_before(std::size_t a, std::size_t b) {
    if (is_before(b, a)) return false;
    const auto behind_b = static_cast<std::uint8_t>(state_.behind[b] | bit(b));
    for (std::size_t i = 0; i < num_blocks_; ++i) {
      if (i == a || is_before(i, a)) state_.behind[i] = static_cast<std::uint8_t>(state_.behind[i] | behind_b);
    }
    return push(b, state_.starts[a] + lengths_[a]);
  }

 private:
  static_assert(kMost <= 8, "a byte of bits");
  [[nodiscard]] static std::uint8_t bit(std::size_t block) { return static_cast<std::uint8_t>(1U << block); }
  [[nodiscard]] bool is_before(std::size_t a, std::size_t b) const { return (state_.behind[a] & bit(b)) != 0; }

  [[nodiscard]] bool push(std::size_t block, std::int64_t start) {
    if (start <= state_.starts[block]) return true;
    if (start + lengths_[block] > extent_) return false;
    state_.starts[block] = start;
    for (std::size_t next = 0; next < num_blocks_; ++next) {
      if (is_before(block, next) && !push(next, start + lengths_[block])) return false;
    }
    return true;
  }

  std::size_t num_blocks_;
  std::int64_t extent_;
  std::array<std::int64_t, kMost> lengths_{};
  State state_;
};

class RelationSearch {
 public:
  RelationSearch(std::span<const BlockSize> blocks, std::int64_t rows, std::int64_t cols, std::int64_t max_nodes)
      : down_(blocks, &BlockSize::rows, rows), across_(blocks, &BlockSize::cols, cols), num_nodes_left_(max_nodes) {
    for (std::size_t b = 1; b < blocks.size(); ++b) {
      for (std::size_t a = 0; a < b; ++a) {
        const bool fits_down = blocks[a].rows + blocks[b].rows <= rows;
        const bool fits_across = blocks[a].cols + blocks[b].cols <= cols;
        pairs_[num_pairs_++] = {.a = a,
                                .b = b,
                                .num_ways = (fits_down ? 1 : 0) + (fits_across ? 1 : 0),
                                .area = blocks[a].rows * blocks[a].cols + blocks[b].rows * blocks[b].cols};
      }
    }
    // Pairs that can only lie one way come first, then those of large blocks.
    std::ranges::sort(pairs(), [](const Pair& x, const Pair& y) {
      return std::tuple(x.num_ways, y.area, x.b, x.a) < std::tuple(y.num_ways, x.area, y.b, y.a);
    });
  }

  /// Whether places are found or the search gives up.
  [[nodiscard]] bool run() { return settle(0, false, false); }

 private:
  struct Pair {
    std::size_t a = 0;
    std::size_t b = 0;
    int num_ways = 0;
    std::int64_t area = 0;
  };
  [[nodiscard]] std::span<Pair> pairs() { return std::span(pairs_).first(num_pairs_); }

  /// Settles the pairs from `index` on. Mirror images are left out: the first choice in each direction goes one way only.
  [[nodiscard]] bool settle(std::size_t index, bool is_down_chosen, bool is_across_chosen) {
    if (num_nodes_left_-- <= 0 || are_all_apart()) return true;
    while (down_.is_settled(pairs_[index].a, pairs_[index].b) || across_.is_settled(pairs_[index].a, pairs_[index].b)) ++index;
    const Pair& pair = pairs_[index];
    return try_order(across_, pair.a, pair.b, index, is_down_chosen, true) ||
           (is_across_chosen && try_order(across_, pair.b, pair.a, index, is_down_chosen, true)) ||
           try_order(down_, pair.a, pair.b, index, true, is_across_chosen) ||
           (is_down_chosen && try_order(down_, pair.b, pair.a, index, true, is_across_chosen));
  }

  /// Whether the blocks lie apart where their chains put them: at the latest when all pairs are settled.
  [[nodiscard]] bool are_all_apart() {
    return std::ranges::all_of(
        pairs(), [&](const Pair& pair) { return down_.are_apart(pair.a, pair.b) || across_.are_apart(pair.a, pair.b); });
  }

  [[nodiscard]] bool try_order(Chains& chains, std::size_t a, std::size_t b, std::size_t index, bool is_down_chosen,
                               bool is_across_chosen) {
    const Chains::State before = chains.state();
    if (chains.put_before(a, b) && settle(index + 1, is_down_chosen, is_across_chosen)) return true;
    chains.restore(before);
    return false;
  }

  Chains down_;
  Chains across_;
  std::array<Pair, kMostPairs> pairs_{};
  std::size_t num_pairs_ = 0;
  std::int64_t num_nodes_left_;
};

}  // namespace

bool may_fit(std::span<const BlockSize> blocks, std::int64_t rows, std::int64_t cols, std::int64_t max_nodes) {
  return blocks.size() > kMost || RelationSearch(blocks, rows, cols, max_nodes).run();
}

}  // namespace crossloom
