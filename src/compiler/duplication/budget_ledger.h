#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "compiler/duplication/duplicate.h"

namespace crossloom {

/// What copies of layers take of the budget, by limits that no packing can escape: area, sizes, cap and conflicts.
class BudgetLedger {
 public:
  /// Begins with one copy of each layer. The problem must outlive the ledger.
  explicit BudgetLedger(const DuplicationProblem& problem);

  [[nodiscard]] bool has_room(std::size_t layer, std::int64_t num_more) const {
    return crossbars_with(layer, num_more) <= problem_.num_crossbars;
  }
  void add_copies(std::size_t layer, std::int64_t num_more);

  /// No packing of the copies has fewer crossbars.
  [[nodiscard]] std::int64_t least_crossbars() const { return least_crossbars_; }

 private:
  [[nodiscard]] std::int64_t crossbars_with(std::size_t layer, std::int64_t num_more) const;
  [[nodiscard]] std::int64_t crossbars_apart_with(std::size_t layer, std::int64_t num_more) const;

  const DuplicationProblem& problem_;
  std::int64_t num_weights_ = 0;
  std::int64_t num_blocks_ = 0;
  std::vector<std::int64_t> num_layer_blocks_;
  std::vector<std::int64_t> taken_;  ///< by each size measure
  std::int64_t least_crossbars_ = 0;
};

/// Share of a crossbar that a copy of the layer takes by the limit that asks for most: area, sizes or cap.
[[nodiscard]] double crossbars_a_copy(const DuplicationProblem& problem, std::size_t layer);

/// No packing of so many copies of each layer has fewer crossbars.
[[nodiscard]] std::int64_t least_crossbars_of(const DuplicationProblem& problem, std::span<const std::int64_t> copies);

}  // namespace crossloom
