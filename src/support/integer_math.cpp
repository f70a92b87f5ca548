#include "support/integer_math.h"

#include <string>

#include "support/error.h"

namespace crossloom {

std::int64_t ceil_div(std::int64_t numerator, std::int64_t denominator) {
  if (numerator < 0 || denominator <= 0) {
    throw InternalError("ceil_div(" + std::to_string(numerator) + ", " + std::to_string(denominator) +
                        "): needs numerator >= 0 and denominator > 0");
  }
  // Not (numerator + denominator - 1) / denominator: that sum can overflow.
  return numerator / denominator + (numerator % denominator != 0 ? 1 : 0);
}

std::int64_t checked_mul(std::int64_t a, std::int64_t b, const char* what) {
  std::int64_t product = 0;
  if (__builtin_mul_overflow(a, b, &product)) throw UserError(std::string(what) + " overflows 64 bits");
  return product;
}

std::int64_t checked_add(std::int64_t a, std::int64_t b, const char* what) {
  std::int64_t sum = 0;
  if (__builtin_add_overflow(a, b, &sum)) throw UserError(std::string(what) + " overflows 64 bits");
  return sum;
}

}  // namespace crossloom
