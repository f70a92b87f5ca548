#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "compiler/duplication/crossbar_sharing.h"
#include "compiler/packing/crossbar_fit.h"
#include "compiler/packing/free_rectangles.h"

namespace crossloom {

/// What the crossbars of a group hold.
struct GroupFill {
  std::vector<std::int64_t> num_copies;  ///< of each layer of the group
  std::int64_t num_turns = 0;            ///< of all layers together: they exclude each other, so the group's time an input
  std::int64_t missing_area = 0;         ///< of blocks without a place, in weights; copies are one each then
  friend bool operator==(const GroupFill&, const GroupFill&) = default;
};

/// Fills the crossbars of a group with copies of its layers so that the layers together take few turns. The greedy on turns
/// saved for the area taken (Lagrange's rule for sum c_i / m_i under sum m_i a_i: optimal but for whole numbers) gives an order
/// of copies; bisection finds how far along it maximal rectangles pack them, largest blocks first; single copies then fill what
/// is left. Deterministic; one object serves many groups of its problem.
class GroupFiller {
 public:
  /// `problem` must outlive the filler; its blocks fit a crossbar.
  explicit GroupFiller(const SharingProblem& problem);

  /// O(log(copies) x blocks x crossbars x free rectangles).
  [[nodiscard]] GroupFill fill(const CrossbarGroup& group);

  /// Starts from a packing of single copies of the group's layers, in the order of layers and blocks, and fills what it leaves.
  [[nodiscard]] GroupFill extend(const CrossbarGroup& group, const Packing& single_copies);

  /// Of the last fill without missing area: where each copy of each block lies; crossbars count from 0 in the group. In the
  /// order of layers, copies and blocks.
  [[nodiscard]] std::vector<CopyPlacement> placements() const;
  /// Of the last fill: pairs of layers with a common crossbar, ascending.
  [[nodiscard]] std::vector<std::pair<std::size_t, std::size_t>> sharing_layers() const;

  /// Crossbars looked at for a place so far, a measure of the time spent that is the same on every machine.
  [[nodiscard]] std::int64_t num_steps() const { return num_steps_; }

 private:
  /// Equal blocks of a layer.
  struct BlockKind {
    std::size_t layer = 0;
    BlockSize size;
    std::int64_t num_a_copy = 0;
    [[nodiscard]] std::int64_t area() const { return size.rows * size.cols; }
  };
  struct Entry {
    std::size_t kind = 0;
    BlockCorner corner;
  };
  struct FilledCrossbar {
    FreeRectangles free;
    std::vector<Entry> entries;
  };
  struct Choice {
    FitPlace place;
    std::int64_t crossbar = 0;
  };
  struct Step {
    std::size_t layer = 0;
    std::int64_t num_copies = 0;  ///< of the layer after the step
  };

  void clear(std::int64_t num_crossbars);
  [[nodiscard]] bool allows(const FilledCrossbar& crossbar, const BlockKind& kind) const;
  [[nodiscard]] std::int64_t place(std::size_t kind, std::int64_t num_blocks);
  [[nodiscard]] std::int64_t pack(const CrossbarGroup& group);
  [[nodiscard]] bool add_copies(std::size_t layer, std::int64_t num_more);
  [[nodiscard]] std::int64_t next_useful(std::size_t layer) const;
  [[nodiscard]] std::int64_t turns(std::size_t layer, std::int64_t num_copies) const;
  [[nodiscard]] std::vector<Step> order_of_copies(const CrossbarGroup& group);
  [[nodiscard]] GroupFill result_of(const CrossbarGroup& group, std::int64_t missing_area) const;
  void fill_gaps(const CrossbarGroup& group);

  const SharingProblem& problem_;
  std::vector<BlockKind> kinds_;                       ///< largest area first
  std::vector<std::vector<std::size_t>> layer_kinds_;  ///< of each layer, largest area first
  std::vector<std::int64_t> area_;                     ///< of one copy of each layer
  std::vector<std::int64_t> num_copies_;               ///< of each layer; 0 outside the group
  std::vector<FilledCrossbar> crossbars_;
  std::int64_t num_crossbars_ = 0;
  std::vector<Choice> choices_;
  std::vector<std::pair<std::int64_t, FilledCrossbar>> undo_;  ///< crossbars as they were, the last one changed last
  bool is_undo_kept_ = false;
  std::int64_t num_steps_ = 0;
};

}  // namespace crossloom
