#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <vector>

#include "compiler/packing/free_rectangles.h"
#include "compiler/packing/packing.h"

namespace crossloom {

/// Orders in which blocks are packed, largest first; ties by a second size and at last by index.
enum class PackingOrder {
  kArea,      ///< area, then long side
  kLongSide,  ///< long side, then area
  kRows,      ///< rows, then columns
  kCols,      ///< columns, then rows
};

/// Which open crossbar takes a block.
enum class CrossbarChoice {
  kFirstFit,  ///< the one opened first
  kBestFit,   ///< the one with the best place by the fit rule, ties to the one opened first
};

struct GreedyStrategy {
  PackingOrder order = PackingOrder::kArea;
  FitRule rule = FitRule::kShortSide;
  CrossbarChoice choice = CrossbarChoice::kBestFit;
  /// As soon as so many crossbars are certain, packing stops and there is no result: who has a packing asks for a better one.
  std::int64_t fewer_than = std::numeric_limits<std::int64_t>::max();
};

/// Packs a problem in one pass, by any number of strategies one after another, and keeps its memory between them. The problem
/// must outlive it.
class GreedyPacker {
 public:
  explicit GreedyPacker(const PackingProblem& problem) : problem_(problem) {}

  /// Block after block in the strategy's order goes to a place among the open crossbars that its layer and the cap allow, or
  /// opens a new crossbar. The result may exceed the problem's budget. O(runs x open crossbars x free rectangles), without the
  /// crossbars that are too full for every block to come; a run is a number of equal blocks of one layer when those may not
  /// share a crossbar, else one block.
  [[nodiscard]] std::optional<Packing> pack(const GreedyStrategy& strategy);

 private:
  struct Crossbar {
    FreeRectangles free;
    std::vector<std::int64_t> layers = {};  ///< ascending
  };
  /// A crossbar that may still take a block, with what most blocks can be refused by.
  struct OpenCrossbar {
    std::size_t number = 0;
    std::int64_t free_area = 0;
    std::int64_t rows = 0;  ///< of the highest free rectangle
    std::int64_t cols = 0;  ///< of the widest one
  };
  struct Choice {
    std::size_t open_index = 0;
    FitPlace place = {};
  };

  [[nodiscard]] std::span<const std::size_t> items_in(PackingOrder order);
  void clear();
  [[nodiscard]] bool allows(const Crossbar& crossbar, std::int64_t layer) const;
  [[nodiscard]] std::int64_t least_crossbars() const;
  [[nodiscard]] std::size_t run_length(std::span<const std::size_t> order) const;
  [[nodiscard]] OpenCrossbar as_open(std::size_t number) const;
  void close_full(std::int64_t least_area_to_come);
  void find_choices(const PackingItem& item, std::size_t num_wanted, const GreedyStrategy& strategy);
  void place_run(std::span<const std::size_t> run, const GreedyStrategy& strategy);
  void place_on_new(std::size_t index);
  void place(std::size_t index, const Choice& choice);
  void put(std::size_t index, std::size_t number, std::int64_t row0, std::int64_t col0);

  const PackingProblem& problem_;
  std::array<std::vector<std::size_t>, 4> orders_;  ///< by PackingOrder, each made when it is asked for
  std::vector<Crossbar> crossbars_;                 ///< by number; those beyond packing_.num_crossbars are of earlier passes
  std::vector<OpenCrossbar> open_;                  ///< in order of opening
  std::vector<Choice> found_;                       ///< places that the open crossbars offer a block
  Packing packing_;
  std::int64_t area_left_ = 0;  ///< of the blocks to come
  std::int64_t free_area_ = 0;  ///< of the open crossbars
};

}  // namespace crossloom
