#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "support/units.h"

namespace crossloom {

/// What happens at a moment; whose event it is (its source) is said beside each.
enum class EventKind : std::uint8_t {
  kFetch,     ///< a group asks for the tile memory and bus (source: group)
  kActivate,  ///< its inputs are in the registers: crossbars are asked for (source: group)
  kResult,    ///< its blocks' results are in the output registers (source: group)
  kOwnSums,   ///< the last of the partial sums that its tile adds up are its own (source: group)
  kSend,      ///< partial sums of a group leave its tile (source: group)
  kSums,      ///< the last of the partial sums are where this group's were sent (source: group)
  kWrite,     ///< vector or pooling unit done: the tile memory is asked for (source: first group of the copy)
  kComplete,  ///< an output chunk exists at its home (source: first group of the copy)
  kStore,     ///< a row of an image is on the chip: the global buffer is asked for (source: group of the input)
  kStored,    ///< a row is in the global buffer (source: group of the input)
  kLoad,      ///< a row or an output pixel is to leave the global buffer, which is asked for (source: group)
  kPutOut,    ///< an output pixel is out of the global buffer: the IO port is asked for (source: group of the output)
};

__extension__ using EventKey = unsigned __int128;

/// One event. Events happen in order of (time, source, sequence): sources are numbered in program order, the sequence is the
/// order of scheduling, so the order is total and the same on every run.
struct Event {
  std::uint64_t time = 0;    ///< femtoseconds
  std::uint64_t order = 0;   ///< source << 40 | sequence
  std::uint64_t detail = 0;  ///< window << 4 | kind

  [[nodiscard]] TimeFs time_fs() const { return static_cast<TimeFs>(time); }
  [[nodiscard]] std::uint32_t source() const { return static_cast<std::uint32_t>(order >> kSequenceBits); }
  [[nodiscard]] EventKind kind() const { return static_cast<EventKind>(detail & kKindMask); }
  /// image * windows of the copy + window of the copy; of the input: rows through all images.
  [[nodiscard]] std::int64_t window() const { return static_cast<std::int64_t>(detail >> kKindBits); }
  /// Two events compare as their keys.
  [[nodiscard]] EventKey key() const { return EventKey{time} << 64 | order; }

  static constexpr unsigned kSequenceBits = 40;
  static constexpr unsigned kKindBits = 4;
  static constexpr std::uint64_t kKindMask = (std::uint64_t{1} << kKindBits) - 1;
};

/// Events in their order. Those of the near future lie in a 4-ary heap, later ones unsorted in buckets of equal width, the rest
/// behind all buckets: a calendar (Brown, CACM 31, 1988) whose pages are heaps. Thousands of events wait for far moments while
/// the heap holds a handful, so that taking one out costs the same however many there are.
///
/// Most events schedule one other, so the place of an event that was taken out of the heap stays open until the next call: the
/// event put in next begins there. Of four children the earliest is found without branches, which no processor could predict.
class EventQueue {
 public:
  EventQueue() : heap_(kArity, kNever) {}

  [[nodiscard]] bool empty() const { return size_ == 0 && num_later_ == 0; }

  /// An event that `put` may put in later with the place in the order that it has now. `time_fs` is at least 0, `source` below
  /// 2^24, `window` below 2^59.
  [[nodiscard]] Event make(TimeFs time_fs, std::uint32_t source, EventKind kind, std::int64_t window) {
    return {.time = static_cast<std::uint64_t>(time_fs),
            .order = std::uint64_t{source} << Event::kSequenceBits | sequence_++,
            .detail = static_cast<std::uint64_t>(window) << Event::kKindBits | static_cast<std::uint64_t>(kind)};
  }

  void push(TimeFs time_fs, std::uint32_t source, EventKind kind, std::int64_t window) {
    put(make(time_fs, source, kind, window));
  }

  void put(const Event& event) {
    if (event.time >= horizon_) return put_later(event);
    ++size_;
    if (is_top_open_) {
      is_top_open_ = false;
      return sift_down(event);
    }
    heap_.push_back(kNever);
    sift_up(size_ - 1, event);
  }

  /// The earliest event; there must be one.
  [[nodiscard]] Event pop() {
    if (is_top_open_) close_top();
    if (size_ == 0) turn_page();
    is_top_open_ = true;
    --size_;
    return heap_.front();
  }

 private:
  static constexpr std::size_t kArity = 4;
  static constexpr Event kNever = {.time = ~std::uint64_t{0}, .order = ~std::uint64_t{0}};
  static constexpr std::size_t kNumBuckets = 1024;
  static constexpr std::size_t kWordBits = 64;

  /// Fills the empty heap from the next bucket that holds something.
  void turn_page();
  /// All buckets are empty: spreads what lies behind them over new ones.
  void begin_calendar();

  void put_later(const Event& event) {
    ++num_later_;
    const std::uint64_t bucket = (event.time - calendar_begin_) >> bucket_shift_;
    if (bucket >= kNumBuckets) return behind_.push_back(event);
    buckets_[bucket].push_back(event);
    is_filled_[bucket / kWordBits] |= std::uint64_t{1} << bucket % kWordBits;
  }

  /// Nothing was put in since the last event was taken out: the last of the heap takes its place.
  void close_top() {
    is_top_open_ = false;
    const Event last = heap_[size_];
    heap_[size_] = kNever;
    heap_.pop_back();
    if (size_ > 0) sift_down(last);
  }

  void sift_up(std::size_t hole, const Event& event) {
    while (hole > 0) {
      const std::size_t parent = (hole - 1) / kArity;
      if (heap_[parent].key() < event.key()) break;
      heap_[hole] = heap_[parent];
      hole = parent;
    }
    heap_[hole] = event;
  }

  void sift_down(const Event& event) {
    std::size_t hole = 0;
    for (;;) {
      const std::size_t first = hole * kArity + 1;
      if (first >= size_) break;
      const Event* const child = &heap_[first];
      // Written as sums: compilers make branches of conditions here.
      const std::size_t a = static_cast<std::size_t>(child[1].key() < child[0].key());
      const std::size_t b = 2 + static_cast<std::size_t>(child[3].key() < child[2].key());
      const std::size_t least = a + static_cast<std::size_t>(child[b].key() < child[a].key()) * (b - a);
      if (event.key() < child[least].key()) break;
      heap_[hole] = child[least];
      hole = first + least;
    }
    heap_[hole] = event;
  }

  std::vector<Event> heap_;  ///< behind the events as many that never happen as an event has children
  std::size_t size_ = 0;     ///< of events in the heap; it holds one more while its top is open
  bool is_top_open_ = false;
  std::uint64_t sequence_ = 0;
  std::uint64_t horizon_ = 0;         ///< events before it are in the heap
  std::uint64_t calendar_begin_ = 0;  ///< of the first bucket
  unsigned bucket_shift_ = 0;         ///< a bucket covers 2^bucket_shift_ fs
  std::array<std::vector<Event>, kNumBuckets> buckets_;
  std::array<std::uint64_t, kNumBuckets / kWordBits> is_filled_{};  ///< a bit a bucket
  std::vector<Event> behind_;                                       ///< later than all buckets
  std::size_t num_later_ = 0;                                       ///< events in buckets and behind them
};

}  // namespace crossloom
