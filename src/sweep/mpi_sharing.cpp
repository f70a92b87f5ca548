#include "sweep/mpi_sharing.h"

#include <mpi.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

namespace crossloom {
namespace {

constexpr int kLeader = 0;
constexpr int kItemTag = 1;    ///< to a rank: number of an item, then its text
constexpr int kResultTag = 2;  ///< from a rank: number of an item, then its result
constexpr int kEndTag = 3;     ///< to a rank: nothing more comes
/// Items that a rank has at a time: one to work on and some in store, so that it need not wait for the leader's own item.
constexpr std::int64_t kItemsOfRank = 4;

/// A numbered text from or to a rank.
struct Message {
  int rank = 0;
  std::int64_t index = 0;
  std::string text;
};

void send(const Message& message, int tag) {
  std::vector<char> bytes(sizeof message.index + message.text.size());
  std::memcpy(bytes.data(), &message.index, sizeof message.index);
  std::ranges::copy(message.text, bytes.begin() + sizeof message.index);
  MPI_Send(bytes.data(), static_cast<int>(bytes.size()), MPI_BYTE, message.rank, tag, MPI_COMM_WORLD);
}

/// The message that `status` of a probe is about.
Message receive(const MPI_Status& status) {
  int num_bytes = 0;
  MPI_Get_count(&status, MPI_BYTE, &num_bytes);
  std::vector<char> bytes(static_cast<std::size_t>(num_bytes));
  MPI_Recv(bytes.data(), num_bytes, MPI_BYTE, status.MPI_SOURCE, status.MPI_TAG, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
  Message message{.rank = status.MPI_SOURCE};
  std::memcpy(&message.index, bytes.data(), sizeof message.index);
  message.text.assign(bytes.begin() + sizeof message.index, bytes.end());
  return message;
}

}  // namespace

MpiSharing::MpiSharing() {
  MPI_Init(nullptr, nullptr);
  MPI_Comm_rank(MPI_COMM_WORLD, &rank_);
  MPI_Comm_size(MPI_COMM_WORLD, &num_ranks_);
}

MpiSharing::~MpiSharing() { MPI_Finalize(); }

bool MpiSharing::is_leader() const { return rank_ == kLeader; }

void MpiSharing::begin(bool has_work) {
  int flag = has_work ? 1 : 0;
  MPI_Bcast(&flag, 1, MPI_INT, kLeader, MPI_COMM_WORLD);
  has_begun_ = flag != 0;
}

bool MpiSharing::wait_for_leader() {
  begin(false);
  return has_begun_;
}

void MpiSharing::end() {
  if (!has_begun_) {
    begin(false);
    return;
  }
  for (int rank = kLeader + 1; rank < num_ranks_; ++rank) send({.rank = rank}, kEndTag);
}

void MpiSharing::abort(int status) {
  MPI_Abort(MPI_COMM_WORLD, status);
  std::_Exit(status);
}

void MpiSharing::share(std::int64_t num_items, const ItemText& item, const DoItem& work, const TakeResult& take) {
  if (num_items == 0) return;
  if (!has_begun_) begin(true);
  ResultSequence results(take);
  std::vector<std::int64_t> num_at_rank(static_cast<std::size_t>(num_ranks_), 0);
  std::int64_t next = 0;
  const auto has_next = [&] { return next < num_items && next - results.num_taken() < kItemsInFlight; };
  // One each in turn, so that the last items are spread.
  const auto hand_out = [&] {
    for (std::int64_t level = 1; level <= kItemsOfRank; ++level) {
      for (int rank = kLeader + 1; rank < num_ranks_; ++rank) {
        std::int64_t& num_items_there = num_at_rank[static_cast<std::size_t>(rank)];
        if (num_items_there >= level || !has_next()) continue;
        send({.rank = rank, .index = next, .text = item(next)}, kItemTag);
        ++next;
        ++num_items_there;
      }
    }
  };
  hand_out();
  while (results.num_taken() < num_items) {
    int is_waiting = 0;
    MPI_Status status;
    MPI_Iprobe(MPI_ANY_SOURCE, kResultTag, MPI_COMM_WORLD, &is_waiting, &status);
    if (is_waiting == 0 && has_next()) {
      const std::int64_t index = next++;
      results.add(index, work(item(index)));
    } else {
      if (is_waiting == 0) MPI_Probe(MPI_ANY_SOURCE, kResultTag, MPI_COMM_WORLD, &status);
      Message result = receive(status);
      --num_at_rank[static_cast<std::size_t>(result.rank)];
      results.add(result.index, std::move(result.text));
    }
    hand_out();
  }
}

void MpiSharing::follow(const DoItem& work) {
  while (true) {
    MPI_Status status;
    MPI_Probe(kLeader, MPI_ANY_TAG, MPI_COMM_WORLD, &status);
    const Message item = receive(status);
    if (status.MPI_TAG == kEndTag) return;
    send({.rank = kLeader, .index = item.index, .text = work(item.text)}, kResultTag);
  }
}

}  // namespace crossloom
