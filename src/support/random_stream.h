#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace crossloom {

/// What a draw is for; part of its key. Append only: a new purpose never changes the draws of the others.
enum class RandomPurpose : std::uint32_t {
  kTest = 0,
  kPlacement = 1,
  kPacking = 2,
  kProgramming = 3,
  kRead = 4,
  kSearch = 5,
  kConverter = 6,
  kImages = 7,
  kInitialWeights = 8
};

/// Identity of a stream of draws. Two streams with different keys are independent; no draw depends on any other stream,
/// so results do not depend on thread count or order.
struct RandomKey {
  RandomPurpose purpose = RandomPurpose::kTest;
  std::uint64_t layer = 0;
  std::uint64_t crossbar = 0;
  std::uint64_t trial = 0;
  friend bool operator==(const RandomKey&, const RandomKey&) = default;
};

/// Counter-based generator Philox4x32-10 (Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011):
/// the i-th draw is a pure function of (seed, key, i). The 128 bits that select a stream are the seed and the fields of the key
/// chained through the same block function. A value type: a copy repeats the draws of its original.
class RandomStream {
 public:
  RandomStream(std::uint64_t seed, const RandomKey& key);

  [[nodiscard]] std::uint32_t next_u32();
  [[nodiscard]] std::uint64_t next_u64();
  /// Uniform in [0, 1), 53 bits.
  [[nodiscard]] double next_uniform();
  /// Uniform integer in [0, bound), without bias (Lemire, ACM TOMACS 2019). Throws InternalError when bound is 0.
  [[nodiscard]] std::uint64_t next_below(std::uint64_t bound);
  /// Standard normal by the Box-Muller transform (Ann. Math. Stat. 1958); two draws a pair.
  [[nodiscard]] double next_normal();

 private:
  void refill();

  std::uint64_t key_ = 0;
  std::uint64_t counter_low_ = 0;
  std::uint64_t counter_high_ = 0;
  std::array<std::uint32_t, 4> block_ = {};
  std::size_t next_in_block_ = 4;
  double spare_normal_ = 0.0;
  bool has_spare_normal_ = false;
};

}  // namespace crossloom
