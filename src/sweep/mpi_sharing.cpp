#include "sweep/mpi_sharing.h"

#include <mpi.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

namespace crossloom {
namespace {

constexpr int kLeader = 0;
constexpr int kPointTag = 1;  ///< to a rank: index of a point, or kNoMore
constexpr int kRowTag = 2;    ///< from a rank: index of a point, then its row
constexpr std::int64_t kNoMore = -1;
/// Points that a rank has at a time: one to work on and some in store, so that it need not wait for the leader's own point.
constexpr std::int64_t kPointsOfRank = 4;

void send_point(int rank, std::int64_t index) { MPI_Send(&index, 1, MPI_INT64_T, rank, kPointTag, MPI_COMM_WORLD); }

struct Row {
  int rank = 0;
  std::int64_t index = 0;
  std::string text;
};

/// The row that `status` of a probe is about.
Row receive_row(const MPI_Status& status) {
  int num_bytes = 0;
  MPI_Get_count(&status, MPI_BYTE, &num_bytes);
  std::vector<char> bytes(static_cast<std::size_t>(num_bytes));
  MPI_Recv(bytes.data(), num_bytes, MPI_BYTE, status.MPI_SOURCE, kRowTag, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
  Row row{.rank = status.MPI_SOURCE};
  std::memcpy(&row.index, bytes.data(), sizeof row.index);
  row.text.assign(bytes.begin() + sizeof row.index, bytes.end());
  return row;
}

void send_row(std::int64_t index, const std::string& text) {
  std::vector<char> bytes(sizeof index + text.size());
  std::memcpy(bytes.data(), &index, sizeof index);
  std::ranges::copy(text, bytes.begin() + sizeof index);
  MPI_Send(bytes.data(), static_cast<int>(bytes.size()), MPI_BYTE, kLeader, kRowTag, MPI_COMM_WORLD);
}

}  // namespace

MpiSharing::MpiSharing() {
  MPI_Init(nullptr, nullptr);
  MPI_Comm_rank(MPI_COMM_WORLD, &rank_);
  MPI_Comm_size(MPI_COMM_WORLD, &num_ranks_);
}

MpiSharing::~MpiSharing() { MPI_Finalize(); }

bool MpiSharing::is_leader() const { return rank_ == kLeader; }

void MpiSharing::broadcast(PointRange& range) {
  std::array<std::int64_t, 3> numbers = {range.first, range.end, range.step};
  MPI_Bcast(numbers.data(), static_cast<int>(numbers.size()), MPI_INT64_T, kLeader, MPI_COMM_WORLD);
  range = {.first = numbers[0], .end = numbers[1], .step = numbers[2]};
  has_begun_ = true;
}

bool MpiSharing::wait_for_leader() {
  broadcast(range_);
  return range_.count() > 0;
}

void MpiSharing::end_without_points() {
  if (has_begun_) return;
  PointRange none;
  broadcast(none);
}

void MpiSharing::abort(int status) {
  MPI_Abort(MPI_COMM_WORLD, status);
  std::_Exit(status);
}

void MpiSharing::share(const PointRange& range, const MakeRow& make, const TakeRow& take) {
  if (!is_leader()) {
    follow(make);
    return;
  }
  range_ = range;
  broadcast(range_);
  if (range_.count() > 0) lead(range_, make, take);
}

void MpiSharing::lead(const PointRange& range, const MakeRow& make, const TakeRow& take) const {
  RowSequence rows(take);
  std::vector<std::int64_t> num_at_rank(static_cast<std::size_t>(num_ranks_), 0);
  std::int64_t next = 0;
  const auto has_next = [&] { return next < range.count() && next - rows.num_taken() < kPointsInFlight; };
  // One each in turn, so that the last points of a range are spread.
  const auto hand_out = [&] {
    for (std::int64_t level = 1; level <= kPointsOfRank; ++level) {
      for (int rank = kLeader + 1; rank < num_ranks_; ++rank) {
        std::int64_t& num_points = num_at_rank[static_cast<std::size_t>(rank)];
        if (num_points >= level || !has_next()) continue;
        send_point(rank, next++);
        ++num_points;
      }
    }
  };
  hand_out();
  while (rows.num_taken() < range.count()) {
    int is_waiting = 0;
    MPI_Status status;
    MPI_Iprobe(MPI_ANY_SOURCE, kRowTag, MPI_COMM_WORLD, &is_waiting, &status);
    if (is_waiting == 0 && has_next()) {
      const std::int64_t index = next++;
      rows.add(range, index, make(range.at(index)));
    } else {
      if (is_waiting == 0) MPI_Probe(MPI_ANY_SOURCE, kRowTag, MPI_COMM_WORLD, &status);
      Row row = receive_row(status);
      --num_at_rank[static_cast<std::size_t>(row.rank)];
      rows.add(range, row.index, std::move(row.text));
    }
    hand_out();
  }
  for (int rank = kLeader + 1; rank < num_ranks_; ++rank) send_point(rank, kNoMore);
}

void MpiSharing::follow(const MakeRow& make) const {
  while (true) {
    std::int64_t index = kNoMore;
    MPI_Recv(&index, 1, MPI_INT64_T, kLeader, kPointTag, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    if (index == kNoMore) return;
    send_row(index, make(range_.at(index)));
  }
}

}  // namespace crossloom
