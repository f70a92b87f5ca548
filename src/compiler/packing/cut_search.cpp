#include "compiler/packing/cut_search.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "compiler/packing/cut_state.h"
#include "support/random_stream.h"

namespace crossloom {
namespace {

constexpr std::size_t kMaxEjected = 3;
constexpr int kNumExchanges = 30;  ///< tried after each ejection
constexpr std::size_t kNowhere = CutState::kNowhere;

class CutSearch {
 public:
  CutSearch(const PackingProblem& rules, const CutPacking& start, const CutLimits& limits)
      : capacity_(rules.crossbar_rows * rules.crossbar_cols),
        limits_(limits),
        ask_{.fit = SizeFit(rules.crossbar_rows, rules.crossbar_cols), .num_looks_left = limits.num_looks},
        random_(0, {.purpose = RandomPurpose::kPacking}),
        state_(rules, start) {}

  /// The state with the fewest crossbars found.
  [[nodiscard]] CutState run() {
    CutState best = state_;
    std::size_t attempt = 0;  // on the present number of crossbars
    while (ask_.num_looks_left > 0 &&
           static_cast<std::int64_t>(best.crossbars().size()) > std::max<std::int64_t>(limits_.lower_bound, 1)) {
      state_ = best;
      empty_one(attempt);
      if (drain_pool()) {
        best = state_;
        attempt = 0;
      } else {
        ++attempt;
      }
    }
    return best;
  }

 private:
  [[nodiscard]] std::size_t below(std::size_t bound) { return static_cast<std::size_t>(random_.next_below(bound)); }
  [[nodiscard]] std::size_t num_crossbars() const { return state_.crossbars().size(); }
  [[nodiscard]] const std::vector<std::size_t>& pieces_on(std::size_t crossbar) const {
    return state_.crossbars()[crossbar].pieces;
  }
  [[nodiscard]] const CutState::Piece& piece(std::size_t index) const { return state_.pieces()[index]; }
  /// Of pieces that came up after the attempt began: 1.
  [[nodiscard]] std::int64_t& resistance(std::size_t index) {
    if (index >= resistance_.size()) resistance_.resize(index + 1, 1);
    return resistance_[index];
  }

  /// The crossbar with the least in it; after failures others at random.
  void empty_one(std::size_t attempt) {
    std::size_t victim = below(num_crossbars());
    if (attempt == 0) {
      for (std::size_t i = 0; i < num_crossbars(); ++i) {
        if (state_.crossbars()[i].area < state_.crossbars()[victim].area) victim = i;
      }
    }
    pool_ = pieces_on(victim);
    std::ranges::sort(pool_, [&](std::size_t a, std::size_t b) { return state_.area_of(a) < state_.area_of(b); });
    state_.remove_crossbar(victim);
    resistance_.assign(state_.pieces().size(), 1);
  }

  [[nodiscard]] bool drain_pool() {
    while (!pool_.empty()) {
      if (ask_.num_looks_left <= 0) return false;
      const std::size_t index = pool_.back();
      pool_.pop_back();
      if (insert_somewhere(index) || spread(index) || insert_beside_shorter(index)) continue;
      ++resistance(index);
      if (!eject_for(index)) pool_.insert(pool_.begin() + static_cast<std::ptrdiff_t>(below(pool_.size() + 1)), index);
      for (int i = 0; i < kNumExchanges; ++i) {
        if (below(2) == 0)
          exchange();
        else
          shift();
      }
    }
    return true;
  }

  [[nodiscard]] bool insert_somewhere(std::size_t index) {
    const std::size_t first = below(num_crossbars());
    for (std::size_t i = 0; i < num_crossbars(); ++i) {
      const std::size_t crossbar = (first + i) % num_crossbars();
      if (state_.crossbars()[crossbar].area + state_.area_of(index) > capacity_) continue;
      if (state_.conflicts_on(ask_, crossbar, piece(index).layer)) continue;
      if (!state_.fits_with(ask_, crossbar, piece(index).size, {})) continue;
      state_.insert(crossbar, index);
      return true;
    }
    return false;
  }

  /// A piece of the pool as parts of others.
  [[nodiscard]] bool spread(std::size_t index) {
    for (const CutAxis axis : state_.axes(index)) {
      const std::int64_t length = length_along(piece(index).size, axis);
      if (!state_.give_away(ask_, index, axis, length, kNowhere, below(num_crossbars()))) continue;
      state_.set_length(index, axis, 0);
      return true;
    }
    return false;
  }

  /// A piece of the pool where another makes room by giving a part away.
  [[nodiscard]] bool insert_beside_shorter(std::size_t index) {
    const std::size_t first = below(num_crossbars());
    for (std::size_t i = 0; i < num_crossbars() && ask_.num_looks_left > 0; ++i) {
      const std::size_t crossbar = (first + i) % num_crossbars();
      if (state_.conflicts_on(ask_, crossbar, piece(index).layer)) continue;
      const std::vector<std::size_t> present = pieces_on(crossbar);
      for (const std::size_t other : present) {
        if (shorten_for(index, other, crossbar)) return true;
      }
    }
    return false;
  }

  [[nodiscard]] bool shorten_for(std::size_t index, std::size_t other, std::size_t crossbar) {
    const std::int64_t excess = state_.crossbars()[crossbar].area + state_.area_of(index) - capacity_;
    const std::vector<CutAxis> axes = state_.axes(other);
    if (axes.empty() || excess > state_.area_of(other)) return false;
    if (!state_.fits_with(ask_, crossbar, piece(index).size, {&other, 1})) return false;
    for (const CutAxis axis : axes) {
      const BlockSize before = piece(other).size;
      const std::int64_t length = length_along(before, axis);
      state_.take_out(other);
      state_.insert(crossbar, index);
      const std::int64_t longest = state_.longest_on(ask_, crossbar, before, axis, CutState::kMinPiece, length, {}).value_or(0);
      state_.take_out(index);
      state_.insert(crossbar, other);
      if (longest == length || !state_.give_away(ask_, other, axis, length - longest, crossbar, below(num_crossbars())))
        continue;
      state_.set_length(other, axis, longest);
      state_.insert(crossbar, index);
      return true;
    }
    return false;
  }

  struct Ejection {
    std::size_t crossbar = 0;
    std::vector<std::size_t> pieces;
  };

  /// Puts the piece where those in its way have resisted least, all together less than it has; they go to the pool.
  [[nodiscard]] bool eject_for(std::size_t index) {
    std::optional<Ejection> best;
    std::int64_t least = resistance(index);
    const std::size_t first = below(num_crossbars());
    for (std::size_t i = 0; i < num_crossbars(); ++i) consider((first + i) % num_crossbars(), index, best, least);
    if (!best) return false;
    for (std::size_t i = best->pieces.size(); i-- > 0;) {
      state_.take_out(best->pieces[i]);
      pool_.push_back(best->pieces[i]);
    }
    state_.insert(best->crossbar, index);
    return true;
  }

  void consider(std::size_t crossbar, std::size_t index, std::optional<Ejection>& best, std::int64_t& least) {
    --ask_.num_looks_left;
    std::vector<std::size_t> ejected;
    std::int64_t forced = 0;
    for (const std::size_t other : pieces_on(crossbar)) {
      if (!state_.conflict(piece(index).layer, other)) continue;
      ejected.push_back(other);
      forced += resistance(other);
    }
    if (ejected.size() > kMaxEjected || forced >= least) return;
    widen(crossbar, index, ejected, 0, forced, best, least);
  }

  /// Tries the ejection of `ejected`, then of one more piece from place `from` on.
  void widen(std::size_t crossbar, std::size_t index, std::vector<std::size_t>& ejected, std::size_t from, std::int64_t sum,
             std::optional<Ejection>& best, std::int64_t& least) {
    if (!ejected.empty() && state_.fits_with(ask_, crossbar, piece(index).size, ejected)) {
      best = {.crossbar = crossbar, .pieces = ejected};
      least = sum;
      return;
    }
    if (ejected.size() == kMaxEjected) return;
    const std::vector<std::size_t>& present = pieces_on(crossbar);
    for (std::size_t place = from; place < present.size(); ++place) {
      const std::int64_t more = sum + resistance(present[place]);
      if (more >= least || std::ranges::find(ejected, present[place]) != ejected.end()) continue;
      ejected.push_back(present[place]);
      widen(crossbar, index, ejected, place + 1, more, best, least);
      ejected.pop_back();
    }
  }

  /// A piece to another crossbar, in exchange for one of it or for none, when the rules allow.
  void exchange() {
    if (num_crossbars() < 2) return;
    const std::size_t a = below(num_crossbars());
    const std::size_t b = (a + 1 + below(num_crossbars() - 1)) % num_crossbars();
    if (pieces_on(a).empty()) return;
    const std::size_t piece_a = pieces_on(a)[below(pieces_on(a).size())];
    const std::size_t from_b = below(pieces_on(b).size() + 1);
    const bool is_move = from_b == pieces_on(b).size();
    const std::size_t piece_b = is_move ? kNowhere : pieces_on(b)[from_b];
    if (!can_replace(b, piece_b, piece_a) || (!is_move && !can_replace(a, piece_a, piece_b))) return;
    state_.take_out(piece_a);
    if (!is_move) {
      state_.take_out(piece_b);
      state_.insert(a, piece_b);
    }
    state_.insert(b, piece_a);
  }

  [[nodiscard]] bool can_replace(std::size_t crossbar, std::size_t replaced, std::size_t index) {
    for (const std::size_t other : pieces_on(crossbar)) {
      if (other != replaced && state_.conflict(piece(index).layer, other)) return false;
    }
    return state_.fits_with(ask_, crossbar, piece(index).size, {&replaced, 1});
  }

  /// A piece gives as much to another of its strip as fits there.
  void shift() {
    const std::size_t from = below(state_.pieces().size());
    const std::vector<CutAxis> axes = state_.axes(from);
    if (piece(from).crossbar == kNowhere || axes.empty()) return;
    const CutAxis axis = axes[below(axes.size())];
    const std::vector<std::size_t>& strip = state_.strip_of(from, axis);
    const std::size_t to = strip[below(strip.size())];
    if (to == from || piece(to).crossbar == kNowhere) return;
    const std::int64_t length = length_along(piece(from).size, axis);
    const std::optional<std::int64_t> grown = state_.grown_length(ask_, to, axis, length);
    if (!grown) return;
    const std::int64_t kept = length - (*grown - length_along(piece(to).size, axis));
    if (kept > 0 && kept < CutState::kMinPiece) return;
    state_.set_length(to, axis, *grown);
    state_.set_length(from, axis, kept);
  }

  std::int64_t capacity_;
  const CutLimits& limits_;
  CutQuestions ask_;
  RandomStream random_;
  CutState state_;
  std::vector<std::size_t> pool_;
  std::vector<std::int64_t> resistance_;  ///< of each piece: how often it found no place
};

}  // namespace

CutPacking move_cuts(const PackingProblem& rules, CutPacking start, const CutLimits& limits) {
  if (start.packing.num_crossbars <= limits.lower_bound || limits.num_looks <= 0) return start;
  const CutState found = CutSearch(rules, start, limits).run();
  if (static_cast<std::int64_t>(found.crossbars().size()) >= start.packing.num_crossbars) return start;
  return found.rebuilt(start);
}

}  // namespace crossloom
