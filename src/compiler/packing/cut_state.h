#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "compiler/packing/crossbar_fit.h"
#include "compiler/packing/free_cuts.h"

namespace crossloom {

/// The direction in which blocks of a matrix give length to each other.
enum class CutAxis {
  kCols,  ///< within a strip of rows
  kRows,  ///< within a strip of columns
};

[[nodiscard]] std::int64_t length_along(const BlockSize& size, CutAxis axis);
[[nodiscard]] BlockSize with_length(BlockSize size, CutAxis axis, std::int64_t length);

/// Whether blocks fit together, asked by a search that may look at so many crossbars in all.
struct CutQuestions {
  SizeFit fit;
  std::int64_t num_looks_left = 0;
};

/// Blocks on crossbars while their cuts move. A piece that has given all its length away is left behind with none, on no
/// crossbar.
class CutState {
 public:
  static constexpr std::size_t kNowhere = std::numeric_limits<std::size_t>::max();
  static constexpr std::int64_t kMinPiece = 4;  ///< rows or columns that a new block has, or a shortened one keeps

  struct Piece {
    std::int64_t layer = 0;
    BlockSize size;
    std::size_t row_strip = 0;  ///< strip of rows, numbered over all layers
    std::size_t col_strip = 0;
    std::size_t crossbar = kNowhere;
  };
  struct Layer {
    bool is_fixed = false;
    std::optional<CutAxis> axis;  ///< of its strips, once a cut has moved
    std::int64_t max_rows = 0;    ///< of a block
    std::int64_t max_cols = 0;
  };
  struct FilledCrossbar {
    std::vector<std::size_t> pieces;
    std::int64_t area = 0;
  };

  CutState(const PackingProblem& rules, const CutPacking& start);

  [[nodiscard]] const std::vector<Piece>& pieces() const { return pieces_; }
  [[nodiscard]] const std::vector<FilledCrossbar>& crossbars() const { return crossbars_; }
  [[nodiscard]] std::int64_t area_of(std::size_t piece) const { return pieces_[piece].size.rows * pieces_[piece].size.cols; }
  [[nodiscard]] const std::vector<std::size_t>& strip_of(std::size_t piece, CutAxis axis) const;
  /// The directions in which a piece may change.
  [[nodiscard]] std::vector<CutAxis> axes(std::size_t piece) const;
  [[nodiscard]] bool conflict(std::int64_t layer, std::size_t other) const;
  [[nodiscard]] bool conflicts_on(CutQuestions& ask, std::size_t crossbar, std::int64_t layer) const;

  /// Whether what is on a crossbar, without the pieces `without`, fits together with a block of `size`.
  [[nodiscard]] bool fits_with(CutQuestions& ask, std::size_t crossbar, const BlockSize& size,
                               std::span<const std::size_t> without) const;
  /// The longest that `size` may be along the axis, from `least` to `most`, on a crossbar without the pieces `without`; nothing
  /// when not even the least fits.
  [[nodiscard]] std::optional<std::int64_t> longest_on(CutQuestions& ask, std::size_t crossbar, const BlockSize& size,
                                                       CutAxis axis, std::int64_t least, std::int64_t most,
                                                       std::span<const std::size_t> without) const;
  /// To what length a piece can grow where it lies, when it takes at most `more`; nothing when it cannot.
  [[nodiscard]] std::optional<std::int64_t> grown_length(CutQuestions& ask, std::size_t piece, CutAxis axis,
                                                         std::int64_t more) const;

  void insert(std::size_t crossbar, std::size_t piece);
  void take_out(std::size_t piece);
  /// Changes a piece of a layer along the axis, which is then that of its strips.
  void set_length(std::size_t piece, CutAxis axis, std::int64_t length);
  /// Takes a crossbar away; its pieces lie nowhere.
  void remove_crossbar(std::size_t crossbar);

  /// Gives `length` of a piece's strip to others of the strip, then to at most two new pieces, none on crossbar `avoided`. The
  /// looks begin at any crossbar and sibling by `turn`. Nothing changes where that fails or the looks are used up.
  [[nodiscard]] bool give_away(CutQuestions& ask, std::size_t piece, CutAxis axis, std::int64_t length, std::size_t avoided,
                               std::size_t turn);

  /// The blocks in their matrices again, those of a strip one after another. `start` is what the state was made of.
  [[nodiscard]] CutPacking rebuilt(const CutPacking& start) const;

 private:
  struct Change {
    std::size_t piece = 0;
    BlockSize before;  ///< no weights: the piece was made
  };
  void resize(std::size_t piece, const BlockSize& size);
  void undo(std::vector<Change>& changes);
  void add_piece(const Piece& like, CutAxis axis, std::int64_t length, std::size_t crossbar);
  [[nodiscard]] std::int64_t max_length(const Piece& piece, CutAxis axis) const;
  [[nodiscard]] std::int64_t capacity() const { return rules_->crossbar_rows * rules_->crossbar_cols; }
  void place_contents(const CutPacking& start, const std::map<std::size_t, std::size_t>& index_of, Packing& packing) const;

  const PackingProblem* rules_;
  std::vector<Piece> pieces_;
  std::vector<std::vector<std::size_t>> strips_;
  std::map<std::int64_t, Layer> layers_;
  std::vector<FilledCrossbar> crossbars_;
};

}  // namespace crossloom
