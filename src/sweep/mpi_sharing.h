#pragma once

#include "sweep/point_sharing.h"

namespace crossloom {

/// The ranks of an MPI job (MPI Forum, "MPI: A Message-Passing Interface Standard", version 3.1, 2015). Rank 0 leads: it hands
/// out points to ranks that are free and makes rows itself while no message waits. A rank that is lost ends the job, as MPI's
/// launchers have it.
///
/// In each process one object, in this order: rank 0 calls `share`, or `end_without_points` when there is nothing to share;
/// the others call `wait_for_leader` and, if that says so, `share`.
class MpiSharing : public PointSharing {
 public:
  /// Begins MPI.
  MpiSharing();
  MpiSharing(const MpiSharing&) = delete;
  MpiSharing& operator=(const MpiSharing&) = delete;
  /// Ends MPI; all ranks come here together.
  ~MpiSharing() override;

  [[nodiscard]] bool is_leader() const override;
  void share(const PointRange& range, const MakeRow& make, const TakeRow& take) override;

  /// Not the leader: whether there will be points to share.
  [[nodiscard]] bool wait_for_leader();
  /// The leader: tells the others to end, unless points were shared.
  void end_without_points();
  /// Whether points were shared, be it in part.
  [[nodiscard]] bool has_begun() const { return has_begun_; }
  /// Ends all ranks at once with an exit status.
  [[noreturn]] static void abort(int status);

 private:
  void broadcast(PointRange& range);
  void lead(const PointRange& range, const MakeRow& make, const TakeRow& take) const;
  void follow(const MakeRow& make) const;

  int rank_ = 0;
  int num_ranks_ = 1;
  PointRange range_;
  bool has_begun_ = false;
};

}  // namespace crossloom
