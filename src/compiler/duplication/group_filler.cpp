#include "compiler/duplication/group_filler.h"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <queue>
#include <tuple>

namespace crossloom {
namespace {

bool is_better(const FitPlace& a, const FitPlace& b) { return a.score < b.score; }

/// A next number of copies of a layer, by what it saves for what it takes.
struct Candidate {
  double turns_saved_an_area = 0.0;
  std::size_t layer = 0;
  std::int64_t num_copies = 0;
  [[nodiscard]] bool operator<(const Candidate& other) const {
    return turns_saved_an_area != other.turns_saved_an_area ? turns_saved_an_area < other.turns_saved_an_area
                                                            : layer > other.layer;
  }
};

}  // namespace

GroupFiller::GroupFiller(const SharingProblem& problem)
    : problem_(problem), layer_kinds_(problem.layers.size()), num_copies_(problem.layers.size(), 0) {
  for (std::size_t layer = 0; layer < problem.layers.size(); ++layer) {
    std::map<std::pair<std::int64_t, std::int64_t>, std::int64_t> counts;
    std::int64_t area = 0;
    for (const BlockSize& block : problem.layers[layer].blocks) {
      ++counts[{block.rows, block.cols}];
      area += block.rows * block.cols;
    }
    area_.push_back(area);
    for (const auto& [size, count] : counts)
      kinds_.push_back({.layer = layer, .size = {.rows = size.first, .cols = size.second}, .num_a_copy = count});
  }
  std::stable_sort(kinds_.begin(), kinds_.end(), [](const BlockKind& a, const BlockKind& b) { return a.area() > b.area(); });
  for (std::size_t kind = 0; kind < kinds_.size(); ++kind) layer_kinds_[kinds_[kind].layer].push_back(kind);
}

void GroupFiller::clear(std::int64_t num_crossbars) {
  const PackingProblem& rules = problem_.rules;
  num_crossbars_ = num_crossbars;
  while (static_cast<std::int64_t>(crossbars_.size()) < num_crossbars)
    crossbars_.push_back({.free = FreeRectangles(rules.crossbar_rows, rules.crossbar_cols), .entries = {}});
  for (std::int64_t i = 0; i < num_crossbars; ++i) {
    FilledCrossbar& crossbar = crossbars_[static_cast<std::size_t>(i)];
    crossbar.free.clear(rules.crossbar_rows, rules.crossbar_cols);
    crossbar.entries.clear();
  }
}

bool GroupFiller::allows(const FilledCrossbar& crossbar, const BlockKind& kind) const {
  const PackingProblem& rules = problem_.rules;
  if (crossbar.free.free_area() < kind.area()) return false;
  const auto num_blocks = static_cast<std::int64_t>(crossbar.entries.size());
  if (rules.max_blocks_per_crossbar != 0 && num_blocks >= rules.max_blocks_per_crossbar) return false;
  return std::ranges::none_of(crossbar.entries, [&](const Entry& entry) {
    const auto distance = static_cast<std::int64_t>(kinds_[entry.kind].layer) - static_cast<std::int64_t>(kind.layer);
    // Blocks of a layer on one crossbar would run in rounds, which the turns do not count.
    return distance == 0 || std::abs(distance) <= rules.conflict_distance;
  });
}

/// Places so many blocks of a kind, each on a crossbar of its own; how many find none.
std::int64_t GroupFiller::place(std::size_t kind, std::int64_t num_blocks) {
  const BlockSize size = kinds_[kind].size;
  choices_.clear();
  for (std::int64_t i = 0; i < num_crossbars_; ++i) {
    const FilledCrossbar& crossbar = crossbars_[static_cast<std::size_t>(i)];
    if (!allows(crossbar, kinds_[kind])) continue;
    const std::optional<FitPlace> found = crossbar.free.best_place(size.rows, size.cols, FitRule::kShortSide);
    if (found) choices_.push_back({.place = *found, .crossbar = i});
  }
  num_steps_ += num_crossbars_;
  const auto num_found = static_cast<std::int64_t>(choices_.size());
  if (num_found > num_blocks) {
    std::nth_element(choices_.begin(), choices_.begin() + num_blocks, choices_.end(), [](const Choice& a, const Choice& b) {
      return a.place.score != b.place.score ? is_better(a.place, b.place) : a.crossbar < b.crossbar;
    });
    choices_.resize(static_cast<std::size_t>(num_blocks));
  }
  for (const Choice& choice : choices_) {
    FilledCrossbar& crossbar = crossbars_[static_cast<std::size_t>(choice.crossbar)];
    if (is_undo_kept_) undo_.emplace_back(choice.crossbar, crossbar);
    crossbar.free.take({.row0 = choice.place.row0, .col0 = choice.place.col0, .rows = size.rows, .cols = size.cols});
    crossbar.entries.push_back({.kind = kind, .corner = {.row0 = choice.place.row0, .col0 = choice.place.col0}});
  }
  return std::max<std::int64_t>(num_blocks - num_found, 0);
}

/// Packs num_copies_ from nothing; the area of what finds no place.
std::int64_t GroupFiller::pack(const CrossbarGroup& group) {
  clear(group.num_crossbars);
  std::int64_t missing_area = 0;
  for (std::size_t kind = 0; kind < kinds_.size(); ++kind) {
    const std::int64_t copies = num_copies_[kinds_[kind].layer];
    if (copies == 0) continue;
    missing_area += place(kind, copies * kinds_[kind].num_a_copy) * kinds_[kind].area();
  }
  return missing_area;
}

std::int64_t GroupFiller::turns(std::size_t layer, std::int64_t num_copies) const {
  return turns_with_copies(problem_.layers[layer], num_copies, problem_.leftover);
}

/// The least number of copies that is faster than the present one; 0 when none is.
std::int64_t GroupFiller::next_useful(std::size_t layer) const {
  const SharingLayer& work = problem_.layers[layer];
  const std::int64_t now = turns(layer, num_copies_[layer]);
  if (now <= (problem_.leftover == Leftover::kKept ? 1 : 0)) return 0;
  // floor(c / m) <= now - 1 from m = c / now + 1; ceil(c / m) <= now - 1 from m = ceil(c / (now - 1)).
  const std::int64_t next =
      problem_.leftover == Leftover::kDropped ? work.num_turns / now + 1 : (work.num_turns + now - 2) / (now - 1);
  return next <= work.max_copies ? next : 0;
}

std::vector<GroupFiller::Step> GroupFiller::order_of_copies(const CrossbarGroup& group) {
  const PackingProblem& rules = problem_.rules;
  const std::int64_t crossbar_area = rules.crossbar_rows * rules.crossbar_cols;
  const std::int64_t cap = rules.max_blocks_per_crossbar;
  // A block takes one of a crossbar's places too: half a place's share of the area, as few crossbars run out of both.
  const double slot_area = cap == 0 ? 0.0 : static_cast<double>(crossbar_area) / static_cast<double>(2 * cap);
  const auto num_blocks = [&](std::size_t layer) { return static_cast<std::int64_t>(problem_.layers[layer].blocks.size()); };
  std::int64_t area_left = crossbar_area * group.num_crossbars;
  std::int64_t slots_left = cap * group.num_crossbars;
  std::priority_queue<Candidate> candidates;
  const auto push = [&](std::size_t layer) {
    const std::int64_t next = next_useful(layer);
    if (next == 0) return;
    const double area = static_cast<double>(next - num_copies_[layer]) *
                        (static_cast<double>(area_[layer]) + slot_area * static_cast<double>(num_blocks(layer)));
    const auto saved = static_cast<double>(turns(layer, num_copies_[layer]) - turns(layer, next));
    candidates.push({.turns_saved_an_area = saved / area, .layer = layer, .num_copies = next});
  };
  for (const std::size_t layer : group.layers) {
    area_left -= area_[layer];
    slots_left -= num_blocks(layer);
    push(layer);
  }
  std::vector<Step> steps;
  while (!candidates.empty()) {
    const Candidate best = candidates.top();
    candidates.pop();
    const std::int64_t more = best.num_copies - num_copies_[best.layer];
    const bool has_room = more * area_[best.layer] <= area_left && (cap == 0 || more * num_blocks(best.layer) <= slots_left) &&
                          best.num_copies * num_blocks(best.layer) <= group.num_crossbars;
    if (!has_room) continue;
    area_left -= more * area_[best.layer];
    slots_left -= more * num_blocks(best.layer);
    num_copies_[best.layer] = best.num_copies;
    steps.push_back({.layer = best.layer, .num_copies = best.num_copies});
    push(best.layer);
  }
  return steps;
}

/// All or none of the copies.
bool GroupFiller::add_copies(std::size_t layer, std::int64_t num_more) {
  undo_.clear();
  is_undo_kept_ = true;
  std::int64_t num_missing = 0;
  for (std::int64_t copy = 0; copy < num_more && num_missing == 0; ++copy) {
    for (const std::size_t kind : layer_kinds_[layer]) {
      num_missing = place(kind, kinds_[kind].num_a_copy);
      if (num_missing > 0) break;
    }
  }
  is_undo_kept_ = false;
  if (num_missing == 0) return true;
  for (std::size_t i = undo_.size(); i-- > 0;)
    crossbars_[static_cast<std::size_t>(undo_[i].first)] = std::move(undo_[i].second);
  return false;
}

void GroupFiller::fill_gaps(const CrossbarGroup& group) {
  std::priority_queue<Candidate> candidates;
  const auto push = [&](std::size_t layer) {
    const std::int64_t next = next_useful(layer);
    if (next == 0) return;
    const auto area = static_cast<double>((next - num_copies_[layer]) * area_[layer]);
    const auto saved = static_cast<double>(turns(layer, num_copies_[layer]) - turns(layer, next));
    candidates.push({.turns_saved_an_area = saved / area, .layer = layer, .num_copies = next});
  };
  for (const std::size_t layer : group.layers) push(layer);
  while (!candidates.empty()) {
    const Candidate best = candidates.top();
    candidates.pop();
    const auto num_blocks = static_cast<std::int64_t>(problem_.layers[best.layer].blocks.size());
    if (best.num_copies * num_blocks > group.num_crossbars) continue;
    if (!add_copies(best.layer, best.num_copies - num_copies_[best.layer])) continue;
    num_copies_[best.layer] = best.num_copies;
    push(best.layer);
  }
}

GroupFill GroupFiller::fill(const CrossbarGroup& group) {
  std::ranges::fill(num_copies_, 0);
  for (const std::size_t layer : group.layers) num_copies_[layer] = 1;
  const std::int64_t missing_area = pack(group);
  if (missing_area == 0 && !group.layers.empty()) {
    const std::vector<Step> steps = order_of_copies(group);
    const auto take = [&](std::size_t num_steps) {
      for (const std::size_t layer : group.layers) num_copies_[layer] = 1;
      for (std::size_t i = 0; i < num_steps; ++i) num_copies_[steps[i].layer] = steps[i].num_copies;
      return pack(group) == 0;
    };
    std::size_t fitting = 0;
    std::size_t too_many = steps.size() + 1;
    while (too_many - fitting > 1) {
      // Most packings reach far along the path.
      const std::size_t middle = std::min(fitting + std::max<std::size_t>((too_many - fitting) * 2 / 3, 1), too_many - 1);
      (take(middle) ? fitting : too_many) = middle;
    }
    static_cast<void>(take(fitting));
    fill_gaps(group);
  }
  return result_of(group, missing_area);
}

GroupFill GroupFiller::extend(const CrossbarGroup& group, const Packing& single_copies) {
  std::ranges::fill(num_copies_, 0);
  clear(group.num_crossbars);
  std::size_t item = 0;
  for (const std::size_t layer : group.layers) {
    num_copies_[layer] = 1;
    for (const BlockSize& size : problem_.layers[layer].blocks) {
      const BlockPlacement& at = single_copies.placements.at(item++);
      const auto kind = *std::ranges::find_if(layer_kinds_[layer], [&](std::size_t k) { return kinds_[k].size == size; });
      FilledCrossbar& crossbar = crossbars_.at(static_cast<std::size_t>(at.crossbar));
      crossbar.free.take({.row0 = at.row0, .col0 = at.col0, .rows = size.rows, .cols = size.cols});
      crossbar.entries.push_back({.kind = kind, .corner = {.row0 = at.row0, .col0 = at.col0}});
    }
  }
  fill_gaps(group);
  return result_of(group, 0);
}

GroupFill GroupFiller::result_of(const CrossbarGroup& group, std::int64_t missing_area) const {
  GroupFill result{.num_copies = {}, .num_turns = 0, .missing_area = missing_area};
  for (const std::size_t layer : group.layers) {
    result.num_copies.push_back(num_copies_[layer]);
    result.num_turns += turns(layer, num_copies_[layer]);
  }
  return result;
}

std::vector<CopyPlacement> GroupFiller::placements() const {
  std::vector<std::vector<BlockPlacement>> of_kind(kinds_.size());
  for (std::int64_t i = 0; i < num_crossbars_; ++i) {
    for (const Entry& entry : crossbars_[static_cast<std::size_t>(i)].entries)
      of_kind[entry.kind].push_back({.crossbar = i, .row0 = entry.corner.row0, .col0 = entry.corner.col0});
  }
  std::vector<CopyPlacement> result;
  for (std::size_t layer = 0; layer < problem_.layers.size(); ++layer) {
    for (std::int64_t copy = 0; copy < num_copies_[layer]; ++copy) {
      std::map<std::pair<std::int64_t, std::int64_t>, std::int64_t> num_seen;  // of the copy, by size
      for (std::size_t block = 0; block < problem_.layers[layer].blocks.size(); ++block) {
        const BlockSize& size = problem_.layers[layer].blocks[block];
        const auto kind = *std::ranges::find_if(layer_kinds_[layer], [&](std::size_t k) { return kinds_[k].size == size; });
        const std::int64_t number = copy * kinds_[kind].num_a_copy + num_seen[{size.rows, size.cols}]++;
        result.push_back(
            {.layer = layer, .copy = copy, .block = block, .place = of_kind[kind][static_cast<std::size_t>(number)]});
      }
    }
  }
  return result;
}

std::vector<std::pair<std::size_t, std::size_t>> GroupFiller::sharing_layers() const {
  std::vector<std::pair<std::size_t, std::size_t>> pairs;
  for (std::int64_t i = 0; i < num_crossbars_; ++i) {
    const std::vector<Entry>& entries = crossbars_[static_cast<std::size_t>(i)].entries;
    for (std::size_t a = 0; a < entries.size(); ++a) {
      for (std::size_t b = a + 1; b < entries.size(); ++b)
        pairs.emplace_back(std::minmax({kinds_[entries[a].kind].layer, kinds_[entries[b].kind].layer}));
    }
  }
  std::ranges::sort(pairs);
  pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
  return pairs;
}

}  // namespace crossloom
