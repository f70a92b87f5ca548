#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "compiler/packing/packing.h"

namespace crossloom {

namespace {

constexpr std::size_t kMaxFindings = 20;

class PackingChecker {
 public:
  PackingChecker(const PackingProblem& problem, const Packing& packing) : problem_(problem), packing_(packing) {}

  std::vector<std::string> run() {
    if (packing_.placements.size() != problem_.items.size()) {
      add("there are " + std::to_string(packing_.placements.size()) + " placements for " +
          std::to_string(problem_.items.size()) + " blocks");
      return findings_;
    }
    if (packing_.num_crossbars > problem_.num_crossbars) {
      add(std::to_string(packing_.num_crossbars) + " crossbars are used of " + std::to_string(problem_.num_crossbars));
    }
    std::map<std::int64_t, std::vector<std::size_t>> members;
    for (std::size_t i = 0; i < problem_.items.size(); ++i) {
      check_place(i);
      members[packing_.placements[i].crossbar].push_back(i);
    }
    if (static_cast<std::int64_t>(members.size()) != packing_.num_crossbars) {
      add(std::to_string(members.size()) + " crossbars hold blocks, " + std::to_string(packing_.num_crossbars) +
          " are counted as used");
    }
    for (const auto& [crossbar, blocks] : members) check_crossbar(crossbar, blocks);
    return findings_;
  }

 private:
  void add(std::string finding) {
    if (findings_.size() < kMaxFindings) findings_.push_back(std::move(finding));
  }

  void check_place(std::size_t i) {
    const std::int64_t crossbar = packing_.placements[i].crossbar;
    if (crossbar < 0 || crossbar >= packing_.num_crossbars) {
      add("block " + std::to_string(i) + " is on crossbar " + std::to_string(crossbar) + " of " +
          std::to_string(packing_.num_crossbars));
    }
    if (!is_inside(i)) add("block " + std::to_string(i) + " leaves crossbar " + std::to_string(crossbar));
  }

  [[nodiscard]] bool is_inside(std::size_t i) const {
    const PackingItem& item = problem_.items[i];
    const BlockPlacement& at = packing_.placements[i];
    // Differences, since a sum with any 64-bit place could overflow.
    return at.row0 >= 0 && at.col0 >= 0 && at.row0 <= problem_.crossbar_rows - item.rows &&
           at.col0 <= problem_.crossbar_cols - item.cols;
  }

  void check_crossbar(std::int64_t crossbar, const std::vector<std::size_t>& blocks) {
    const std::string name = "crossbar " + std::to_string(crossbar);
    if (problem_.max_blocks_per_crossbar > 0 && static_cast<std::int64_t>(blocks.size()) > problem_.max_blocks_per_crossbar) {
      add(name + " holds " + std::to_string(blocks.size()) + " blocks, allowed " +
          std::to_string(problem_.max_blocks_per_crossbar));
    }
    for (std::size_t a = 0; a < blocks.size(); ++a) {
      for (std::size_t b = a + 1; b < blocks.size(); ++b) check_pair(name, blocks[a], blocks[b]);
    }
  }

  void check_pair(const std::string& crossbar, std::size_t a, std::size_t b) {
    const auto pair = [&] { return crossbar + ": blocks " + std::to_string(a) + " and " + std::to_string(b); };
    const auto [low, high] = std::minmax(problem_.items[a].layer, problem_.items[b].layer);
    if (high - low <= problem_.conflict_distance) {
      add(pair() + " are of layers " + std::to_string(problem_.items[a].layer) + " and " +
          std::to_string(problem_.items[b].layer) + ", which may not share a crossbar");
    }
    if (is_inside(a) && is_inside(b) && overlap(a, b)) add(pair() + " overlap");
  }

  [[nodiscard]] bool overlap(std::size_t a, std::size_t b) const {
    // The one that starts later starts before the other ends.
    const auto meet = [](std::int64_t first_a, std::int64_t size_a, std::int64_t first_b, std::int64_t size_b) {
      return first_a <= first_b ? first_b - first_a < size_a : first_a - first_b < size_b;
    };
    const BlockPlacement& at_a = packing_.placements[a];
    const BlockPlacement& at_b = packing_.placements[b];
    return meet(at_a.row0, problem_.items[a].rows, at_b.row0, problem_.items[b].rows) &&
           meet(at_a.col0, problem_.items[a].cols, at_b.col0, problem_.items[b].cols);
  }

  const PackingProblem& problem_;
  const Packing& packing_;
  std::vector<std::string> findings_;
};

}  // namespace

std::vector<std::string> verify_packing(const PackingProblem& problem, const Packing& packing) {
  return PackingChecker(problem, packing).run();
}

}  // namespace crossloom
