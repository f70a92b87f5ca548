#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "sweep/result_sequence.h"

namespace crossloom {

/// The item of a number, as a text that says what is to be done.
using ItemText = std::function<std::string(std::int64_t index)>;
/// Does an item; depends on the item alone. Called from several threads at once.
using DoItem = std::function<std::string(const std::string& item)>;

/// How work is shared among workers: threads of this process, or processes on several machines. Items and results are texts,
/// the points of a sweep and their rows or the candidates of a search and their scores.
class WorkSharing {
 public:
  WorkSharing() = default;
  WorkSharing(const WorkSharing&) = delete;
  WorkSharing& operator=(const WorkSharing&) = delete;
  virtual ~WorkSharing() = default;

  /// Whether this process says what is to be done and takes the results; the others only do items.
  [[nodiscard]] virtual bool is_leader() const = 0;
  /// The leader: has items 0 to num_items - 1 done, in whichever process, and takes their results in this order. May be called
  /// again and again.
  virtual void share(std::int64_t num_items, const ItemText& item, const DoItem& work, const TakeResult& take) = 0;
  /// The others: does the items that the leader hands out, until its job ends.
  virtual void follow(const DoItem& work) = 0;
};

/// Threads of this process that each take the next item when free. What is taken does not depend on their number. The first
/// exception ends the work and is thrown on.
class ThreadSharing : public WorkSharing {
 public:
  explicit ThreadSharing(std::int64_t num_threads) : num_threads_(num_threads) {}
  [[nodiscard]] bool is_leader() const override { return true; }
  void share(std::int64_t num_items, const ItemText& item, const DoItem& work, const TakeResult& take) override;
  /// There are no others.
  void follow(const DoItem& /*work*/) override {}

 private:
  std::int64_t num_threads_;
};

}  // namespace crossloom
