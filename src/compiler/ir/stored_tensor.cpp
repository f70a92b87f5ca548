#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <system_error>

#include "compiler/ir/weight_store.h"
#include "support/error.h"
#include "support/file_descriptor.h"

namespace crossloom {
namespace {

constexpr std::int64_t kMaxElements = std::int64_t{1} << 40;

[[noreturn]] void fail(const std::string& path, const std::string& reason) {
  throw UserError(path + ": weights cannot be read: " + reason);
}

std::string bytes_of(const StoredTensor& tensor) {
  std::size_t size = 0;
  for (const ByteRange& range : tensor.ranges) size += static_cast<std::size_t>(range.num_bytes);
  std::string bytes;
  bytes.reserve(size);
  read_stored_bytes(tensor, [&](std::string_view piece) { bytes += piece; });
  return bytes;
}

template <class Number>
std::vector<float> fixed_width(const std::string& bytes) {
  std::vector<float> numbers(bytes.size() / sizeof(Number));
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    Number number{};
    std::memcpy(&number, bytes.data() + i * sizeof(Number), sizeof(Number));
    numbers[i] = static_cast<float>(number);
  }
  return numbers;
}

/// IEEE 754 binary16: 1 sign, 5 exponent, 10 fraction bits.
float from_float16(std::uint32_t bits) {
  const float sign = (bits & 0x8000U) != 0 ? -1.0F : 1.0F;
  const auto exponent = static_cast<int>((bits >> 10U) & 0x1fU);
  const auto fraction = static_cast<float>(bits & 0x3ffU);
  if (exponent == 0x1f) return fraction == 0 ? sign * INFINITY : NAN;
  if (exponent == 0) return sign * std::ldexp(fraction, -24);
  return sign * std::ldexp(fraction + 1024.0F, exponent - 25);
}

bool is_half(ElementType type) { return type == ElementType::kFloat16 || type == ElementType::kBfloat16; }

std::vector<float> halves(const std::string& bytes, ElementType type) {
  std::vector<float> numbers(bytes.size() / 2);
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    std::uint16_t bits = 0;
    std::memcpy(&bits, bytes.data() + i * 2, 2);
    numbers[i] = from_bits16(type, bits);
  }
  return numbers;
}

/// Protobuf varints: seven bits a byte, the last byte without its top bit.
std::vector<float> varints(const std::string& bytes, ElementType type) {
  std::vector<float> numbers;
  std::uint64_t value = 0;
  unsigned shift = 0;
  for (const char character : bytes) {
    const auto byte = static_cast<unsigned char>(character);
    if (shift < 64) value |= std::uint64_t{byte & 0x7fU} << shift;
    shift += 7;
    if ((byte & 0x80U) != 0) continue;
    numbers.push_back(is_half(type) ? from_bits16(type, static_cast<std::uint32_t>(value & 0xffffU))
                                    : static_cast<float>(static_cast<std::int64_t>(value)));
    value = 0;
    shift = 0;
  }
  return numbers;
}

std::vector<float> numbers_in(const std::string& bytes, ElementType type) {
  switch (type) {
    case ElementType::kFloat32:
      return fixed_width<float>(bytes);
    case ElementType::kFloat64:
      return fixed_width<double>(bytes);
    case ElementType::kFloat16:
    case ElementType::kBfloat16:
      return halves(bytes, type);
    case ElementType::kInt8:
      return fixed_width<std::int8_t>(bytes);
    case ElementType::kUint8:
    case ElementType::kBool:
      return fixed_width<std::uint8_t>(bytes);
    case ElementType::kInt16:
      return fixed_width<std::int16_t>(bytes);
    case ElementType::kUint16:
      return fixed_width<std::uint16_t>(bytes);
    case ElementType::kInt32:
      return fixed_width<std::int32_t>(bytes);
    case ElementType::kUint32:
      return fixed_width<std::uint32_t>(bytes);
    case ElementType::kInt64:
      return fixed_width<std::int64_t>(bytes);
    case ElementType::kUint64:
      return fixed_width<std::uint64_t>(bytes);
    case ElementType::kOther:
      break;
  }
  throw InternalError("a tensor that holds no numbers");
}

}  // namespace

float from_bits16(ElementType type, std::uint32_t bits) {
  return type == ElementType::kFloat16 ? from_float16(bits) : std::bit_cast<float>(bits << 16U);
}

std::int64_t element_bytes(ElementType type) {
  switch (type) {
    case ElementType::kOther:
      return 0;
    case ElementType::kInt8:
    case ElementType::kUint8:
    case ElementType::kBool:
      return 1;
    case ElementType::kFloat16:
    case ElementType::kBfloat16:
    case ElementType::kInt16:
    case ElementType::kUint16:
      return 2;
    case ElementType::kFloat32:
    case ElementType::kInt32:
    case ElementType::kUint32:
      return 4;
    case ElementType::kFloat64:
    case ElementType::kInt64:
    case ElementType::kUint64:
      return 8;
  }
  throw InternalError("ElementType outside its range");
}

bool is_integer(ElementType type) { return type >= ElementType::kInt8; }

std::int64_t num_elements(const std::vector<std::int64_t>& dims) {
  std::int64_t product = 1;
  for (const std::int64_t extent : dims) {
    if (extent < 0) throw UserError("an extent of " + std::to_string(extent) + ", allowed: at least 0");
    if (extent > 0 && product > kMaxElements / extent) throw UserError("a tensor of more than 2^40 numbers");
    product *= extent;
  }
  return product;
}

void read_stored_bytes(const StoredTensor& tensor, const std::function<void(std::string_view)>& take) {
  constexpr std::int64_t kPieceBytes = std::int64_t{1} << 20;
  const FileDescriptor file(::open(tensor.path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open()) fail(tensor.path, std::generic_category().message(errno));
  std::string piece;
  for (const ByteRange& range : tensor.ranges) {
    const std::int64_t end = range.offset + range.num_bytes;
    for (std::int64_t offset = range.offset; offset < end;) {
      piece.resize(static_cast<std::size_t>(std::min(kPieceBytes, end - offset)));
      const ssize_t count = ::pread(file.get(), piece.data(), piece.size(), offset);
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) fail(tensor.path, std::generic_category().message(errno));
      if (count == 0) fail(tensor.path, "it is shorter than when the network was read");
      take(std::string_view(piece).substr(0, static_cast<std::size_t>(count)));
      offset += count;
    }
  }
}

std::vector<float> load(const StoredTensor& tensor) {
  const auto count = static_cast<std::size_t>(num_elements(tensor.dims));
  if (tensor.fill) return std::vector<float>(count, static_cast<float>(*tensor.fill));
  std::vector<float> numbers;
  if (!tensor.ranges.empty()) {
    const std::string bytes = bytes_of(tensor);
    numbers = tensor.is_varint ? varints(bytes, tensor.type) : numbers_in(bytes, tensor.type);
  } else {
    for (const std::int64_t integer : tensor.integers) numbers.push_back(static_cast<float>(integer));
    for (const double real : tensor.reals) numbers.push_back(static_cast<float>(real));
  }
  if (numbers.size() != count)
    fail(tensor.path, std::to_string(numbers.size()) + " numbers for a tensor of " + std::to_string(count));
  return numbers;
}

}  // namespace crossloom
