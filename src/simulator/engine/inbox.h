#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "support/units.h"

namespace crossloom {

/// When chunks of a producer arrive at a tile, by image. A chunk is known as soon as it is sent, arriving later or now. Images
/// that all readers have finished are forgotten.
class Inbox {
 public:
  struct Waiter {
    std::int64_t image = 0;
    std::int64_t chunk = 0;
    std::uint32_t group = 0;
  };

  static constexpr TimeFs kUnknownFs = -1;

  Inbox(std::int64_t num_chunks, std::uint32_t num_readers) : num_chunks_(num_chunks), num_readers_(num_readers) {}

  /// Arrival times of an image's chunks, kUnknownFs for those that have not been sent yet; empty when none has.
  [[nodiscard]] std::span<const TimeFs> arrivals_fs(std::int64_t image) const {
    const std::int64_t slot = image - first_image_;
    if (slot >= static_cast<std::int64_t>(images_.size())) return {};
    return images_[static_cast<std::size_t>(slot)].arrivals_fs;
  }

  void wait_for(const Waiter& waiter) { waiters_.push_back(waiter); }

  /// Notes when a chunk arrives; moves the groups that waited for it, in the order they began to wait, to `woken`.
  void send(std::int64_t image, std::int64_t chunk, TimeFs arrival_fs, std::vector<std::uint32_t>& woken) {
    at(image).arrivals_fs[static_cast<std::size_t>(chunk)] = arrival_fs;
    std::size_t kept = 0;
    for (const Waiter& waiter : waiters_) {
      if (waiter.image == image && waiter.chunk == chunk) {
        woken.push_back(waiter.group);
      } else {
        waiters_[kept++] = waiter;
      }
    }
    waiters_.resize(kept);
  }

  /// A reader needs nothing more of `image`.
  void finish_image(std::int64_t image) {
    ++at(image).num_finished;
    while (!images_.empty() && images_.front().num_finished == num_readers_) {
      images_.erase(images_.begin());
      ++first_image_;
    }
  }

 private:
  struct Image {
    std::vector<TimeFs> arrivals_fs;
    std::uint32_t num_finished = 0;
  };

  Image& at(std::int64_t image) {
    while (first_image_ + static_cast<std::int64_t>(images_.size()) <= image) {
      images_.push_back(
          {.arrivals_fs = std::vector<TimeFs>(static_cast<std::size_t>(num_chunks_), kUnknownFs), .num_finished = 0});
    }
    return images_[static_cast<std::size_t>(image - first_image_)];
  }

  std::int64_t num_chunks_;
  std::uint32_t num_readers_;
  std::int64_t first_image_ = 0;
  std::vector<Image> images_;  ///< from first_image_ on
  std::vector<Waiter> waiters_;
};

}  // namespace crossloom
