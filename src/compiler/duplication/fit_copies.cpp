#include "compiler/duplication/fit_copies.h"

#include <algorithm>
#include <utility>

namespace crossloom {
namespace {

/// Improvements tried one after another beyond the bisection's answer.
constexpr std::size_t kNumFurtherTries = 3;

class FurthestFit {
 public:
  /// Improvements are counted from 1 here; 0 is the start.
  FurthestFit(const FitProblem& problem, const DuplicationPath& path, PackedCopies start)
      : problem_(problem), path_(path), best_(std::move(start)), too_many_(path.improvements.size() + 1) {
    problem_.goal.wants_overfull = true;
    loss_ =
        static_cast<double>(best_.packing.num_crossbars) / static_cast<double>(std::max<std::int64_t>(path.start_crossbars, 1));
  }

  [[nodiscard]] PackedCopies run() {
    if (!path_.best_copies.empty()) {
      std::optional<PackedCopies> packed = pack_copies(problem_, path_.best_copies);
      if (packed && packed->packing.num_crossbars <= problem_.rules.num_crossbars) return *std::move(packed);
    }
    const std::size_t num_improvements = path_.improvements.size();
    std::size_t stride = 1;
    while (too_many_ - num_fitting_ > 1) {
      const bool none_fits = num_fitting_ == 0;
      const bool all_fit = too_many_ == num_improvements + 1;
      std::size_t next = num_fitting_ + (too_many_ - num_fitting_) / 2;
      if (none_fits || all_fit) {
        // As far as the loss allows, but on past what has fitted and back from what has not by more each time.
        next = furthest_with_loss();
        if (!none_fits) next = std::max(next, num_fitting_ + stride);
        if (!all_fit) next = std::min(next, too_many_ - std::min(stride, too_many_ - 1));
        next = std::clamp(next, num_fitting_ + 1, too_many_ - 1);
        stride *= 2;
      }
      if (!fits(next)) too_many_ = next;
    }
    // The one after the answer is known not to fit.
    const std::size_t first_further = num_fitting_ + 2;
    const std::size_t end = std::min(first_further + kNumFurtherTries, num_improvements + 1);
    for (std::size_t further = first_further; further < end; ++further) static_cast<void>(fits(further));
    return std::move(best_);
  }

 private:
  [[nodiscard]] std::size_t furthest_with_loss() const {
    const double allowed = static_cast<double>(problem_.rules.num_crossbars) / loss_;
    const auto beyond = std::ranges::find_if(path_.least_crossbars,
                                             [&](std::int64_t crossbars) { return static_cast<double>(crossbars) > allowed; });
    return static_cast<std::size_t>(beyond - path_.least_crossbars.begin());
  }

  [[nodiscard]] bool fits(std::size_t num_taken) {
    std::optional<PackedCopies> packed =
        pack_copies(problem_, copies_after(path_, path_.improvements[num_taken - 1], problem_.blocks.size()));
    if (!packed) return false;
    if (packed->packing.num_crossbars > problem_.rules.num_crossbars) {
      loss_ = static_cast<double>(packed->packing.num_crossbars) / static_cast<double>(path_.least_crossbars[num_taken - 1]);
      return false;
    }
    best_ = *std::move(packed);
    num_fitting_ = num_taken;
    return true;
  }

  FitProblem problem_;
  const DuplicationPath& path_;
  PackedCopies best_;
  std::size_t num_fitting_ = 0;  ///< improvements that `best_` holds
  std::size_t too_many_;
  double loss_ = 1.0;  ///< crossbars over the least that any packing has
};

}  // namespace

std::vector<CopyBlock> copy_blocks(const MatrixBlocks& blocks, const std::vector<std::int64_t>& num_copies) {
  std::vector<CopyBlock> all;
  for (std::size_t matrix = 0; matrix < blocks.size(); ++matrix) {
    for (std::int64_t copy = 0; copy < num_copies.at(matrix); ++copy) {
      for (const WeightBlock& block : blocks[matrix]) all.push_back({.block = block, .copy = copy});
    }
  }
  return all;
}

PackingProblem packing_problem(PackingProblem rules, const std::vector<CopyBlock>& blocks) {
  rules.items.reserve(blocks.size());
  for (const CopyBlock& copy : blocks)
    rules.items.push_back({.layer = copy.block.matrix, .rows = copy.block.rows, .cols = copy.block.cols});
  return rules;
}

std::optional<PackedCopies> pack_copies(const FitProblem& problem, std::vector<std::int64_t> num_copies) {
  PackedCopies packed{.blocks = copy_blocks(problem.blocks, num_copies)};
  packed.problem = packing_problem(problem.rules, packed.blocks);
  packed.num_copies = std::move(num_copies);
  check(packed.problem);
  std::optional<Packing> packing = problem.packer.pack(packed.problem, problem.goal);
  if (!packing) return std::nullopt;
  packed.packing = *std::move(packing);
  return packed;
}

PackedCopies furthest_fit(const FitProblem& problem, const DuplicationPath& path, PackedCopies start) {
  return FurthestFit(problem, path, std::move(start)).run();
}

}  // namespace crossloom
