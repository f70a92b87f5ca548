#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <vector>

namespace crossloom {

/// A part of a crossbar, in weights.
struct PackingRectangle {
  std::int64_t row0 = 0;
  std::int64_t col0 = 0;
  std::int64_t rows = 0;
  std::int64_t cols = 0;
  friend bool operator==(const PackingRectangle&, const PackingRectangle&) = default;
};

/// What a good place for a block is (Jylanki, "A thousand ways to pack the bin", 2010).
enum class FitRule {
  kShortSide,  ///< the smaller of the two leftover sides is least, then the larger
  kArea,       ///< the leftover area is least, then the smaller leftover side
};

/// How well a block fits a place: smaller is better, compared lexicographically.
struct FitScore {
  std::int64_t first = 0;
  std::int64_t second = 0;
  friend bool operator==(const FitScore&, const FitScore&) = default;
  friend bool operator<(const FitScore& a, const FitScore& b) {
    return a.first != b.first ? a.first < b.first : a.second < b.second;
  }
};

struct FitPlace {
  FitScore score;
  std::int64_t row0 = 0;
  std::int64_t col0 = 0;
};

/// The free space of one crossbar as all its maximal free rectangles: no free rectangle of the crossbar lies outside them.
class FreeRectangles {
 public:
  FreeRectangles(std::int64_t rows, std::int64_t cols);

  /// Everything is free again.
  void clear(std::int64_t rows, std::int64_t cols);

  /// The best place for a block of this size; nothing when it fits nowhere. Linear in the free rectangles.
  [[nodiscard]] std::optional<FitPlace> best_place(std::int64_t rows, std::int64_t cols, FitRule rule) const;

  /// Takes a rectangle that lies in free space out of it. Quadratic in the free rectangles it meets.
  void take(const PackingRectangle& used);

  [[nodiscard]] std::int64_t free_area() const { return free_area_; }
  [[nodiscard]] const std::vector<PackingRectangle>& rectangles() const { return rectangles_; }

 private:
  std::vector<PackingRectangle> rectangles_;
  std::int64_t free_area_ = 0;
};

}  // namespace crossloom
