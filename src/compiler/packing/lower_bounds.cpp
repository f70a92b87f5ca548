#include "compiler/packing/lower_bounds.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "support/integer_math.h"

namespace crossloom {
namespace {

constexpr std::size_t kMaxThresholds = 16;
constexpr std::int64_t kMaxSteps = 7;

/// A dual feasible function on the lengths 1 .. extent: f(x) = numerators[x] / denominator.
struct FeasibleFunction {
  std::vector<std::int64_t> numerators;
  std::int64_t denominator = 1;
};

FeasibleFunction identity(std::int64_t extent) {
  FeasibleFunction function{.numerators = {}, .denominator = extent};
  for (std::int64_t length = 0; length <= extent; ++length) function.numerators.push_back(length);
  return function;
}

/// u_eps, 1 <= eps <= extent / 2 (Fekete, Schepers 2001, theorem 4).
FeasibleFunction threshold(std::int64_t extent, std::int64_t eps) {
  FeasibleFunction function = identity(extent);
  for (std::int64_t length = 0; length <= extent; ++length) {
    if (length < eps) function.numerators[static_cast<std::size_t>(length)] = 0;
    if (length > extent - eps) function.numerators[static_cast<std::size_t>(length)] = extent;
  }
  return function;
}

/// u^k: multiples of 1 / (k + 1) stay, others are rounded down to multiples of 1 / k (Fekete, Schepers 2001, theorem 3).
FeasibleFunction rounding(std::int64_t extent, std::int64_t k) {
  FeasibleFunction function{.numerators = {}, .denominator = k * extent};
  for (std::int64_t length = 0; length <= extent; ++length) {
    const bool is_multiple = (k + 1) * length % extent == 0;
    function.numerators.push_back(is_multiple ? k * length : (k + 1) * length / extent * extent);
  }
  return function;
}

std::vector<FeasibleFunction> functions(std::int64_t extent, const std::set<std::int64_t>& lengths) {
  std::vector<FeasibleFunction> result{identity(extent)};
  std::vector<std::int64_t> thresholds;
  for (const std::int64_t length : lengths) {
    // Below the next length nothing changes: a threshold just above each that is at most half, and half itself.
    if (2 * (length + 1) <= extent) thresholds.push_back(length + 1);
  }
  const std::size_t stride = std::max<std::size_t>((thresholds.size() + kMaxThresholds - 1) / kMaxThresholds, 1);
  for (std::size_t i = 0; i < thresholds.size(); i += stride) result.push_back(threshold(extent, thresholds[i]));
  if (extent >= 2) result.push_back(threshold(extent, extent / 2));
  for (std::int64_t k = 1; k <= kMaxSteps; ++k) result.push_back(rounding(extent, k));
  return result;
}

/// Equal blocks together.
std::map<std::pair<std::int64_t, std::int64_t>, std::int64_t> counted(std::span<const BlockSize> blocks) {
  std::map<std::pair<std::int64_t, std::int64_t>, std::int64_t> counts;
  for (const BlockSize& block : blocks) ++counts[{block.rows, block.cols}];
  return counts;
}

/// f(rows) g(cols) over the block, times the denominators of both.
std::int64_t measure(const FeasibleFunction& down, const FeasibleFunction& over, const BlockSize& block) {
  return down.numerators[static_cast<std::size_t>(block.rows)] * over.numerators[static_cast<std::size_t>(block.cols)];
}

}  // namespace

std::vector<SizeMeasure> size_measures(std::span<const std::vector<BlockSize>> layers, std::int64_t rows, std::int64_t cols) {
  std::set<std::int64_t> heights;
  std::set<std::int64_t> widths;
  SizeMeasure area{.capacity = rows * cols,
                   .layers = std::vector<std::int64_t>(layers.size() + 1)};  // at the end: all together
  for (std::size_t layer = 0; layer < layers.size(); ++layer) {
    for (const BlockSize& block : layers[layer]) {
      heights.insert(block.rows);
      widths.insert(block.cols);
      area.layers[layer] += block.rows * block.cols;
    }
    area.layers.back() += area.layers[layer];
  }
  std::vector<SizeMeasure> candidates{area};
  std::vector<std::size_t> largest(layers.size() + 1, 0);  // candidate by which each takes most
  const std::vector<FeasibleFunction> across = functions(cols, widths);
  for (const FeasibleFunction& down : functions(rows, heights)) {
    for (const FeasibleFunction& over : across) {
      SizeMeasure taken{.capacity = down.denominator * over.denominator,
                        .layers = std::vector<std::int64_t>(layers.size() + 1)};
      for (std::size_t layer = 0; layer < layers.size(); ++layer) {
        for (const BlockSize& block : layers[layer]) taken.layers[layer] += measure(down, over, block);
        taken.layers.back() += taken.layers[layer];
      }
      bool is_largest = false;
      for (std::size_t layer = 0; layer < largest.size(); ++layer) {
        const SizeMeasure& most = candidates[largest[layer]];
        if (taken.layers[layer] * most.capacity <= most.layers[layer] * taken.capacity) continue;
        largest[layer] = candidates.size();
        is_largest = true;
      }
      if (is_largest) candidates.push_back(std::move(taken));
    }
  }
  std::vector<SizeMeasure> measures;
  for (std::size_t i = 1; i < candidates.size(); ++i) {
    if (std::ranges::find(largest, i) == largest.end()) continue;
    candidates[i].layers.pop_back();
    measures.push_back(std::move(candidates[i]));
  }
  return measures;
}

std::int64_t size_lower_bound(std::span<const BlockSize> blocks, std::int64_t rows, std::int64_t cols) {
  const auto counts = counted(blocks);
  std::set<std::int64_t> heights;
  std::set<std::int64_t> widths;
  for (const BlockSize& block : blocks) {
    heights.insert(block.rows);
    widths.insert(block.cols);
  }
  std::int64_t bound = 0;
  const std::vector<FeasibleFunction> across = functions(cols, widths);
  for (const FeasibleFunction& down : functions(rows, heights)) {
    for (const FeasibleFunction& over : across) {
      std::int64_t sum = 0;
      for (const auto& [size, count] : counts) sum += count * measure(down, over, {.rows = size.first, .cols = size.second});
      bound = std::max(bound, ceil_div(sum, down.denominator * over.denominator));
    }
  }
  return bound;
}

std::int64_t conflict_lower_bound(const PackingProblem& problem) {
  if (problem.conflict_distance < 0) return 0;
  std::map<std::int64_t, std::int64_t> num_blocks;  // of each layer
  for (const PackingItem& item : problem.items) ++num_blocks[item.layer];
  std::int64_t largest = 0;
  std::int64_t in_window = 0;
  auto first = num_blocks.begin();
  for (const auto& [layer, count] : num_blocks) {
    in_window += count;
    for (; layer - first->first > problem.conflict_distance; ++first) in_window -= first->second;
    largest = std::max(largest, in_window);
  }
  return largest;
}

std::int64_t cap_lower_bound(const PackingProblem& problem) {
  const std::int64_t cap = problem.max_blocks_per_crossbar;
  return cap == 0 ? 0 : ceil_div(static_cast<std::int64_t>(problem.items.size()), cap);
}

CrossbarBound lower_bound(const PackingProblem& problem) {
  std::vector<BlockSize> sizes;
  sizes.reserve(problem.items.size());
  for (const PackingItem& item : problem.items) sizes.push_back({.rows = item.rows, .cols = item.cols});
  CrossbarBound best{.num_crossbars = area_lower_bound(problem), .reason = "area"};
  for (const CrossbarBound& other :
       {CrossbarBound{size_lower_bound(sizes, problem.crossbar_rows, problem.crossbar_cols), "sizes"},
        CrossbarBound{conflict_lower_bound(problem), "conflicts"}, CrossbarBound{cap_lower_bound(problem), "cap"}}) {
    if (other.num_crossbars > best.num_crossbars) best = other;
  }
  return best;
}

}  // namespace crossloom
