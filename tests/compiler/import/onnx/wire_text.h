#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "compiler/import/onnx/wire_file.h"

/// Pieces of protobuf messages put together by hand, for files that no writer would make. Field numbers: onnx.proto.
namespace crossloom::wire {

inline std::string number(std::uint32_t field, std::uint64_t value) {
  std::string text;
  append_varint(text, std::uint64_t{field} << 3U);
  append_varint(text, value);
  return text;
}

/// A length-delimited field that declares `length` bytes, before `value`.
inline std::string declared(std::uint32_t field, std::uint64_t length, const std::string& value) {
  std::string text;
  append_varint(text, (std::uint64_t{field} << 3U) | 2U);
  append_varint(text, length);
  return text + value;
}

inline std::string text(std::uint32_t field, const std::string& value) { return declared(field, value.size(), value); }

inline std::string packed(std::uint32_t field, const std::vector<std::uint64_t>& values) {
  std::string list;
  for (const std::uint64_t value : values) append_varint(list, value);
  return text(field, list);
}

inline std::string opset(std::uint64_t version) { return text(8, number(2, version)); }

/// ValueInfoProto of 32-bit floats.
inline std::string value_info(const std::string& name, const std::vector<std::uint64_t>& dims) {
  std::string shape;
  for (const std::uint64_t extent : dims) shape += text(1, number(1, extent));
  return text(1, name) + text(2, text(1, number(1, 1) + text(2, shape)));
}

inline std::string node(const std::string& op_type, const std::vector<std::string>& inputs, const std::string& output) {
  std::string message;
  for (const std::string& input : inputs) message += text(1, input);
  return message + text(2, output) + text(3, output) + text(4, op_type);
}

/// TensorProto without numbers.
inline std::string tensor(const std::string& name, const std::vector<std::uint64_t>& dims, std::uint64_t data_type) {
  std::string message;
  for (const std::uint64_t extent : dims) message += number(1, extent);
  return message + number(2, data_type) + text(8, name);
}

/// GraphProto that adds the initializer `c` to its input of 1 x `channels`.
inline std::string graph(std::uint64_t channels, const std::string& initializer) {
  return text(1, node("Add", {"x", "c"}, "y")) + text(2, "g") + text(5, initializer) +
         text(11, value_info("x", {1, channels})) + text(12, value_info("y", {1, channels}));
}

inline std::string model(const std::string& graph) { return number(1, 7) + opset(13) + text(7, graph); }

}  // namespace crossloom::wire
