#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace crossloom {

/// What an independent check found: the first 20 messages, which is more than anyone reads.
class Findings {
 public:
  static constexpr std::size_t kMost = 20;

  void add(std::string message) {
    if (messages_.size() < kMost) messages_.push_back(std::move(message));
  }
  [[nodiscard]] bool empty() const { return messages_.empty(); }
  [[nodiscard]] std::vector<std::string> take() { return std::move(messages_); }

 private:
  std::vector<std::string> messages_;
};

}  // namespace crossloom
