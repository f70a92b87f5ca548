#include <fmt/format.h>
#include <onnx/onnx_pb.h>

#include <array>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include "compiler/import/onnx/onnx_proto.h"
#include "support/error.h"

namespace crossloom {
namespace {

using onnx::TensorProto;

/// TensorProto.DataType of each element type, in the order of ElementType.
constexpr std::array<int, 14> kDataTypes = {0,
                                            TensorProto::FLOAT,
                                            TensorProto::DOUBLE,
                                            TensorProto::FLOAT16,
                                            TensorProto::BFLOAT16,
                                            TensorProto::INT8,
                                            TensorProto::UINT8,
                                            TensorProto::INT16,
                                            TensorProto::UINT16,
                                            TensorProto::INT32,
                                            TensorProto::UINT32,
                                            TensorProto::INT64,
                                            TensorProto::UINT64,
                                            TensorProto::BOOL};

/// Fails with the place: the tensor's name and the file's.
class Place {
 public:
  Place(const TensorProto& tensor, const std::string& path) : text_(path + ": tensor " + tensor.name() + ": ") {}
  [[noreturn]] void fail(const std::string& reason) const { throw UserError(text_ + reason); }

 private:
  std::string text_;
};

std::int64_t declared_count(const StoredTensor& tensor, const Place& place) {
  try {
    return num_elements(tensor.dims);
  } catch (const UserError& error) {
    place.fail(error.what());
  }
}

bool is_half(ElementType type) { return type == ElementType::kFloat16 || type == ElementType::kBfloat16; }

template <class Number>
void append_raw(const std::string& bytes, StoredTensor& tensor) {
  for (std::size_t i = 0; i + sizeof(Number) <= bytes.size(); i += sizeof(Number)) {
    Number number{};
    std::memcpy(&number, bytes.data() + i, sizeof(Number));
    if constexpr (std::is_integral_v<Number>) {
      tensor.integers.push_back(static_cast<std::int64_t>(number));
    } else {
      tensor.reals.push_back(static_cast<double>(number));
    }
  }
}

void append_raw_halves(const std::string& bytes, StoredTensor& tensor) {
  StoredTensor bits;
  append_raw<std::uint16_t>(bytes, bits);
  for (const std::int64_t half : bits.integers)
    tensor.reals.push_back(static_cast<double>(from_bits16(tensor.type, static_cast<std::uint32_t>(half))));
}

void append_raw_of_type(const std::string& bytes, StoredTensor& tensor) {
  switch (tensor.type) {
    case ElementType::kFloat32:
      return append_raw<float>(bytes, tensor);
    case ElementType::kFloat64:
      return append_raw<double>(bytes, tensor);
    case ElementType::kInt8:
      return append_raw<std::int8_t>(bytes, tensor);
    case ElementType::kUint8:
    case ElementType::kBool:
      return append_raw<std::uint8_t>(bytes, tensor);
    case ElementType::kInt16:
      return append_raw<std::int16_t>(bytes, tensor);
    case ElementType::kUint16:
      return append_raw<std::uint16_t>(bytes, tensor);
    case ElementType::kInt32:
      return append_raw<std::int32_t>(bytes, tensor);
    case ElementType::kUint32:
      return append_raw<std::uint32_t>(bytes, tensor);
    case ElementType::kInt64:
      return append_raw<std::int64_t>(bytes, tensor);
    case ElementType::kUint64:
      return append_raw<std::uint64_t>(bytes, tensor);
    case ElementType::kFloat16:
    case ElementType::kBfloat16:
      return append_raw_halves(bytes, tensor);
    case ElementType::kOther:
      return;
  }
}

/// Numbers in the message itself.
void read_inline(const TensorProto& proto, StoredTensor& tensor, const Place& place) {
  append_raw_of_type(proto.raw_data(), tensor);
  if (is_integer(tensor.type)) {
    tensor.integers.insert(tensor.integers.end(), proto.int32_data().begin(), proto.int32_data().end());
    tensor.integers.insert(tensor.integers.end(), proto.int64_data().begin(), proto.int64_data().end());
    for (const std::uint64_t number : proto.uint64_data()) tensor.integers.push_back(static_cast<std::int64_t>(number));
  } else if (is_half(tensor.type)) {
    for (const std::int32_t bits : proto.int32_data())
      tensor.reals.push_back(static_cast<double>(from_bits16(tensor.type, static_cast<std::uint32_t>(bits) & 0xffffU)));
  } else {
    tensor.reals.insert(tensor.reals.end(), proto.float_data().begin(), proto.float_data().end());
    tensor.reals.insert(tensor.reals.end(), proto.double_data().begin(), proto.double_data().end());
  }
  if (tensor.type == ElementType::kOther) return;
  const std::size_t count = tensor.integers.size() + tensor.reals.size();
  if (std::cmp_not_equal(count, declared_count(tensor, place)))
    place.fail(fmt::format("{} numbers, allowed: {}, as its extents declare", count, declared_count(tensor, place)));
}

void check_length(const StoredTensor& tensor, const Place& place) {
  std::int64_t num_bytes = 0;
  for (const ByteRange& range : tensor.ranges) num_bytes += range.num_bytes;
  const std::int64_t count = declared_count(tensor, place);
  if (tensor.is_varint) {
    if (num_bytes < count || num_bytes > 10 * count)
      place.fail(fmt::format("{} bytes, allowed: {} to {}, for {} numbers", num_bytes, count, 10 * count, count));
  } else if (num_bytes != count * element_bytes(tensor.type)) {
    place.fail(fmt::format("{} bytes, allowed: {}, for {} numbers", num_bytes, count * element_bytes(tensor.type), count));
  }
}

std::int64_t byte_count(const std::string& text, const std::string& key, const Place& place) {
  std::int64_t count = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc() || end != text.data() + text.size() || count < 0)
    place.fail(fmt::format("external data: {} {}, allowed: a number of bytes", key, text));
  return count;
}

/// Path of external data, which must not lead out of the model's folder, through links neither.
std::string external_path(const std::string& location, const std::string& model_path, const Place& place) {
  namespace fs = std::filesystem;
  const fs::path relative(location);
  const auto fail_outside = [&] {
    place.fail("external data: location " + location + ", allowed: a file in the folder of the model");
  };
  if (location.empty() || relative.is_absolute()) fail_outside();
  for (const fs::path& part : relative) {
    if (part == "..") fail_outside();
  }
  std::error_code error;
  const fs::path folder = fs::weakly_canonical(fs::absolute(fs::path(model_path)).parent_path(), error);
  if (error) place.fail("external data: " + error.message());
  const fs::path file = fs::weakly_canonical(folder / relative, error);
  if (error) place.fail("external data: " + location + ": " + error.message());
  const fs::path inside = file.lexically_relative(folder);
  if (inside.empty() || *inside.begin() == "..") fail_outside();
  return file.string();
}

void read_external(const TensorProto& proto, StoredTensor& tensor, const std::string& model_path, const Place& place) {
  std::string location;
  std::int64_t offset = 0;
  std::int64_t length = declared_count(tensor, place) * element_bytes(tensor.type);
  for (const onnx::StringStringEntryProto& entry : proto.external_data()) {
    if (entry.key() == "location") location = entry.value();
    if (entry.key() == "offset") offset = byte_count(entry.value(), entry.key(), place);
    if (entry.key() == "length") length = byte_count(entry.value(), entry.key(), place);
  }
  tensor.path = external_path(location, model_path, place);
  tensor.ranges = {{.offset = offset, .num_bytes = length}};
  check_length(tensor, place);
  std::error_code error;
  const bool is_file = std::filesystem::is_regular_file(tensor.path, error);
  if (error || !is_file) place.fail("external data: " + location + " is no file");
  const std::uintmax_t size = std::filesystem::file_size(tensor.path, error);
  if (error) place.fail("external data: " + location + ": " + error.message());
  if (std::cmp_greater(length, size) || std::cmp_greater(offset, size - static_cast<std::uintmax_t>(length)))
    place.fail(fmt::format("external data: {} has {} bytes, needed: {} from byte {} on", location, size, length, offset));
}

/// What the stripper noted of the tensor.
const StrippedNumbers& left_out(const TensorProto& proto, const StrippedMessage& message) {
  std::size_t index = 0;
  const std::string& text = proto.doc_string();
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), index);
  if (error != std::errc() || index >= message.numbers.size()) throw InternalError("a stripped tensor without its index");
  return message.numbers[index];
}

}  // namespace

ElementType element_type(int onnx_data_type) {
  for (std::size_t i = 1; i < kDataTypes.size(); ++i) {
    if (kDataTypes[i] == onnx_data_type) return static_cast<ElementType>(i);
  }
  return ElementType::kOther;
}

int onnx_data_type(ElementType type) { return kDataTypes.at(static_cast<std::size_t>(type)); }

StoredTensor stored_tensor(const TensorProto& proto, const StrippedMessage& message, const std::string& path) {
  const Place place(proto, path);
  StoredTensor tensor;
  tensor.dims.assign(proto.dims().begin(), proto.dims().end());
  tensor.type = element_type(proto.data_type());
  static_cast<void>(declared_count(tensor, place));
  const StrippedNumbers& numbers = left_out(proto, message);
  if (proto.data_location() == TensorProto::EXTERNAL) {
    read_external(proto, tensor, path, place);
  } else if (numbers.field == 0) {
    read_inline(proto, tensor, place);
  } else if (tensor.type != ElementType::kOther) {
    const auto field = static_cast<int>(numbers.field);
    tensor.path = path;
    tensor.ranges = numbers.ranges;
    tensor.is_varint = field == TensorProto::kInt32DataFieldNumber || field == TensorProto::kInt64DataFieldNumber ||
                       field == TensorProto::kUint64DataFieldNumber;
    check_length(tensor, place);
  }
  return tensor;
}

}  // namespace crossloom
