#include "compiler/import/onnx/message_stripper.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "compiler/import/onnx/onnx_model.h"
#include "compiler/import/onnx/wire_file.h"

namespace crossloom {
namespace {

/// Tensors up to this size are kept: shapes and other small constants. Real numbers matter only as scalars.
constexpr std::int64_t kMaxKeptIntegerBytes = std::int64_t{32} << 10;
constexpr std::int64_t kMaxKeptRealBytes = 64;
constexpr std::int64_t kMaxGraphValues = 4096;  // inputs and outputs of the graph

enum class WireType : std::uint32_t { kVarint = 0, kFixed64 = 1, kLength = 2, kFixed32 = 5 };

/// Messages that are looked into; all others are copied as they are.
enum class Message { kModel, kGraph, kNode, kAttribute, kTensor };

/// A field that is left out or looked into. Field numbers: onnx.proto of ONNX 1.12.
struct FieldRule {
  Message message;
  std::uint32_t field;
  enum Action { kDrop, kEnter } action;
  Message child = Message::kModel;  ///< kEnter
};
constexpr auto kRules = std::to_array<FieldRule>({
    {Message::kModel, 6, FieldRule::kDrop},  // doc_string
    {Message::kModel, 7, FieldRule::kEnter, Message::kGraph},
    {Message::kModel, 20, FieldRule::kDrop},  // training_info
    {Message::kModel, 25, FieldRule::kDrop},  // functions
    {Message::kGraph, 1, FieldRule::kEnter, Message::kNode},
    {Message::kGraph, 5, FieldRule::kEnter, Message::kTensor},  // initializer
    {Message::kGraph, 10, FieldRule::kDrop},                    // doc_string
    {Message::kGraph, 13, FieldRule::kDrop},                    // value_info
    {Message::kGraph, 14, FieldRule::kDrop},                    // quantization_annotation
    {Message::kGraph, 15, FieldRule::kDrop},                    // sparse_initializer
    {Message::kNode, 5, FieldRule::kEnter, Message::kAttribute},
    {Message::kNode, 6, FieldRule::kDrop},  // doc_string
    {Message::kAttribute, 5, FieldRule::kEnter, Message::kTensor},
    {Message::kAttribute, 6, FieldRule::kDrop},   // g
    {Message::kAttribute, 10, FieldRule::kDrop},  // tensors
    {Message::kAttribute, 11, FieldRule::kDrop},  // graphs
    {Message::kAttribute, 13, FieldRule::kDrop},  // doc_string
    {Message::kAttribute, 14, FieldRule::kDrop},  // tp
    {Message::kAttribute, 15, FieldRule::kDrop},  // type_protos
    {Message::kAttribute, 22, FieldRule::kDrop},  // sparse_tensor
    {Message::kAttribute, 23, FieldRule::kDrop},  // sparse_tensors
});

constexpr std::uint32_t kGraphInput = 11;
constexpr std::uint32_t kGraphOutput = 12;
constexpr std::uint32_t kTensorDataType = 2;
constexpr std::uint32_t kTensorDocString = 12;
/// float_data, int32_data, string_data, int64_data, raw_data, double_data, uint64_data.
constexpr std::array<std::uint32_t, 7> kTensorNumbers = {4, 5, 6, 7, 9, 10, 11};
/// TensorProto.DataType of the integer types and booleans.
constexpr std::array<std::uint64_t, 9> kIntegerTypes = {2, 3, 4, 5, 6, 7, 9, 12, 13};

struct Field {
  std::uint32_t number = 0;
  WireType type = WireType::kVarint;
  std::uint64_t varint = 0;  ///< kVarint
  std::int64_t length = 0;   ///< bytes of the value, which follow; 0 for a varint, which is read already
};

void append_tag(std::string& text, std::uint32_t number, WireType type) {
  append_varint(text, (std::uint64_t{number} << 3U) | static_cast<std::uint32_t>(type));
}

void append_text_field(std::string& text, std::uint32_t number, const std::string& value) {
  append_tag(text, number, WireType::kLength);
  append_varint(text, value.size());
  text += value;
}

class Stripper {
 public:
  explicit Stripper(const std::string& path) : file_(path) {}

  [[nodiscard]] StrippedMessage run() {
    result_.bytes = message(Message::kModel, file_.size());
    return std::move(result_);
  }

 private:
  [[nodiscard]] Field next_field(std::int64_t end) {
    if (++num_fields_ > kMaxGraphFields) file_.fail(fmt::format("more than {} fields in the graph", kMaxGraphFields));
    const std::uint64_t tag = file_.varint(end);
    Field field{.number = static_cast<std::uint32_t>(tag >> 3U), .type = static_cast<WireType>(tag & 7U)};
    const bool is_known_type = field.type == WireType::kVarint || field.type == WireType::kLength ||
                               field.type == WireType::kFixed32 || field.type == WireType::kFixed64;
    if (!is_known_type || field.number == 0 || (tag >> 32U) != 0)
      file_.fail(fmt::format("is no ONNX model: no field begins before byte {}", file_.position()));
    if (field.type == WireType::kVarint) field.varint = file_.varint(end);
    if (field.type == WireType::kFixed32) field.length = 4;
    if (field.type == WireType::kFixed64) field.length = 8;
    if (field.type == WireType::kLength) {
      const std::uint64_t length = file_.varint(end);
      if (length > static_cast<std::uint64_t>(end - file_.position())) fail_truncated(length, end);
      field.length = static_cast<std::int64_t>(length);
    }
    if (field.length > end - file_.position()) fail_truncated(static_cast<std::uint64_t>(field.length), end);
    return field;
  }

  [[noreturn]] void fail_truncated(std::uint64_t length, std::int64_t end) const {
    file_.fail(fmt::format("is no ONNX model, or truncated: a field of {} bytes at byte {}, {} bytes left", length,
                           file_.position(), end - file_.position()));
  }

  void copy(std::string& text, const Field& field) {
    append_tag(text, field.number, field.type);
    if (field.type == WireType::kVarint) append_varint(text, field.varint);
    if (field.type == WireType::kLength) append_varint(text, static_cast<std::uint64_t>(field.length));
    num_kept_bytes_ += field.length + 2;
    if (num_kept_bytes_ > kMaxGraphBytes)
      file_.fail(fmt::format("more than {} bytes besides the numbers of its tensors", kMaxGraphBytes));
    file_.append(text, field.length);
  }

  [[nodiscard]] std::string message(Message kind, std::int64_t end) {
    if (kind == Message::kTensor) return tensor(end);
    std::string text;
    while (file_.position() < end) {
      const Field field = next_field(end);
      const auto rule = std::ranges::find_if(
          kRules, [&](const FieldRule& known) { return known.message == kind && known.field == field.number; });
      if (rule == kRules.end()) {
        const bool is_graph_value = kind == Message::kGraph && (field.number == kGraphInput || field.number == kGraphOutput);
        if (is_graph_value && ++num_graph_values_ > kMaxGraphValues)
          file_.fail(fmt::format("more than {} inputs and outputs of the graph", kMaxGraphValues));
        copy(text, field);
      } else if (rule->action == FieldRule::kDrop || field.type != WireType::kLength) {
        file_.skip(field.length);
      } else {
        append_text_field(text, field.number, message(rule->child, file_.position() + field.length));
      }
    }
    return text;
  }

  [[nodiscard]] std::string tensor(std::int64_t end) {
    std::string text;
    StrippedNumbers left_out;
    std::vector<Field> fields;
    bool is_integer_type = false;
    std::int64_t num_bytes = 0;
    while (file_.position() < end) {
      const Field field = next_field(end);
      const bool has_numbers = std::ranges::find(kTensorNumbers, field.number) != kTensorNumbers.end();
      if (has_numbers && field.type == WireType::kLength) {
        if (!fields.empty() && fields.front().number != field.number)
          file_.fail(fmt::format("a tensor with numbers of two forms at byte {}", file_.position()));
        fields.push_back(field);
        left_out.ranges.push_back({.offset = file_.position(), .num_bytes = field.length});
        num_bytes += field.length;
        file_.skip(field.length);
      } else if (field.number == kTensorDocString) {
        file_.skip(field.length);
      } else {
        if (field.number == kTensorDataType)
          is_integer_type = std::ranges::find(kIntegerTypes, field.varint) != kIntegerTypes.end();
        copy(text, field);
      }
    }
    if (num_bytes <= (is_integer_type ? kMaxKeptIntegerBytes : kMaxKeptRealBytes)) {
      for (std::size_t i = 0; i < fields.size(); ++i) {
        file_.skip(left_out.ranges[i].offset - file_.position());
        copy(text, fields[i]);
      }
      file_.skip(end - file_.position());
      left_out.ranges.clear();
    } else {
      left_out.field = fields.front().number;
    }
    append_text_field(text, kTensorDocString, std::to_string(result_.numbers.size()));
    result_.numbers.push_back(std::move(left_out));
    return text;
  }

  WireFile file_;
  StrippedMessage result_;
  std::int64_t num_kept_bytes_ = 0;
  std::int64_t num_fields_ = 0;
  std::int64_t num_graph_values_ = 0;
};

}  // namespace

StrippedMessage strip_onnx_message(const std::string& path) { return Stripper(path).run(); }

}  // namespace crossloom
