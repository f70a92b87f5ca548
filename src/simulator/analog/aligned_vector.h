#pragma once

#include <cstddef>
#include <new>
#include <vector>

namespace crossloom {

/// Memory at the boundary of a cache line, so that no vector of 32 bytes lies across two.
template <class Value>
struct CacheLineAllocator {
  using value_type = Value;
  static constexpr std::align_val_t kCacheLine{64};

  CacheLineAllocator() = default;
  template <class Other>
  CacheLineAllocator(const CacheLineAllocator<Other>&) {}  // NOLINT(google-explicit-constructor): allocators convert

  [[nodiscard]] Value* allocate(std::size_t count) {
    return static_cast<Value*>(::operator new(count * sizeof(Value), kCacheLine));
  }
  void deallocate(Value* values, std::size_t) { ::operator delete(values, kCacheLine); }
  friend bool operator==(const CacheLineAllocator&, const CacheLineAllocator&) { return true; }
};

template <class Value>
using AlignedVector = std::vector<Value, CacheLineAllocator<Value>>;

}  // namespace crossloom
