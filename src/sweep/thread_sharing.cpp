#include "sweep/point_sharing.h"

#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace crossloom {
namespace {

/// What the threads share.
class SharedPoints {
 public:
  SharedPoints(const PointRange& range, const MakeRow& make, const TakeRow& take) : range_(range), make_(make), rows_(take) {}

  void work() {
    while (true) {
      std::unique_lock lock(mutex_);
      room_.wait(lock, [this] { return error_ || next_ >= range_.count() || next_ - rows_.num_taken() < kPointsInFlight; });
      if (error_ || next_ >= range_.count()) return;
      const std::int64_t index = next_++;
      lock.unlock();
      try {
        std::string row = make_(range_.at(index));
        lock.lock();
        if (!error_) rows_.add(range_, index, std::move(row));
      } catch (...) {
        if (!lock.owns_lock()) lock.lock();
        if (!error_) error_ = std::current_exception();
      }
      room_.notify_all();
    }
  }

  void rethrow() const {
    if (error_) std::rethrow_exception(error_);
  }

 private:
  const PointRange& range_;
  const MakeRow& make_;
  RowSequence rows_;
  std::mutex mutex_;
  std::condition_variable room_;
  std::int64_t next_ = 0;
  std::exception_ptr error_;
};

}  // namespace

void ThreadSharing::share(const PointRange& range, const MakeRow& make, const TakeRow& take) {
  SharedPoints shared(range, make, take);
  std::vector<std::thread> threads;
  for (std::int64_t i = 1; i < num_threads_; ++i) threads.emplace_back([&shared] { shared.work(); });
  shared.work();
  for (std::thread& thread : threads) thread.join();
  shared.rethrow();
}

}  // namespace crossloom
