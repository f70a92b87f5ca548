#include "training/binary_file.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

#include "support/atomic_file.h"
#include "support/document.h"
#include "support/error.h"
#include "support/json.h"

namespace crossloom {
namespace {

static_assert(std::endian::native == std::endian::little, "arrays are written as they lie in memory");

constexpr std::size_t kHashLength = 16;

// binary16 (IEEE 754-2008, table 3.5): 1 sign, 5 exponent and 10 fraction bits.
constexpr int kHalfFractionBits = 10;
constexpr int kHalfLeastExponent = -14;
constexpr int kHalfMostExponent = 15;
constexpr std::uint16_t kHalfSign = 0x8000;
constexpr std::uint16_t kHalfInfinity = 0x7C00;

std::string name_of(std::string_view kind) { return std::string("crossloom ").append(kind).append(" "); }

[[noreturn]] void refuse(const std::string& path) { throw UserError(path + ": is cut short or damaged"); }

}  // namespace

void BinaryWriter::text(std::string_view value) {
  number(static_cast<std::int64_t>(value.size()));
  bytes_.append(value);
}

void BinaryWriter::reals(const std::vector<float>& values) {
  number(static_cast<std::int64_t>(values.size()));
  raw(values.data(), values.size() * sizeof(float));
}

void BinaryWriter::halves(const std::vector<float>& values) {
  number(static_cast<std::int64_t>(values.size()));
  for (const float value : values) {
    const std::uint16_t bits = to_half(value);
    raw(&bits, sizeof bits);
  }
}

std::int64_t BinaryReader::number() {
  std::int64_t value = 0;
  std::memcpy(&value, take(sizeof value).data(), sizeof value);
  return value;
}

double BinaryReader::real() {
  double value = 0.0;
  std::memcpy(&value, take(sizeof value).data(), sizeof value);
  return value;
}

std::size_t BinaryReader::length(std::size_t bytes_each) {
  const std::int64_t count = number();
  if (count < 0 || static_cast<std::size_t>(count) > bytes_.size() / bytes_each) refuse(path_);
  return static_cast<std::size_t>(count);
}

std::string BinaryReader::text() { return std::string(take(length(1))); }

std::vector<float> BinaryReader::reals() {
  std::vector<float> values(length(sizeof(float)));
  const std::string_view bytes = take(values.size() * sizeof(float));
  if (!values.empty()) std::memcpy(values.data(), bytes.data(), bytes.size());
  return values;
}

std::vector<float> BinaryReader::halves() {
  std::vector<float> values(length(sizeof(std::uint16_t)));
  for (float& value : values) {
    std::uint16_t bits = 0;
    std::memcpy(&bits, take(sizeof bits).data(), sizeof bits);
    value = from_half(bits);
  }
  return values;
}

std::string_view BinaryReader::take(std::size_t count) {
  if (count > bytes_.size()) refuse(path_);
  const std::string_view taken = bytes_.substr(0, count);
  bytes_.remove_prefix(count);
  return taken;
}

void write_sealed(const std::string& path, std::string_view kind, int version, std::string_view bytes) {
  std::string file = name_of(kind) + std::to_string(version) + '\n';
  file.append(bytes);
  file += content_hash(file);
  write_file_atomically(path, file);
}

std::string read_sealed(const std::string& path, std::string_view kind, int version) {
  constexpr std::int64_t kMostBytes = std::numeric_limits<std::int64_t>::max();
  std::string file = read_text_file(path, kMostBytes);
  const std::string name = name_of(kind);
  if (!file.starts_with(name)) throw UserError(path + ": is no " + std::string(kind));
  const std::string header = name + std::to_string(version) + '\n';
  if (!file.starts_with(header)) throw UserError(path + ": is a " + std::string(kind) + " of another version of crossloom");
  if (file.size() < header.size() + kHashLength) refuse(path);
  const std::string hash = file.substr(file.size() - kHashLength);
  file.resize(file.size() - kHashLength);
  if (content_hash(file) != hash) refuse(path);
  return file.substr(header.size());
}

std::uint16_t to_half(float value) {
  const std::uint16_t sign = std::signbit(value) ? kHalfSign : 0;
  const double magnitude = std::abs(static_cast<double>(value));
  if (std::isnan(value)) return kHalfInfinity | 1;
  if (magnitude == 0.0) return sign;
  int exponent = 0;
  std::frexp(magnitude, &exponent);
  // Whole multiples of the last fraction bit; subnormal numbers have that of the least exponent.
  const int last_bit = std::max(exponent - 1, kHalfLeastExponent) - kHalfFractionBits;
  const double steps = std::nearbyint(std::ldexp(magnitude, -last_bit));
  const double rounded = std::ldexp(steps, last_bit);
  if (rounded >= std::ldexp(1.0, kHalfMostExponent + 1)) return sign | kHalfInfinity;
  // Steps count on through the exponents: a carry out of the fraction gives the next one.
  const int first_exponent = last_bit + kHalfFractionBits - kHalfLeastExponent;
  const auto bits = static_cast<std::uint32_t>(steps) + (static_cast<std::uint32_t>(first_exponent) << kHalfFractionBits);
  return static_cast<std::uint16_t>(sign | bits);
}

float from_half(std::uint16_t bits) {
  constexpr std::uint32_t kFractionMask = (1U << kHalfFractionBits) - 1U;
  const std::uint32_t fraction = bits & kFractionMask;
  const int exponent = static_cast<int>((bits & kHalfInfinity) >> kHalfFractionBits);
  const double sign = (bits & kHalfSign) != 0 ? -1.0 : 1.0;
  if ((bits & kHalfInfinity) == kHalfInfinity) {
    return fraction != 0 ? std::numeric_limits<float>::quiet_NaN()
                         : static_cast<float>(sign) * std::numeric_limits<float>::infinity();
  }
  const double steps = exponent == 0 ? fraction : fraction + (1U << kHalfFractionBits);
  const int last_bit = std::max(exponent, 1) - 1 + kHalfLeastExponent - kHalfFractionBits;
  return static_cast<float>(sign * std::ldexp(steps, last_bit));
}

}  // namespace crossloom
