#include "support/random_stream.h"

#include <cmath>
#include <numbers>

#include "support/error.h"
#include "support/philox.h"

namespace crossloom {
namespace {

std::uint32_t high_word(std::uint64_t value) { return static_cast<std::uint32_t>(value >> 32U); }
std::uint32_t low_word(std::uint64_t value) { return static_cast<std::uint32_t>(value); }
std::uint64_t join(std::uint32_t high, std::uint32_t low) { return (std::uint64_t{high} << 32U) | low; }

}  // namespace

RandomStream::RandomStream(std::uint64_t seed, const RandomKey& key) {
  // Each step is a bijection of the 128-bit state, so two keys that differ in one field never share a stream; keys that differ
  // in several collide with probability 2^-128.
  std::array<std::uint32_t, 4> state = {};
  for (const std::uint64_t word :
       {seed, std::uint64_t{static_cast<std::uint32_t>(key.purpose)}, key.layer, key.crossbar, key.trial}) {
    state[0] ^= low_word(word);
    state[1] ^= high_word(word);
    state = philox4x32(state, {0, 0});
  }
  key_ = join(state[1], state[0]);
  counter_high_ = join(state[3], state[2]);
}

void RandomStream::refill() {
  block_ = philox4x32({low_word(counter_low_), high_word(counter_low_), low_word(counter_high_), high_word(counter_high_)},
                      {low_word(key_), high_word(key_)});
  ++counter_low_;
  next_in_block_ = 0;
}

std::uint32_t RandomStream::next_u32() {
  if (next_in_block_ == block_.size()) refill();
  return block_[next_in_block_++];
}

std::uint64_t RandomStream::next_u64() {
  const std::uint32_t low = next_u32();
  return join(next_u32(), low);
}

double RandomStream::next_uniform() {
  constexpr double kTwoToMinus53 = 0x1.0p-53;
  return static_cast<double>(next_u64() >> 11U) * kTwoToMinus53;
}

std::uint64_t RandomStream::next_below(std::uint64_t bound) {
  if (bound == 0) throw InternalError("RandomStream::next_below: needs bound > 0");
  __extension__ using Uint128 = unsigned __int128;
  // Lemire's algorithm 5: the low half below 2^64 mod bound marks the surplus that would bias the result.
  const std::uint64_t threshold = (0 - bound) % bound;
  Uint128 product = 0;
  do {
    product = Uint128{next_u64()} * bound;
  } while (static_cast<std::uint64_t>(product) < threshold);
  return static_cast<std::uint64_t>(product >> 64U);
}

double RandomStream::next_normal() {
  if (has_spare_normal_) {
    has_spare_normal_ = false;
    return spare_normal_;
  }
  const double radius = std::sqrt(-2.0 * std::log(1.0 - next_uniform()));  // 1 - u is never 0
  const double angle = 2.0 * std::numbers::pi * next_uniform();
  spare_normal_ = radius * std::sin(angle);
  has_spare_normal_ = true;
  return radius * std::cos(angle);
}

}  // namespace crossloom
