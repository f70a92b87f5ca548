#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>

namespace crossloom {

/// Takes the result of each item in ascending order, from one thread at a time.
using TakeResult = std::function<void(std::int64_t index, const std::string& result)>;

/// Most items that are worked on or wait for an earlier one: bounds the memory that results take.
inline constexpr std::int64_t kItemsInFlight = 4096;

/// Puts results that come in any order into the order of their items.
class ResultSequence {
 public:
  explicit ResultSequence(const TakeResult& take) : take_(take) {}
  /// The result of an item; passes on all that now have no earlier one missing.
  void add(std::int64_t index, std::string result);
  [[nodiscard]] std::int64_t num_taken() const { return num_taken_; }

 private:
  const TakeResult& take_;
  std::int64_t num_taken_ = 0;
  std::map<std::int64_t, std::string> waiting_;
};

}  // namespace crossloom
