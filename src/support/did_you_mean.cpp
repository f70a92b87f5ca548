#include <algorithm>
#include <numeric>

#include "support/config_reader.h"

namespace crossloom {
namespace {

/// Optimal string alignment distance: the fewest insertions, deletions, substitutions and swaps of two neighbours that turn
/// `a` into `b`, no letter touched twice (Damerau, Comm. ACM 1964). O(|a| |b|).
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1);    // row i - 2
  std::vector<std::size_t> previous(b.size() + 1);  // row i - 1
  std::vector<std::size_t> row(b.size() + 1);       // row i: distance of the first i letters of a to the first j of b
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    before.swap(previous);
    previous.swap(row);
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1), previous[j] + 1, row[j - 1] + 1});
      const bool is_swap = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (is_swap) row[j] = std::min(row[j], before[j - 2] + 1);
    }
  }
  return row.back();
}

}  // namespace

std::string did_you_mean(std::string_view word, std::span<const std::string_view> candidates) {
  constexpr std::size_t kMaxWordLength = 100;  // nobody mistypes a longer name by three letters; bounds the work
  if (word.size() > kMaxWordLength) return "";
  std::string_view best;
  std::size_t best_distance = std::clamp<std::size_t>(word.size() / 3, 1, 3) + 1;
  for (const std::string_view candidate : candidates) {
    const std::size_t distance = edit_distance(word, candidate);
    if (distance < best_distance) {
      best_distance = distance;
      best = candidate;
    }
  }
  return std::string(best);
}

}  // namespace crossloom
