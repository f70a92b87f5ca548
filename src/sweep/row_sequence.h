#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>

namespace crossloom {

/// The row of a point; empty when it has none (a filter dropped it). Called from several threads at once.
using MakeRow = std::function<std::string(std::int64_t point)>;
/// Takes the row of each point in ascending order, from one thread at a time; empty rows too.
using TakeRow = std::function<void(std::int64_t point, const std::string& row)>;

/// Points to work on: first, first + step, ... below end.
struct PointRange {
  std::int64_t first = 0;
  std::int64_t end = 0;
  std::int64_t step = 1;
  [[nodiscard]] std::int64_t count() const { return first >= end ? 0 : (end - first - 1) / step + 1; }
  [[nodiscard]] std::int64_t at(std::int64_t index) const { return first + index * step; }
};

/// Most points that are worked on or wait for an earlier one: bounds the memory that rows take.
inline constexpr std::int64_t kPointsInFlight = 4096;

/// Puts rows that come in any order into the order of their points.
class RowSequence {
 public:
  explicit RowSequence(const TakeRow& take) : take_(take) {}
  /// The row of the index-th point of the range; passes on all that now have no earlier one missing.
  void add(const PointRange& range, std::int64_t index, std::string row);
  [[nodiscard]] std::int64_t num_taken() const { return num_taken_; }

 private:
  const TakeRow& take_;
  std::int64_t num_taken_ = 0;
  std::map<std::int64_t, std::string> waiting_;
};

}  // namespace crossloom
