#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "compiler/ir/weight_store.h"

/// An ONNX file as plain data: what its protobuf message says, without the numbers of large tensors.
namespace crossloom {

/// An attribute of a node; the member that its type names is set.
struct OnnxAttribute {
  std::string name;
  std::int64_t integer = 0;
  double real = 0;
  std::string text;
  std::vector<std::int64_t> integers;
  std::vector<double> reals;
  std::optional<StoredTensor> tensor;
  enum class Kind { kOther, kInteger, kReal, kText, kIntegers, kReals, kTensor } kind = Kind::kOther;
  friend bool operator==(const OnnxAttribute&, const OnnxAttribute&) = default;
};

/// A node; inputs and outputs are names of values, an empty one is left out.
struct OnnxNode {
  std::string name;  ///< may be empty
  std::string op_type;
  std::string domain;  ///< empty: the standard operators
  std::vector<std::string> inputs;
  std::vector<std::string> outputs;
  std::vector<OnnxAttribute> attributes;
  friend bool operator==(const OnnxNode&, const OnnxNode&) = default;

  /// Null when absent.
  [[nodiscard]] const OnnxAttribute* find(std::string_view attribute) const;
};

/// An input or output of the graph. An extent without a number is symbolic.
struct OnnxValue {
  std::string name;
  std::optional<std::vector<std::optional<std::int64_t>>> dims;  ///< absent: rank unknown
  friend bool operator==(const OnnxValue&, const OnnxValue&) = default;
};

/// A tensor that is written as 32-bit floats: the numbers of `tensor`, read as extents `dims`. A single number fills them all.
struct OnnxWeights {
  std::string name;
  std::vector<std::int64_t> dims;
  WeightTensor tensor;
};

struct OnnxModel {
  std::string path;
  std::string graph_name;
  std::int64_t opset = 0;  ///< of the standard operators
  std::vector<OnnxNode> nodes;
  std::vector<std::pair<std::string, StoredTensor>> initializers;
  std::vector<OnnxWeights> weights;  ///< further initializers of a model to write; a model that was read has none
  std::vector<OnnxValue> inputs;     ///< without those that have an initializer
  std::vector<OnnxValue> outputs;
  std::vector<std::pair<std::string, std::string>> metadata;
  std::string stripped;  ///< the message without the numbers of large tensors, for `infer_onnx_shapes`
};

/// Most bytes and fields of a file besides the numbers of its tensors; graphs of thousands of nodes have a tenth.
inline constexpr std::int64_t kMaxGraphBytes = std::int64_t{16} << 20;
inline constexpr std::int64_t kMaxGraphFields = 500'000;

/// Reads an ONNX file. Time and memory follow the size of the graph: the numbers of tensors larger than 32 KiB, and of real
/// ones larger than 64 bytes, are skipped and their places noted. External data must lie in the file's folder and be as long
/// as declared. Throws UserError `path: ...` for a file that cannot be read, is truncated, is no ONNX model or is larger than
/// the limits.
[[nodiscard]] OnnxModel read_onnx_model(const std::string& path);

/// Where the numbers of large tensors are written.
enum class TensorPlace {
  kModelFile,  ///< protobuf allows less than 2 GiB in all
  kDataFile,   ///< those of more than 1 KiB as external data in PATH.data beside it
};

/// Writes a model as ONNX (IR version 7). Numbers that lie in a file are copied as they are, those of `weights` converted a
/// tensor at a time; a tensor with `fill` becomes a ConstantOfShape node. The files appear whole or not at all. Throws
/// UserError `path: ...` when they cannot be written, the model is too large for protobuf or onnx's own checker refuses it.
void write_onnx_model(const OnnxModel& model, const std::string& path, TensorPlace place = TensorPlace::kModelFile);

/// Shapes of values by ONNX's own shape inference, for an image of `image_dims`; -1 stands for an extent it cannot tell. Values
/// it knows nothing of are absent.
[[nodiscard]] std::vector<std::pair<std::string, std::vector<std::int64_t>>> infer_onnx_shapes(
    const OnnxModel& model, const std::vector<std::int64_t>& image_dims);

}  // namespace crossloom
