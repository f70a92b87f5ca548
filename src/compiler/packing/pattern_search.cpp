#include "compiler/packing/pattern_search.h"

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <limits>
#include <map>
#include <numeric>
#include <tuple>
#include <utility>

#include "compiler/packing/crossbar_fit.h"
#include "compiler/packing/packing_proof.h"

namespace crossloom {
namespace {

/// Memory of what fits together: beyond it the answers are forgotten and found again.
constexpr std::size_t kMaxKnown = 1'000'000;
constexpr std::int64_t kMaxProofNodes = 1'000;

}  // namespace

std::vector<BlockKind> block_kinds(const PackingProblem& problem) {
  std::map<std::tuple<std::int64_t, std::int64_t, std::int64_t>, std::size_t> index_of;
  std::vector<BlockKind> kinds;
  for (const PackingItem& item : problem.items) {
    const auto [kind, is_new] = index_of.try_emplace({item.layer, item.rows, item.cols}, kinds.size());
    if (is_new) kinds.push_back({.item = item});
    ++kinds[kind->second].count;
  }
  return kinds;
}

std::size_t SizeClassesHash::operator()(const SizeClasses& classes) const {
  std::uint64_t hash = 0;
  for (const std::uint32_t each : classes) hash = (hash ^ each) * 0x9e3779b97f4a7c15U;  // Fibonacci hashing (Knuth)
  return static_cast<std::size_t>(hash ^ (hash >> 32U));
}

PatternSearch::PatternSearch(const PackingProblem& rules, std::vector<BlockKind> kinds)
    : rules_(rules), kinds_(std::move(kinds)) {
  std::map<std::pair<std::int64_t, std::int64_t>, std::uint32_t> classes;
  for (const BlockKind& kind : kinds_) {
    const auto next = static_cast<std::uint32_t>(classes.size() + 1);
    size_class_.push_back(classes.try_emplace({kind.item.rows, kind.item.cols}, next).first->second);
  }
}

ValuablePatterns PatternSearch::find(const std::vector<std::int64_t>& worths, std::int64_t asked, std::int64_t max_nodes) {
  worths_ = worths;
  chosen_.clear();
  found_ = {.patterns = {}, .most = asked};
  num_nodes_left_ = max_nodes;
  std::vector<std::size_t> candidates;
  for (std::size_t kind = 0; kind < kinds_.size(); ++kind) {
    if (worths_[kind] > 0) candidates.push_back(kind);
  }
  std::ranges::stable_sort(candidates, [&](std::size_t a, std::size_t b) {
    return static_cast<double>(worths_[a]) * static_cast<double>(area_of(b)) >
           static_cast<double>(worths_[b]) * static_cast<double>(area_of(a));
  });
  extend(candidates, 0, rules_.crossbar_rows * rules_.crossbar_cols);
  found_.is_complete = num_nodes_left_ > 0;
  found_.num_nodes = max_nodes - num_nodes_left_;
  return std::move(found_);
}

bool PatternSearch::may_share(std::size_t a, std::size_t b) const {
  const PackingItem& first = kinds_[a].item;
  const PackingItem& second = kinds_[b].item;
  if (std::abs(first.layer - second.layer) <= rules_.conflict_distance) return false;
  return first.rows + second.rows <= rules_.crossbar_rows || first.cols + second.cols <= rules_.crossbar_cols;
}

/// Whether no set of the candidates beside what is chosen is worth more than the best.
bool PatternSearch::is_beaten(std::span<const std::size_t> candidates, std::int64_t worth, std::int64_t free_area) const {
  std::int64_t needed = found_.most - worth;  // to be exceeded
  for (const std::size_t kind : candidates) {
    if (needed < 0) return false;
    const std::int64_t area = area_of(kind);
    if (area >= free_area) {
      // A part of it, rounded up.
      return static_cast<double>(worths_[kind]) * static_cast<double>(free_area) <
             (static_cast<double>(needed) - 0.5) * static_cast<double>(area);
    }
    needed -= worths_[kind];
    free_area -= area;
  }
  return needed >= 0;
}

bool PatternSearch::fits_with(std::size_t kind) {
  // Pairs are candidates only when they fit.
  if (chosen_.size() < 2 || chosen_.size() >= kMaxBlocksToProve) return true;
  SizeClasses key{};
  key[0] = size_class_[kind];
  for (std::size_t i = 0; i < chosen_.size(); ++i) key[i + 1] = size_class_[chosen_[i]];
  std::sort(key.begin(), key.begin() + static_cast<std::ptrdiff_t>(chosen_.size() + 1));
  if (known_.size() >= kMaxKnown) known_.clear();
  const auto [known, is_new] = known_.try_emplace(key, true);
  if (!is_new) return known->second;
  std::array<BlockSize, kMaxBlocksToProve> sizes{};
  sizes[0] = {.rows = kinds_[kind].item.rows, .cols = kinds_[kind].item.cols};
  for (std::size_t i = 0; i < chosen_.size(); ++i)
    sizes[i + 1] = {.rows = kinds_[chosen_[i]].item.rows, .cols = kinds_[chosen_[i]].item.cols};
  known->second =
      may_fit(std::span(sizes).first(chosen_.size() + 1), rules_.crossbar_rows, rules_.crossbar_cols, kMaxProofNodes);
  return known->second;
}

/// No so many blocks of the candidates are worth more together.
std::int64_t PatternSearch::most_worth(std::span<const std::size_t> candidates, std::int64_t num_blocks) const {
  std::array<std::int64_t, kMaxBlocksToProve> largest{};  // descending
  if (num_blocks > static_cast<std::int64_t>(largest.size())) return std::numeric_limits<std::int64_t>::max() / 2;
  const auto end = largest.begin() + num_blocks;
  for (const std::size_t kind : candidates) {
    for (std::int64_t i = std::min(kinds_[kind].count, num_blocks); i > 0 && worths_[kind] > *(end - 1); --i) {
      const auto place = std::upper_bound(largest.begin(), end, worths_[kind], std::greater());
      std::move_backward(place, end - 1, end);
      *place = worths_[kind];
    }
  }
  return std::accumulate(largest.begin(), end, std::int64_t{0});
}

void PatternSearch::extend(std::span<const std::size_t> candidates, std::int64_t worth, std::int64_t free_area) {
  if (worth > found_.most) {
    found_.most = worth;
    found_.patterns.push_back(chosen_);
    std::ranges::sort(found_.patterns.back());
  }
  const auto cap =
      rules_.max_blocks_per_crossbar > 0 ? rules_.max_blocks_per_crossbar : std::numeric_limits<std::int64_t>::max();
  const std::int64_t num_more = cap - static_cast<std::int64_t>(chosen_.size());
  if (num_more == 0 || candidates.empty()) return;
  const std::int64_t most_of_others = num_more > 1 ? most_worth(candidates, num_more - 1) : 0;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    if (num_nodes_left_ <= 0 || is_beaten(candidates.subspan(i), worth, free_area)) return;
    const std::size_t kind = candidates[i];
    if (worth + worths_[kind] + most_of_others <= found_.most) continue;
    --num_nodes_left_;
    if (!fits_with(kind)) continue;
    // The same again only where blocks of a layer may share.
    const auto num_chosen = static_cast<std::int64_t>(std::ranges::count(chosen_, kind)) + 1;
    const std::size_t first = num_chosen < kinds_[kind].count ? i : i + 1;
    std::vector<std::size_t> next;
    const std::int64_t area_left = free_area - area_of(kind);
    for (std::size_t j = first; j < candidates.size(); ++j) {
      if (area_of(candidates[j]) <= area_left && may_share(kind, candidates[j])) next.push_back(candidates[j]);
    }
    chosen_.push_back(kind);
    extend(next, worth + worths_[kind], area_left);
    chosen_.pop_back();
  }
}

}  // namespace crossloom
