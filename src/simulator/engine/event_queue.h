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

/// One event. Events happen in order of (time, source, sequence): sources are numbered in program order, the sequence is the
/// order of scheduling, so the order is total and the same on every run.
struct Event {
  TimeFs time_fs = 0;
  std::uint64_t order = 0;    ///< source << 40 | sequence
  std::int64_t window = 0;    ///< image * windows of the copy + window of the copy
  std::uint32_t subject = 0;  ///< index of the group or copy
  EventKind kind = EventKind::kFetch;
};

/// A 4-ary heap of events: the earliest first.
class EventQueue {
 public:
  [[nodiscard]] bool empty() const { return heap_.empty(); }

  void push(TimeFs time_fs, std::uint32_t source, EventKind kind, std::uint32_t subject, std::int64_t window) {
    Event event{time_fs, (std::uint64_t{source} << kSequenceBits) | sequence_++, window, subject, kind};
    std::size_t hole = heap_.size();
    heap_.push_back(event);
    while (hole > 0) {
      const std::size_t parent = (hole - 1) / kArity;
      if (!before(event, heap_[parent])) break;
      heap_[hole] = heap_[parent];
      hole = parent;
    }
    heap_[hole] = event;
  }

  [[nodiscard]] Event pop() {
    const Event top = heap_.front();
    const Event last = heap_.back();
    heap_.pop_back();
    if (!heap_.empty()) sift_down(last);
    return top;
  }

 private:
  static constexpr std::size_t kArity = 4;
  static constexpr unsigned kSequenceBits = 40;

  [[nodiscard]] static bool before(const Event& a, const Event& b) {
    return a.time_fs != b.time_fs ? a.time_fs < b.time_fs : a.order < b.order;
  }

  void sift_down(const Event& event) {
    std::size_t hole = 0;
    for (;;) {
      const std::size_t first = hole * kArity + 1;
      if (first >= heap_.size()) break;
      const std::size_t end = std::min(first + kArity, heap_.size());
      std::size_t least = first;
      for (std::size_t child = first + 1; child < end; ++child) {
        if (before(heap_[child], heap_[least])) least = child;
      }
      if (!before(heap_[least], event)) break;
      heap_[hole] = heap_[least];
      hole = least;
    }
    heap_[hole] = event;
  }

  std::vector<Event> heap_;
  std::uint64_t sequence_ = 0;
};

}  // namespace crossloom
