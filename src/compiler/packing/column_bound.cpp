#include "compiler/packing/column_bound.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>
#include <utility>
#include <vector>

#include "compiler/packing/covering_program.h"
#include "compiler/packing/pattern_search.h"
#include "support/integer_math.h"

namespace crossloom {
namespace {

constexpr std::int64_t kCrossbarWorth = std::int64_t{1} << 24;  ///< of a crossbar's contents at the optimum, in integers
/// Sets looked at for a column, before all are for a bound.
constexpr std::int64_t kQuickNodes = 10'000;

/// Blocks that nothing can share a crossbar with need one each and stay out of the program.
bool fills_crossbar(const PackingProblem& problem, const PackingItem& item) {
  return problem.max_blocks_per_crossbar == 1 || (item.rows == problem.crossbar_rows && item.cols == problem.crossbar_cols);
}

class ColumnGeneration {
 public:
  ColumnGeneration(const PackingProblem& problem, std::vector<BlockKind> kinds, std::int64_t num_nodes)
      : kinds_(std::move(kinds)),
        search_(problem, kinds_),
        program_(demands(kinds_)),
        num_nodes_left_(num_nodes),
        worths_(kinds_.size(), 0) {
    const auto area = static_cast<double>(problem.crossbar_rows * problem.crossbar_cols);
    for (const BlockKind& kind : kinds_) smooth_.push_back(static_cast<double>(kind.item.rows * kind.item.cols) / area);
  }

  void add_contents(const PackingProblem& problem, const Packing& packing) {
    std::map<std::int64_t, CrossbarPattern> contents;
    for (std::size_t i = 0; i < problem.items.size(); ++i) {
      const auto kind = std::ranges::find(kinds_, problem.items[i], &BlockKind::item);
      if (kind == kinds_.end()) continue;
      contents[packing.placements[i].crossbar].push_back(static_cast<std::size_t>(kind - kinds_.begin()));
    }
    for (const auto& [crossbar, pattern] : contents) program_.add_column(pattern);
  }

  /// The highest bound up to `target` that is proven before the nodes are used up; at least `known`, which is one, from 1.
  [[nodiscard]] std::int64_t run(std::int64_t known, std::int64_t target) {
    while (num_nodes_left_ > 0 && known < target) {
      price_blocks();
      // The bound in sight. Blocks worth `all_` need so many crossbars when none holds more than asked.
      const std::int64_t goal = std::clamp(ceil_div(all_, kCrossbarWorth), known + 1, target);
      const std::int64_t asked = std::max(ceil_div(all_, goal - 1) - 1, kCrossbarWorth);
      if (add_quick_columns(asked)) continue;
      const ValuablePatterns found = find(worths_, asked, num_nodes_left_);
      const std::int64_t before = known;
      if (found.is_complete) known = std::max(known, ceil_div(all_, found.most));
      if (found.patterns.empty() && known == before) break;
      for (const CrossbarPattern& pattern : found.patterns) program_.add_column(pattern);
    }
    return known;
  }

 private:
  static std::vector<double> demands(const std::vector<BlockKind>& kinds) {
    std::vector<double> counts;
    counts.reserve(kinds.size());
    for (const BlockKind& kind : kinds) counts.push_back(static_cast<double>(kind.count));
    return counts;
  }

  /// Worths go on from those of before by a part of the way to the program's, which jump about (smoothing: Wentges,
  /// International Transactions in Operational Research 1997). At first blocks are worth their area.
  void price_blocks() {
    constexpr double kWay = 0.3;
    const std::vector<double> duals = program_.worths();
    all_ = 0;
    for (std::size_t i = 0; i < kinds_.size(); ++i) {
      smooth_[i] += kWay * (duals[i] - smooth_[i]);
      worths_[i] = static_cast<std::int64_t>(std::floor(smooth_[i] * static_cast<double>(kCrossbarWorth)));
      all_ += worths_[i] * kinds_[i].count;
    }
  }
  [[nodiscard]] ValuablePatterns find(const std::vector<std::int64_t>& worths, std::int64_t asked, std::int64_t max_nodes) {
    ValuablePatterns found = search_.find(worths, asked, max_nodes);
    num_nodes_left_ -= found.num_nodes;
    return found;
  }

  /// Patterns of different blocks, as far as a short look finds any; whether it did.
  [[nodiscard]] bool add_quick_columns(std::int64_t asked) {
    std::vector<std::int64_t> worths = worths_;
    for (bool has_new = false;; has_new = true) {
      const ValuablePatterns found = find(worths, asked, kQuickNodes);
      if (found.patterns.empty()) return has_new;
      program_.add_column(found.patterns.back());
      for (const std::size_t kind : found.patterns.back()) worths[kind] = 0;
    }
  }

  std::vector<BlockKind> kinds_;
  PatternSearch search_;
  CoveringProgram program_;
  std::int64_t num_nodes_left_;
  std::vector<double> smooth_;        ///< the same as parts of a crossbar's
  std::vector<std::int64_t> worths_;  ///< of a block of each kind
  std::int64_t all_ = 0;              ///< of all blocks
};

}  // namespace

std::int64_t column_generation_bound(const PackingProblem& problem, const Packing& packing, const ColumnBoundOptions& options) {
  std::vector<BlockKind> kinds = block_kinds(problem);
  std::int64_t num_alone = 0;
  for (const BlockKind& kind : kinds) num_alone += fills_crossbar(problem, kind.item) ? kind.count : 0;
  std::erase_if(kinds, [&](const BlockKind& kind) { return fills_crossbar(problem, kind.item); });
  if (kinds.empty()) return num_alone;
  ColumnGeneration generation(problem, std::move(kinds), options.num_nodes);
  generation.add_contents(problem, packing);
  const std::int64_t known = std::max<std::int64_t>(options.known - num_alone, 1);
  return num_alone + generation.run(known, packing.num_crossbars - num_alone);
}

}  // namespace crossloom
