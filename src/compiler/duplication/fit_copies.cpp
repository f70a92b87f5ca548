#include "compiler/duplication/fit_copies.h"

#include <algorithm>
#include <utility>

namespace crossloom {
namespace {

/// Improvements tried one after another beyond the bisection's answer.
constexpr std::size_t kNumFurtherTries = 3;

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

std::optional<PackedCopies> pack_copies(const FitProblem& problem, std::vector<std::int64_t> num_copies) {
  PackedCopies packed{.blocks = copy_blocks(problem.blocks, num_copies), .problem = problem.rules};
  packed.num_copies = std::move(num_copies);
  packed.problem.items.reserve(packed.blocks.size());
  for (const CopyBlock& copy : packed.blocks)
    packed.problem.items.push_back({.layer = copy.block.matrix, .rows = copy.block.rows, .cols = copy.block.cols});
  check(packed.problem);
  std::optional<Packing> packing = problem.packer.pack(packed.problem, problem.goal);
  if (!packing) return std::nullopt;
  packed.packing = *std::move(packing);
  return packed;
}

PackedCopies furthest_fit(const FitProblem& problem, const DuplicationPath& path, PackedCopies start) {
  PackedCopies best = std::move(start);
  const std::size_t num_improvements = path.improvements.size();
  std::size_t num_fitting = 0;  // improvements that `best` holds
  const auto fits = [&](std::size_t num_taken) {
    const std::size_t num_steps = path.improvements[num_taken - 1];
    std::optional<PackedCopies> packed = pack_copies(problem, copies_after(path, num_steps, problem.blocks.size()));
    if (!packed) return false;
    best = *std::move(packed);
    num_fitting = num_taken;
    return true;
  };

  if (num_improvements == 0 || fits(num_improvements)) return best;
  std::size_t too_many = num_improvements;
  while (too_many - num_fitting > 1) {
    const std::size_t middle = num_fitting + (too_many - num_fitting) / 2;
    if (!fits(middle)) too_many = middle;
  }
  // The one after the answer is known not to fit.
  const std::size_t first_further = num_fitting + 2;
  const std::size_t end = std::min(first_further + kNumFurtherTries, num_improvements);
  for (std::size_t further = first_further; further < end; ++further) static_cast<void>(fits(further));
  return best;
}

}  // namespace crossloom
