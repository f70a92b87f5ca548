#pragma once

#include "sweep/work_sharing.h"

namespace crossloom {

/// The ranks of an MPI job (MPI Forum, "MPI: A Message-Passing Interface Standard", version 3.1, 2015). Rank 0 leads: it hands
/// out items to ranks that are free and does some itself while no message waits. A rank that is lost ends the job, as MPI's
/// launchers have it.
///
/// In each process one object, in this order: rank 0 calls `share`, as often as there is work, and `end`; the others call
/// `wait_for_leader` and, if that says so, `follow`.
class MpiSharing : public WorkSharing {
 public:
  /// Begins MPI.
  MpiSharing();
  MpiSharing(const MpiSharing&) = delete;
  MpiSharing& operator=(const MpiSharing&) = delete;
  /// Ends MPI; all ranks come here together.
  ~MpiSharing() override;

  [[nodiscard]] bool is_leader() const override;
  void share(std::int64_t num_items, const ItemText& item, const DoItem& work, const TakeResult& take) override;
  void follow(const DoItem& work) override;

  /// Not the leader: whether there will be work.
  [[nodiscard]] bool wait_for_leader();
  /// The leader: there is no more work; `follow` returns in the others.
  void end();
  /// Whether work was shared, be it in part.
  [[nodiscard]] bool has_begun() const { return has_begun_; }
  /// Ends all ranks at once with an exit status.
  [[noreturn]] static void abort(int status);

 private:
  /// Tells the others whether there is work.
  void begin(bool has_work);

  int rank_ = 0;
  int num_ranks_ = 1;
  bool has_begun_ = false;
};

}  // namespace crossloom
