#include "sweep/result_sequence.h"

#include <utility>

namespace crossloom {

void ResultSequence::add(std::int64_t index, std::string result) {
  waiting_.emplace(index, std::move(result));
  for (auto first = waiting_.begin(); first != waiting_.end() && first->first == num_taken_; first = waiting_.begin()) {
    take_(num_taken_, first->second);
    ++num_taken_;
    waiting_.erase(first);
  }
}

}  // namespace crossloom
