#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "support/units.h"

namespace crossloom {

/// What happens at a moment; which fields of Event it uses is said beside each.
enum class EventKind : std::uint8_t {
  kFetch,     ///< a group asks for the tile memory and bus (subject: group)
  kActivate,  ///< its inputs are in the registers: crossbars are asked for (subject: group)
  kResult,    ///< its blocks' results are in the output registers (subject: group)
  kSend,      ///< results of a group on another tile leave for the home tile (subject: group)
  kJoin,      ///< results of a group are at the home tile (subject: group)
  kWrite,     ///< vector or pooling unit done: the tile memory is asked for (subject: copy)
  kComplete,  ///< an output chunk exists at its home (subject: copy)
};

__extension__ using EventKey = unsigned __int128;

/// One event. Events happen in order of (time, source, sequence): sources are numbered in program order, the sequence is the
/// order of scheduling, so the order is total and the same on every run.
struct Event {
  EventKey key = 0;           ///< time << 64 | source << 40 | sequence
  std::int64_t window = 0;    ///< image * windows of the copy + window of the copy
  std::uint32_t subject = 0;  ///< index of the group or copy
  EventKind kind = EventKind::kFetch;

  [[nodiscard]] TimeFs time_fs() const { return static_cast<TimeFs>(key >> 64); }
};

/// A 4-ary heap of events: the earliest first. Most events schedule one other, so the place of an event that was taken out
/// stays open until the next call: the event put in next begins there. Of four children the earliest is found without branches,
/// which no processor could predict.
class EventQueue {
 public:
  EventQueue() : heap_(kArity, kNever) {}

  [[nodiscard]] bool empty() const { return size_ == 0; }

  /// `time_fs` is at least 0, `source` below 2^24.
  void push(TimeFs time_fs, std::uint32_t source, EventKind kind, std::uint32_t subject, std::int64_t window) {
    const std::uint64_t order = (std::uint64_t{source} << kSequenceBits) | sequence_++;
    const Event event = {
        .key = EventKey{static_cast<std::uint64_t>(time_fs)} << 64 | order, .window = window, .subject = subject, .kind = kind};
    ++size_;
    if (is_top_open_) {
      is_top_open_ = false;
      return sift_down(event);
    }
    heap_.push_back(kNever);
    sift_up(size_ - 1, event);
  }

  [[nodiscard]] Event pop() {
    if (is_top_open_) close_top();
    is_top_open_ = true;
    --size_;
    return heap_.front();
  }

 private:
  static constexpr std::size_t kArity = 4;
  static constexpr unsigned kSequenceBits = 40;
  static constexpr Event kNever = {.key = ~EventKey{0}};

  /// Nothing was put in since the last event was taken out: the last of the heap takes its place.
  void close_top() {
    const Event last = heap_[size_];
    heap_[size_] = kNever;
    heap_.pop_back();
    sift_down(last);
  }

  void sift_up(std::size_t hole, const Event& event) {
    while (hole > 0) {
      const std::size_t parent = (hole - 1) / kArity;
      if (heap_[parent].key < event.key) break;
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
      const std::size_t a = static_cast<std::size_t>(child[1].key < child[0].key);
      const std::size_t b = 2 + static_cast<std::size_t>(child[3].key < child[2].key);
      const std::size_t least = a + static_cast<std::size_t>(child[b].key < child[a].key) * (b - a);
      if (event.key < child[least].key) break;
      heap_[hole] = child[least];
      hole = first + least;
    }
    heap_[hole] = event;
  }

  std::vector<Event> heap_;  ///< behind the events as many that never happen as an event has children
  std::size_t size_ = 0;     ///< of events in the queue; the heap holds one more while its top is open
  bool is_top_open_ = false;
  std::uint64_t sequence_ = 0;
};

}  // namespace crossloom
