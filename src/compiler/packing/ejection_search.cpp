#include "compiler/packing/ejection_search.h"

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <optional>
#include <utility>

#include "compiler/packing/crossbar_fit.h"
#include "support/random_stream.h"

namespace crossloom {
namespace {

constexpr std::size_t kMaxEjected = 3;
constexpr int kNumExchanges = 30;  ///< tried after each ejection

struct FilledCrossbar {
  std::vector<std::size_t> items;
  std::int64_t area = 0;
};

class EjectionSearch {
 public:
  EjectionSearch(const PackingProblem& problem, const Packing& start, const EjectionLimits& limits)
      : problem_(problem),
        limits_(limits),
        fit_(problem),
        random_(0, {.purpose = RandomPurpose::kPacking}),
        crossbars_(static_cast<std::size_t>(start.num_crossbars)),
        num_left_(limits.num_insertions) {
    for (std::size_t item = 0; item < problem.items.size(); ++item)
      insert(crossbars_[static_cast<std::size_t>(start.placements[item].crossbar)], item);
  }

  /// Contents of the crossbars of the best packing found.
  [[nodiscard]] std::vector<FilledCrossbar> run() {
    std::vector<FilledCrossbar> best = crossbars_;
    std::size_t attempt = 0;  // on the present number of crossbars
    while (num_left_ > 0 && static_cast<std::int64_t>(best.size()) > std::max<std::int64_t>(limits_.lower_bound, 1)) {
      crossbars_ = best;
      empty_one(attempt);
      if (drain_pool()) {
        best = crossbars_;
        attempt = 0;
      } else {
        ++attempt;
      }
    }
    return best;
  }

 private:
  [[nodiscard]] std::int64_t area_of(std::size_t item) const { return problem_.items[item].rows * problem_.items[item].cols; }
  [[nodiscard]] std::int64_t capacity() const { return problem_.crossbar_rows * problem_.crossbar_cols; }

  void insert(FilledCrossbar& crossbar, std::size_t item) {
    crossbar.items.push_back(item);
    crossbar.area += area_of(item);
  }
  void remove_at(FilledCrossbar& crossbar, std::size_t place) {
    crossbar.area -= area_of(crossbar.items[place]);
    crossbar.items.erase(crossbar.items.begin() + static_cast<std::ptrdiff_t>(place));
  }
  [[nodiscard]] bool conflict(std::size_t a, std::size_t b) const {
    return std::abs(problem_.items[a].layer - problem_.items[b].layer) <= problem_.conflict_distance;
  }
  [[nodiscard]] bool is_below_cap(std::size_t num_items) const {
    return problem_.max_blocks_per_crossbar == 0 || static_cast<std::int64_t>(num_items) <= problem_.max_blocks_per_crossbar;
  }
  [[nodiscard]] std::size_t below(std::size_t bound) { return static_cast<std::size_t>(random_.next_below(bound)); }

  /// The crossbar with the least in it; after failures others at random.
  void empty_one(std::size_t attempt) {
    std::size_t victim = below(crossbars_.size());
    if (attempt == 0) {
      for (std::size_t i = 0; i < crossbars_.size(); ++i) {
        if (crossbars_[i].area < crossbars_[victim].area) victim = i;
      }
    }
    pool_ = crossbars_[victim].items;
    std::ranges::sort(pool_, [&](std::size_t a, std::size_t b) { return area_of(a) < area_of(b); });
    crossbars_.erase(crossbars_.begin() + static_cast<std::ptrdiff_t>(victim));
    resistance_.assign(problem_.items.size(), 1);
  }

  [[nodiscard]] bool drain_pool() {
    while (!pool_.empty()) {
      if (num_left_-- <= 0) return false;
      const std::size_t item = pool_.back();
      pool_.pop_back();
      if (insert_somewhere(item)) continue;
      ++resistance_[item];
      if (!eject_for(item)) {
        pool_.insert(pool_.begin() + static_cast<std::ptrdiff_t>(below(pool_.size() + 1)), item);
      }
      for (int i = 0; i < kNumExchanges; ++i) exchange();
    }
    return true;
  }

  [[nodiscard]] bool insert_somewhere(std::size_t item) {
    const std::size_t first = below(crossbars_.size());
    for (std::size_t i = 0; i < crossbars_.size(); ++i) {
      FilledCrossbar& crossbar = crossbars_[(first + i) % crossbars_.size()];
      if (crossbar.area + area_of(item) > capacity() || !is_below_cap(crossbar.items.size() + 1)) continue;
      if (std::ranges::any_of(crossbar.items, [&](std::size_t other) { return conflict(item, other); })) continue;
      crossbar.items.push_back(item);
      const bool fits = fit_.fits(crossbar.items);
      crossbar.items.pop_back();
      if (!fits) continue;
      insert(crossbar, item);
      return true;
    }
    return false;
  }

  struct Ejection {
    std::size_t crossbar = 0;
    std::vector<std::size_t> places;  ///< in the crossbar's list, ascending
  };

  /// Puts the item where the blocks in its way have resisted least, all together less than it has; they go to the pool.
  [[nodiscard]] bool eject_for(std::size_t item) {
    std::optional<Ejection> best;
    std::int64_t least = resistance_[item];
    const std::size_t first = below(crossbars_.size());
    for (std::size_t i = 0; i < crossbars_.size(); ++i) {
      const std::size_t index = (first + i) % crossbars_.size();
      consider(index, item, best, least);
    }
    if (!best) return false;
    FilledCrossbar& crossbar = crossbars_[best->crossbar];
    for (std::size_t i = best->places.size(); i-- > 0;) {
      pool_.push_back(crossbar.items[best->places[i]]);
      remove_at(crossbar, best->places[i]);
    }
    insert(crossbar, item);
    return true;
  }

  void consider(std::size_t index, std::size_t item, std::optional<Ejection>& best, std::int64_t& least) {
    const FilledCrossbar& crossbar = crossbars_[index];
    ejected_.clear();
    std::int64_t forced = 0;
    for (std::size_t place = 0; place < crossbar.items.size(); ++place) {
      if (!conflict(item, crossbar.items[place])) continue;
      ejected_.push_back(place);
      forced += resistance_[crossbar.items[place]];
    }
    if (ejected_.size() > kMaxEjected || forced >= least) return;
    widen(index, item, 0, forced, best, least);
  }

  /// Tries the ejection of `ejected_`, then of one more place from `from` on.
  void widen(std::size_t index, std::size_t item, std::size_t from, std::int64_t sum, std::optional<Ejection>& best,
             std::int64_t& least) {
    const FilledCrossbar& crossbar = crossbars_[index];
    if (!ejected_.empty() && fits_without(crossbar, item)) {
      best = {.crossbar = index, .places = ejected_};
      std::ranges::sort(best->places);
      least = sum;
      return;
    }
    if (ejected_.size() == kMaxEjected) return;
    for (std::size_t place = from; place < crossbar.items.size(); ++place) {
      const std::int64_t more = sum + resistance_[crossbar.items[place]];
      if (more >= least || std::ranges::find(ejected_, place) != ejected_.end()) continue;
      ejected_.push_back(place);
      widen(index, item, place + 1, more, best, least);
      ejected_.pop_back();
    }
  }

  /// Whether the item fits where `ejected_` are gone.
  [[nodiscard]] bool fits_without(const FilledCrossbar& crossbar, std::size_t item) {
    std::int64_t area = crossbar.area + area_of(item);
    for (const std::size_t place : ejected_) area -= area_of(crossbar.items[place]);
    if (area > capacity() || !is_below_cap(crossbar.items.size() + 1 - ejected_.size())) return false;
    scratch_.clear();
    for (std::size_t place = 0; place < crossbar.items.size(); ++place) {
      if (std::ranges::find(ejected_, place) == ejected_.end()) scratch_.push_back(crossbar.items[place]);
    }
    scratch_.push_back(item);
    return fit_.fits(scratch_);
  }

  /// A block to another crossbar, in exchange for one of it or for none, when the rules allow.
  void exchange() {
    if (crossbars_.size() < 2) return;
    const std::size_t a = below(crossbars_.size());
    const std::size_t b = (a + 1 + below(crossbars_.size() - 1)) % crossbars_.size();
    if (crossbars_[a].items.empty()) return;
    const std::size_t from_a = below(crossbars_[a].items.size());
    const std::size_t from_b = below(crossbars_[b].items.size() + 1);
    const bool is_move = from_b == crossbars_[b].items.size();
    const std::size_t item_a = crossbars_[a].items[from_a];
    if (!can_replace(crossbars_[b], from_b, item_a)) return;
    if (!is_move && !can_replace(crossbars_[a], from_a, crossbars_[b].items[from_b])) return;
    remove_at(crossbars_[a], from_a);
    if (!is_move) {
      const std::size_t item_b = crossbars_[b].items[from_b];
      remove_at(crossbars_[b], from_b);
      insert(crossbars_[a], item_b);
    }
    insert(crossbars_[b], item_a);
  }

  /// Whether `item` may stand for the block at `place`, or beside all when the place is the end.
  [[nodiscard]] bool can_replace(const FilledCrossbar& crossbar, std::size_t place, std::size_t item) {
    std::int64_t area = crossbar.area + area_of(item);
    if (place < crossbar.items.size()) area -= area_of(crossbar.items[place]);
    if (area > capacity()) return false;
    scratch_.clear();
    for (std::size_t i = 0; i < crossbar.items.size(); ++i) {
      if (i == place) continue;
      if (conflict(item, crossbar.items[i])) return false;
      scratch_.push_back(crossbar.items[i]);
    }
    scratch_.push_back(item);
    return is_below_cap(scratch_.size()) && fit_.fits(scratch_);
  }

  const PackingProblem& problem_;
  const EjectionLimits& limits_;
  CrossbarFit fit_;
  RandomStream random_;
  std::vector<FilledCrossbar> crossbars_;
  std::vector<std::size_t> pool_;
  std::vector<std::int64_t> resistance_;  ///< of each item: how often it found no place
  std::vector<std::size_t> ejected_;      ///< places tried in a crossbar
  std::vector<std::size_t> scratch_;
  std::int64_t num_left_;
};

}  // namespace

Packing eject_crossbars(const PackingProblem& problem, Packing start, const EjectionLimits& limits) {
  if (start.num_crossbars <= limits.lower_bound || limits.num_insertions <= 0) return start;
  const std::vector<FilledCrossbar> found = EjectionSearch(problem, start, limits).run();
  if (static_cast<std::int64_t>(found.size()) >= start.num_crossbars) return start;

  const CrossbarFit fit(problem);
  Packing packing{.num_crossbars = static_cast<std::int64_t>(found.size()),
                  .placements = std::vector<BlockPlacement>(problem.items.size())};
  for (std::size_t crossbar = 0; crossbar < found.size(); ++crossbar) {
    const std::vector<std::size_t>& items = found[crossbar].items;
    const std::optional<std::vector<BlockCorner>> corners = fit.places(items);
    // A crossbar that no exchange touched may hold more than the search for places finds: as it was.
    for (std::size_t i = 0; i < items.size(); ++i) {
      const BlockPlacement& before = start.placements[items[i]];
      packing.placements[items[i]] = {.crossbar = static_cast<std::int64_t>(crossbar),
                                      .row0 = corners ? (*corners)[i].row0 : before.row0,
                                      .col0 = corners ? (*corners)[i].col0 : before.col0};
    }
  }
  return packing;
}

}  // namespace crossloom
