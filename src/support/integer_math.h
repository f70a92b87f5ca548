#pragma once

#include <cstdint>

namespace crossloom {

/// ceil(numerator / denominator) for numerator >= 0 and denominator > 0, exact for every int64 pair.
/// Throws InternalError outside that range.
[[nodiscard]] std::int64_t ceil_div(std::int64_t numerator, std::int64_t denominator);

/// a * b, a + b; throw UserError "<what> overflows 64 bits" when the result does not fit.
[[nodiscard]] std::int64_t checked_mul(std::int64_t a, std::int64_t b, const char* what);
[[nodiscard]] std::int64_t checked_add(std::int64_t a, std::int64_t b, const char* what);

}  // namespace crossloom
