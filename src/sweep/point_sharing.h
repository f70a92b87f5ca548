#pragma once

#include <cstdint>

#include "sweep/row_sequence.h"

namespace crossloom {

/// How the points of a sweep are shared among workers: threads of this process, or processes on several machines.
class PointSharing {
 public:
  PointSharing() = default;
  PointSharing(const PointSharing&) = delete;
  PointSharing& operator=(const PointSharing&) = delete;
  virtual ~PointSharing() = default;

  /// Whether this process says which points there are and takes the rows; the others only make rows.
  [[nodiscard]] virtual bool is_leader() const = 0;
  /// Makes the rows of the leader's range, in whichever process, and has the leader take them in the order of the points. The
  /// range and `take` of the others are not used.
  virtual void share(const PointRange& range, const MakeRow& make, const TakeRow& take) = 0;
};

/// Threads of this process that each take the next point when free. What is taken does not depend on their number. The first
/// exception ends the work and is thrown on.
class ThreadSharing : public PointSharing {
 public:
  explicit ThreadSharing(std::int64_t num_threads) : num_threads_(num_threads) {}
  [[nodiscard]] bool is_leader() const override { return true; }
  void share(const PointRange& range, const MakeRow& make, const TakeRow& take) override;

 private:
  std::int64_t num_threads_;
};

}  // namespace crossloom
