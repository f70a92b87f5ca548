#include <gtest/gtest.h>
#include <sys/resource.h>

#include <bit>
#include <cmath>
#include <cstring>
#include <filesystem>

#include "compiler/import/load_network.h"
#include "compiler/import/onnx/onnx_model.h"
#include "tests/compiler/import/onnx/wire_text.h"
#include "tests/support/error_message.h"
#include "tests/support/scratch_folder.h"

namespace crossloom {
namespace {

/// Numbers of the initializer as they are read from a file.
std::vector<float> numbers_of(const std::string& tensor) {
  const ScratchFolder scratch;
  return load(read_onnx_model(scratch.file("m.onnx", wire::model(wire::graph(2, tensor)))).initializers.at(0).second);
}

template <class Number>
std::string raw(const std::vector<Number>& numbers) {
  std::string bytes(numbers.size() * sizeof(Number), '\0');
  std::memcpy(bytes.data(), numbers.data(), bytes.size());
  return wire::text(9, bytes);
}

/// `count` numbers first, first + 1, ..., as stored and as floats.
template <class Number>
void expect_raw_numbers(std::uint64_t data_type, Number first, std::size_t count) {
  std::vector<Number> numbers;
  std::vector<float> floats;
  for (std::size_t i = 0; i < count; ++i) {
    numbers.push_back(static_cast<Number>(first + static_cast<Number>(i)));
    floats.push_back(static_cast<float>(numbers.back()));
  }
  EXPECT_EQ(numbers_of(wire::tensor("c", {count}, data_type) + raw(numbers)), floats) << "type " << data_type;
}

// The short ones stay in the message, the long ones are left in the file.
class StoredTensorOfLength : public testing::TestWithParam<std::size_t> {};

TEST_P(StoredTensorOfLength, EveryTypeOfRawNumbers) {
  expect_raw_numbers<float>(1, -1.5F, GetParam());
  expect_raw_numbers<std::uint8_t>(2, 100, GetParam());
  expect_raw_numbers<std::int8_t>(3, -100, GetParam());
  expect_raw_numbers<std::uint16_t>(4, 65000, GetParam());
  expect_raw_numbers<std::int16_t>(5, -32768, GetParam());
  expect_raw_numbers<std::int32_t>(6, -2'000'000'000, GetParam());
  expect_raw_numbers<std::int64_t>(7, -(std::int64_t{1} << 40), GetParam());
  expect_raw_numbers<double>(11, 0.1, GetParam());
  expect_raw_numbers<std::uint32_t>(12, 4'000'000'000U, GetParam());
  expect_raw_numbers<std::uint64_t>(13, std::uint64_t{1} << 50U, GetParam());
}

TEST_P(StoredTensorOfLength, NumbersOfVariableLength) {
  std::vector<std::uint64_t> stored;
  std::vector<float> floats;
  for (std::size_t i = 0; i < GetParam(); ++i) {
    const std::int64_t number = static_cast<std::int64_t>(i * i) * (i % 2 == 0 ? 1 : -1);
    stored.push_back(static_cast<std::uint64_t>(number));
    floats.push_back(static_cast<float>(number));
  }
  EXPECT_EQ(numbers_of(wire::tensor("c", {GetParam()}, 7) + wire::packed(7, stored)), floats);
  EXPECT_EQ(numbers_of(wire::tensor("c", {GetParam()}, 6) + wire::packed(5, stored)), floats);
}

TEST_P(StoredTensorOfLength, ListsOfFloatsAndDoubles) {
  std::vector<float> floats;
  std::vector<double> doubles;
  for (std::size_t i = 0; i < GetParam(); ++i) {
    floats.push_back(std::ldexp(1.0F, static_cast<int>(i % 200) - 100));
    doubles.push_back(static_cast<double>(floats.back()));
  }
  std::string bytes = raw(floats);
  bytes[0] = static_cast<char>((4U << 3U) | 2U);  // float_data has the bytes of raw_data
  EXPECT_EQ(numbers_of(wire::tensor("c", {GetParam()}, 1) + bytes), floats);
  bytes = raw(doubles);
  bytes[0] = static_cast<char>((10U << 3U) | 2U);  // double_data
  EXPECT_EQ(numbers_of(wire::tensor("c", {GetParam()}, 11) + bytes), floats);
}

INSTANTIATE_TEST_SUITE_P(ShortAndLong, StoredTensorOfLength, testing::Values(1, 8, 20000));

TEST(StoredTensor, ListWrittenInPiecesIsOneList) {
  EXPECT_EQ(numbers_of(wire::tensor("c", {4}, 7) + wire::packed(7, {1, 2}) + wire::packed(7, {3, 4})),
            (std::vector<float>{1, 2, 3, 4}));
}

TEST(FromBits16, FollowsTheFormulasOfBothFormats) {
  for (std::uint32_t bits = 0; bits < 0x10000U; ++bits) {
    const float sign = (bits & 0x8000U) != 0 ? -1.0F : 1.0F;
    const auto exponent = static_cast<int>((bits >> 10U) & 31U);
    const auto fraction = static_cast<float>(bits & 1023U);
    const float half = from_bits16(ElementType::kFloat16, bits);
    if (exponent == 31) {
      EXPECT_TRUE(fraction == 0.0F ? std::isinf(half) && std::signbit(half) == (sign < 0) : std::isnan(half)) << bits;
    } else {
      // IEEE 754: 2^(e - 15) (1 + f / 1024), below the smallest normal number 2^-14 f / 1024.
      const float value = exponent == 0 ? std::ldexp(fraction, -24) : std::ldexp(1024.0F + fraction, exponent - 25);
      EXPECT_EQ(half, sign * value) << bits;
    }
    const float brain = from_bits16(ElementType::kBfloat16, bits);
    EXPECT_EQ(std::bit_cast<std::uint32_t>(brain), bits << 16U);
  }
}

std::int64_t peak_kib() {
  struct rusage usage = {};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

/// An ONNX file of a linear layer with 100 MiB of weights, which are a hole in the file.
std::string large_file(const ScratchFolder& scratch) {
  constexpr std::uint64_t kRows = 1024;
  constexpr std::uint64_t kCols = 25600;
  constexpr std::uint64_t kBytes = kRows * kCols * 4;
  const std::string head = wire::tensor("w", {kRows, kCols}, 1) + wire::declared(9, kBytes, "");
  const std::string graph = wire::text(1, wire::node("MatMul", {"x", "w"}, "y")) +
                            wire::text(11, wire::value_info("x", {1, kRows})) +
                            wire::text(12, wire::value_info("y", {1, kCols})) + wire::declared(5, head.size() + kBytes, head);
  const std::string path = scratch.file("large.onnx", wire::opset(13) + wire::declared(7, graph.size() + kBytes, graph));
  std::filesystem::resize_file(path, std::filesystem::file_size(path) + kBytes);
  return path;
}

TEST(LoadNetwork, LeavesTheWeightsOfALargeFileWhereTheyAre) {
  const ScratchFolder scratch;
  const std::string path = large_file(scratch);
  const std::int64_t before = peak_kib();
  const NetworkFile file = load_network(path);
  EXPECT_LT(peak_kib() - before, 50 * 1024);  // of 102,400 KiB of weights
  EXPECT_TRUE(file.weights.has_weights("y"));
  EXPECT_EQ(file.network.layers.back().name, "y");
}

TEST(LoadNetworkErrors, LargeFileThatLostItsEnd) {
  const ScratchFolder scratch;
  const std::string path = large_file(scratch);
  std::filesystem::resize_file(path, std::filesystem::file_size(path) - 1);
  const std::string message = user_error([&] { return load_network(path); });
  EXPECT_TRUE(message.starts_with(path + ": is no ONNX model, or truncated: a field of 1048")) << message;
}

}  // namespace
}  // namespace crossloom
