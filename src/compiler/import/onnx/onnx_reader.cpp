#include <fmt/format.h>
#include <google/protobuf/io/coded_stream.h>
#include <onnx/onnx_pb.h>

#include <limits>
#include <set>
#include <utility>

#include "compiler/import/onnx/onnx_model.h"
#include "compiler/import/onnx/onnx_proto.h"
#include "support/error.h"
#include "support/utf8.h"

namespace crossloom {
namespace {

constexpr std::size_t kMaxNameBytes = 4096;

/// Turns the messages of one file into plain data.
class Reader {
 public:
  Reader(const std::string& path, const StrippedMessage& message) : path_(path), message_(message) {}

  [[nodiscard]] OnnxModel model(const onnx::ModelProto& proto) const {
    if (!proto.has_graph()) fail("is no ONNX model: it holds no graph");
    OnnxModel model;
    model.path = path_;
    model.graph_name = name(proto.graph().name());
    model.opset = opset(proto);
    for (const onnx::StringStringEntryProto& entry : proto.metadata_props())
      model.metadata.emplace_back(entry.key(), entry.value());
    read_graph(proto.graph(), model);
    return model;
  }

 private:
  [[noreturn]] void fail(const std::string& reason) const { throw UserError(path_ + ": " + reason); }

  [[nodiscard]] std::string name(const std::string& text) const {
    if (text.size() > kMaxNameBytes) fail(fmt::format("a name of {} bytes, allowed: at most {}", text.size(), kMaxNameBytes));
    if (first_bad_text_byte(text)) fail("a name that is no UTF-8 text");
    return text;
  }

  [[nodiscard]] std::int64_t opset(const onnx::ModelProto& proto) const {
    for (const onnx::OperatorSetIdProto& entry : proto.opset_import()) {
      if (entry.domain().empty() || entry.domain() == "ai.onnx") return entry.version();
    }
    // Before IR version 3 there was no list of operator sets.
    if (proto.ir_version() < 3) return 1;
    fail("names no version of the standard operators (opset_import)");
  }

  void read_graph(const onnx::GraphProto& graph, OnnxModel& model) const {
    std::set<std::string> initialized;
    for (const onnx::TensorProto& tensor : graph.initializer()) {
      model.initializers.emplace_back(name(tensor.name()), stored_tensor(tensor, message_, path_));
      initialized.insert(tensor.name());
    }
    for (const onnx::ValueInfoProto& input : graph.input()) {
      if (!initialized.contains(input.name())) model.inputs.push_back(value(input));
    }
    for (const onnx::ValueInfoProto& output : graph.output()) model.outputs.push_back(value(output));
    for (const onnx::NodeProto& proto : graph.node()) model.nodes.push_back(node(proto));
  }

  [[nodiscard]] OnnxValue value(const onnx::ValueInfoProto& proto) const {
    OnnxValue value{.name = name(proto.name()), .dims = std::nullopt};
    if (!proto.type().has_tensor_type() || !proto.type().tensor_type().has_shape()) return value;
    value.dims.emplace();
    for (const onnx::TensorShapeProto::Dimension& dimension : proto.type().tensor_type().shape().dim()) {
      value.dims->emplace_back();
      if (dimension.has_dim_value()) value.dims->back() = dimension.dim_value();
    }
    return value;
  }

  [[nodiscard]] OnnxNode node(const onnx::NodeProto& proto) const {
    OnnxNode node{.name = name(proto.name()), .op_type = name(proto.op_type()), .domain = name(proto.domain())};
    if (node.domain == "ai.onnx") node.domain.clear();
    for (const std::string& input : proto.input()) node.inputs.push_back(name(input));
    for (const std::string& output : proto.output()) node.outputs.push_back(name(output));
    for (const onnx::AttributeProto& entry : proto.attribute()) node.attributes.push_back(attribute(entry));
    return node;
  }

  [[nodiscard]] OnnxAttribute attribute(const onnx::AttributeProto& proto) const {
    OnnxAttribute result;
    result.name = name(proto.name());
    result.kind = kind(proto);
    result.integer = proto.i();
    result.real = static_cast<double>(proto.f());
    result.text = proto.s();
    result.integers.assign(proto.ints().begin(), proto.ints().end());
    result.reals.assign(proto.floats().begin(), proto.floats().end());
    if (proto.has_t()) result.tensor = stored_tensor(proto.t(), message_, path_);
    return result;
  }

  /// Before IR version 2 an attribute did not name its type.
  [[nodiscard]] static OnnxAttribute::Kind kind(const onnx::AttributeProto& proto) {
    using Kind = OnnxAttribute::Kind;
    if (proto.type() == onnx::AttributeProto::INT || proto.has_i()) return Kind::kInteger;
    if (proto.type() == onnx::AttributeProto::FLOAT || proto.has_f()) return Kind::kReal;
    if (proto.type() == onnx::AttributeProto::STRING || proto.has_s()) return Kind::kText;
    if (proto.type() == onnx::AttributeProto::TENSOR || proto.has_t()) return proto.has_t() ? Kind::kTensor : Kind::kOther;
    if (proto.type() == onnx::AttributeProto::INTS || proto.ints_size() > 0) return Kind::kIntegers;
    if (proto.type() == onnx::AttributeProto::FLOATS || proto.floats_size() > 0) return Kind::kReals;
    return Kind::kOther;
  }

  const std::string& path_;
  const StrippedMessage& message_;
};

}  // namespace

onnx::ModelProto parse_model(const std::string& bytes, const std::string& path) {
  onnx::ModelProto model;
  google::protobuf::io::CodedInputStream stream(
      reinterpret_cast<const std::uint8_t*>(bytes.data()),  // NOLINT(cppcoreguidelines-pro-type-reinterpret-cast)
      static_cast<int>(bytes.size()));
  // Partial: all fields of ONNX are optional, and the library would print about missing ones itself.
  if (!model.ParsePartialFromCodedStream(&stream) || !stream.ConsumedEntireMessage())
    throw UserError(path + ": is no ONNX model, or truncated");
  return model;
}

const OnnxAttribute* OnnxNode::find(std::string_view attribute) const {
  for (const OnnxAttribute& candidate : attributes) {
    if (candidate.name == attribute) return &candidate;
  }
  return nullptr;
}

OnnxModel read_onnx_model(const std::string& path) {
  StrippedMessage message = strip_onnx_message(path);
  OnnxModel model = Reader(path, message).model(parse_model(message.bytes, path));
  model.stripped = std::move(message.bytes);
  return model;
}

}  // namespace crossloom
