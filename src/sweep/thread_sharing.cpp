#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "sweep/work_sharing.h"

namespace crossloom {
namespace {

/// What the threads share.
class SharedItems {
 public:
  SharedItems(std::int64_t num_items, const ItemText& item, const DoItem& work, const TakeResult& take)
      : num_items_(num_items), item_(item), work_(work), results_(take) {}

  void work() {
    while (true) {
      std::unique_lock lock(mutex_);
      room_.wait(lock, [this] { return error_ || next_ >= num_items_ || next_ - results_.num_taken() < kItemsInFlight; });
      if (error_ || next_ >= num_items_) return;
      const std::int64_t index = next_++;
      lock.unlock();
      try {
        std::string result = work_(item_(index));
        lock.lock();
        if (!error_) results_.add(index, std::move(result));
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
  std::int64_t num_items_;
  const ItemText& item_;
  const DoItem& work_;
  ResultSequence results_;
  std::mutex mutex_;
  std::condition_variable room_;
  std::int64_t next_ = 0;
  std::exception_ptr error_;
};

}  // namespace

void ThreadSharing::share(std::int64_t num_items, const ItemText& item, const DoItem& work, const TakeResult& take) {
  SharedItems shared(num_items, item, work, take);
  std::vector<std::thread> threads;
  for (std::int64_t i = 1; i < num_threads_; ++i) threads.emplace_back([&shared] { shared.work(); });
  shared.work();
  for (std::thread& thread : threads) thread.join();
  shared.rethrow();
}

}  // namespace crossloom
