#include "sweep/row_sequence.h"

#include <utility>

namespace crossloom {

void RowSequence::add(const PointRange& range, std::int64_t index, std::string row) {
  waiting_.emplace(index, std::move(row));
  for (auto first = waiting_.begin(); first != waiting_.end() && first->first == num_taken_; first = waiting_.begin()) {
    take_(range.at(num_taken_), first->second);
    ++num_taken_;
    waiting_.erase(first);
  }
}

}  // namespace crossloom
