#pragma once

#include <cstddef>
#include <cstdint>

/// For the .cpp files of kernels only: vectors of the instruction set, and functions compiled for each of them.
namespace crossloom {

// Vectors of 32 bytes in GNU's extension, which g++ and clang++ compile for any instruction set.
inline constexpr std::size_t kPackBytes = 32;
template <class Real>
struct PackOf;
template <>
struct PackOf<double> {
  using Type __attribute__((vector_size(kPackBytes))) = double;
};
template <>
struct PackOf<float> {
  using Type __attribute__((vector_size(kPackBytes))) = float;
};
template <>
struct PackOf<std::int16_t> {
  using Type __attribute__((vector_size(kPackBytes))) = std::int16_t;
};
template <class Real>
using Pack = typename PackOf<Real>::Type;

}  // namespace crossloom

#define CROSSLOOM_INLINE inline __attribute__((always_inline))

// Each loop is compiled for the baseline and, on x86, for AVX2; no fused multiply-add, so that both give the same bits.
#if defined(__x86_64__)
#define CROSSLOOM_FOR_AVX2 __attribute__((target("avx2")))
namespace crossloom {
inline bool has_avx2() { return __builtin_cpu_supports("avx2") != 0; }
}  // namespace crossloom
#endif
