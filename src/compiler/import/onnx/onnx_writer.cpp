#include <fmt/format.h>
#include <google/protobuf/io/coded_stream.h>
#include <onnx/checker.h>
#include <onnx/onnx_pb.h>

#include <array>
#include <bit>
#include <cstring>
#include <exception>
#include <filesystem>
#include <limits>
#include <memory>
#include <set>
#include <utility>

#include "compiler/import/onnx/onnx_model.h"
#include "compiler/import/onnx/onnx_proto.h"
#include "support/atomic_file.h"
#include "support/error.h"

namespace crossloom {
namespace {

using onnx::TensorProto;

constexpr std::int64_t kIrVersion = 7;  // that of onnx 1.8, the first with operator set 13
constexpr std::int64_t kMinExternalBytes = 1024;
constexpr std::uint32_t kLengthDelimited = 2;  // wire type of protobuf's encoding guide
constexpr std::int64_t kFloatBytes = sizeof(float);

static_assert(std::endian::native == std::endian::little, "ONNX stores numbers little endian");

/// Tag and length of a length-delimited field of the wire format.
std::string field_head(int field, std::int64_t num_bytes) {
  constexpr std::size_t kMaxVarintBytes = 10;
  std::array<std::uint8_t, 2 * kMaxVarintBytes> head{};
  const auto tag = (static_cast<std::uint32_t>(field) << 3U) | kLengthDelimited;
  std::uint8_t* end = google::protobuf::io::CodedOutputStream::WriteVarint32ToArray(tag, head.data());
  end = google::protobuf::io::CodedOutputStream::WriteVarint64ToArray(static_cast<std::uint64_t>(num_bytes), end);
  return {head.data(), end};
}

/// A tensor of the graph; its numbers are copied behind `head` when they are written.
struct OutgoingTensor {
  TensorProto head;
  int field = 0;  ///< of TensorProto, for the numbers; 0: they are in `head`, or in the data file
  std::int64_t num_bytes = 0;
  const StoredTensor* copied = nullptr;    ///< whose bytes are taken as they are
  const OnnxWeights* converted = nullptr;  ///< or whose numbers are loaded

  [[nodiscard]] bool is_external() const { return head.data_location() == TensorProto::EXTERNAL; }
  [[nodiscard]] std::int64_t message_bytes() const {
    const auto head_bytes = static_cast<std::int64_t>(head.ByteSizeLong());
    if (field == 0) return head_bytes;
    return head_bytes + static_cast<std::int64_t>(field_head(field, num_bytes).size()) + num_bytes;
  }
};

void set_dims(TensorProto& proto, const std::vector<std::int64_t>& dims) {
  proto.mutable_dims()->Assign(dims.begin(), dims.end());
}

/// Numbers in the field of TensorProto that onnx.proto names for their type.
void set_inline_numbers(TensorProto& proto, const StoredTensor& tensor) {
  for (const std::int64_t number : tensor.integers) {
    if (tensor.type == ElementType::kInt64) {
      proto.add_int64_data(number);
    } else if (tensor.type == ElementType::kUint32 || tensor.type == ElementType::kUint64) {
      proto.add_uint64_data(static_cast<std::uint64_t>(number));
    } else {
      proto.add_int32_data(static_cast<std::int32_t>(number));
    }
  }
  for (const double number : tensor.reals) {
    if (tensor.type == ElementType::kFloat32) {
      proto.add_float_data(static_cast<float>(number));
    } else if (tensor.type == ElementType::kFloat64) {
      proto.add_double_data(number);
    } else {
      throw InternalError("tensor " + proto.name() + ": numbers of 16 bits lie in a file");
    }
  }
}

int varint_field(ElementType type) {
  if (type == ElementType::kInt64) return TensorProto::kInt64DataFieldNumber;
  if (type == ElementType::kUint32 || type == ElementType::kUint64) return TensorProto::kUint64DataFieldNumber;
  return TensorProto::kInt32DataFieldNumber;
}

OutgoingTensor outgoing(const std::string& name, const StoredTensor& tensor) {
  OutgoingTensor result;
  result.head.set_name(name);
  result.head.set_data_type(onnx_data_type(tensor.type));
  set_dims(result.head, tensor.dims);
  set_inline_numbers(result.head, tensor);
  if (tensor.ranges.empty()) return result;
  result.copied = &tensor;
  result.field = tensor.is_varint ? varint_field(tensor.type) : TensorProto::kRawDataFieldNumber;
  for (const ByteRange& range : tensor.ranges) result.num_bytes += range.num_bytes;
  return result;
}

OutgoingTensor outgoing(const OnnxWeights& weights) {
  OutgoingTensor result;
  result.head.set_name(weights.name);
  result.head.set_data_type(TensorProto::FLOAT);
  set_dims(result.head, weights.dims);
  result.field = TensorProto::kRawDataFieldNumber;
  result.num_bytes = num_elements(weights.dims) * kFloatBytes;
  const StoredTensor& stored = weights.tensor.stored;
  const bool is_as_stored = stored.type == ElementType::kFloat32 && !stored.ranges.empty() && !stored.is_varint &&
                            weights.tensor.permutation.empty() && weights.tensor.dequantization.empty() &&
                            num_elements(stored.dims) == num_elements(weights.dims);
  if (is_as_stored) {
    result.copied = &stored;
  } else {
    result.converted = &weights;
  }
  return result;
}

std::vector<float> numbers_of(const OnnxWeights& weights) {
  std::vector<float> numbers = load(weights.tensor);
  const auto count = static_cast<std::size_t>(num_elements(weights.dims));
  if (numbers.size() == 1) numbers.resize(count, numbers.front());
  if (numbers.size() != count)
    throw UserError(fmt::format("tensor {}: {} numbers, needed: {}", weights.name, numbers.size(), count));
  return numbers;
}

void write_numbers(const OutgoingTensor& tensor, AtomicFile& file) {
  if (tensor.copied != nullptr) read_stored_bytes(*tensor.copied, [&](std::string_view piece) { file.append(piece); });
  if (tensor.converted == nullptr) return;
  const std::vector<float> numbers = numbers_of(*tensor.converted);
  // The bytes of the floats: the file is as little endian as this machine.
  const auto* bytes = reinterpret_cast<const char*>(numbers.data());  // NOLINT(cppcoreguidelines-pro-type-reinterpret-cast)
  file.append({bytes, numbers.size() * sizeof(float)});
}

/// Turns plain data into onnx's messages.
class ModelWriter {
 public:
  ModelWriter(const OnnxModel& model, std::string path, TensorPlace place)
      : model_(model), path_(std::move(path)), place_(place) {
    collect_names();
    set_header();
    onnx::GraphProto& graph = *proto_.mutable_graph();
    graph.set_name(model.graph_name.empty() ? "network" : model.graph_name);
    for (const OnnxValue& input : model.inputs) set_value(*graph.add_input(), input);
    for (const OnnxValue& output : model.outputs) set_value(*graph.add_output(), output);
    for (const auto& [name, tensor] : model.initializers) add_initializer(name, tensor);
    for (const OnnxWeights& weights : model.weights) tensors_.push_back(outgoing(weights));
    for (const OnnxNode& node : model.nodes) set_node(*graph.add_node(), node);
    if (place_ == TensorPlace::kDataFile) move_to_data_file();
  }

  /// onnx's own check of the structure. The tensors stand as inputs, so that it does not ask for their numbers.
  void check() const {
    onnx::ModelProto checked = proto_;
    for (const OutgoingTensor& tensor : tensors_) {
      onnx::ValueInfoProto& input = *checked.mutable_graph()->add_input();
      input.set_name(tensor.head.name());
      onnx::TypeProto::Tensor& type = *input.mutable_type()->mutable_tensor_type();
      type.set_elem_type(tensor.head.data_type());
      type.mutable_shape();
      for (const std::int64_t extent : tensor.head.dims()) type.mutable_shape()->add_dim()->set_dim_value(extent);
    }
    try {
      onnx::checker::check_model(checked);
    } catch (const std::exception& error) {
      throw UserError(path_ + ": is no valid ONNX: " + error.what());
    }
  }

  void write() const {
    const std::int64_t graph_bytes = checked_graph_bytes();
    onnx::ModelProto header = proto_;
    header.clear_graph();
    AtomicFile file(path_);
    file.append(header.SerializeAsString());
    file.append(field_head(onnx::ModelProto::kGraphFieldNumber, graph_bytes));
    file.append(proto_.graph().SerializeAsString());
    for (const OutgoingTensor& tensor : tensors_) {
      file.append(field_head(onnx::GraphProto::kInitializerFieldNumber, tensor.message_bytes()));
      file.append(tensor.head.SerializeAsString());
      if (tensor.field == 0) continue;
      file.append(field_head(tensor.field, tensor.num_bytes));
      write_numbers(tensor, file);
    }
    file.finish();
    if (data_bytes_ > 0) write_data_file();
    file.commit();
  }

 private:
  void collect_names() {
    for (const auto& [name, tensor] : model_.initializers) names_.insert(name);
    for (const OnnxWeights& weights : model_.weights) names_.insert(weights.name);
    for (const OnnxValue& input : model_.inputs) names_.insert(input.name);
    for (const OnnxNode& node : model_.nodes) names_.insert(node.outputs.begin(), node.outputs.end());
  }

  void set_header() {
    proto_.set_ir_version(kIrVersion);
    proto_.set_producer_name("crossloom");
    proto_.add_opset_import()->set_version(model_.opset);
    for (const auto& [key, value] : model_.metadata) {
      onnx::StringStringEntryProto& entry = *proto_.add_metadata_props();
      entry.set_key(key);
      entry.set_value(value);
    }
  }

  static void set_value(onnx::ValueInfoProto& proto, const OnnxValue& value) {
    proto.set_name(value.name);
    onnx::TypeProto::Tensor& type = *proto.mutable_type()->mutable_tensor_type();
    type.set_elem_type(TensorProto::FLOAT);
    if (!value.dims) return;
    type.mutable_shape();
    for (const std::optional<std::int64_t>& extent : *value.dims) {
      onnx::TensorShapeProto::Dimension& dimension = *type.mutable_shape()->add_dim();
      if (extent) dimension.set_dim_value(*extent);
    }
  }

  void add_initializer(const std::string& name, const StoredTensor& tensor) {
    if (!tensor.fill) {
      tensors_.push_back(outgoing(name, tensor));
      return;
    }
    std::string shape = name + "/shape";
    while (!names_.insert(shape).second) shape += "_2";
    tensors_.push_back(outgoing(
        shape,
        {.dims = {static_cast<std::int64_t>(tensor.dims.size())}, .type = ElementType::kInt64, .integers = tensor.dims}));
    StoredTensor value{.dims = {1}, .type = tensor.type};
    if (is_integer(tensor.type)) {
      value.integers = {static_cast<std::int64_t>(*tensor.fill)};
    } else {
      value.reals = {*tensor.fill};
    }
    onnx::NodeProto& node = *proto_.mutable_graph()->add_node();
    node.set_name(name);
    node.set_op_type("ConstantOfShape");
    node.add_input(shape);
    node.add_output(name);
    onnx::AttributeProto& attribute = *node.add_attribute();
    attribute.set_name("value");
    attribute.set_type(onnx::AttributeProto::TENSOR);
    *attribute.mutable_t() = outgoing("", value).head;
  }

  void set_node(onnx::NodeProto& proto, const OnnxNode& node) const {
    proto.set_name(node.name);
    proto.set_op_type(node.op_type);
    proto.set_domain(node.domain);
    for (const std::string& input : node.inputs) proto.add_input(input);
    for (const std::string& output : node.outputs) proto.add_output(output);
    for (const OnnxAttribute& attribute : node.attributes) set_attribute(*proto.add_attribute(), attribute, node);
  }

  void set_attribute(onnx::AttributeProto& proto, const OnnxAttribute& attribute, const OnnxNode& node) const {
    proto.set_name(attribute.name);
    switch (attribute.kind) {
      case OnnxAttribute::Kind::kInteger:
        proto.set_type(onnx::AttributeProto::INT);
        proto.set_i(attribute.integer);
        return;
      case OnnxAttribute::Kind::kReal:
        proto.set_type(onnx::AttributeProto::FLOAT);
        proto.set_f(static_cast<float>(attribute.real));
        return;
      case OnnxAttribute::Kind::kText:
        proto.set_type(onnx::AttributeProto::STRING);
        proto.set_s(attribute.text);
        return;
      case OnnxAttribute::Kind::kIntegers:
        proto.set_type(onnx::AttributeProto::INTS);
        proto.mutable_ints()->Assign(attribute.integers.begin(), attribute.integers.end());
        return;
      case OnnxAttribute::Kind::kReals:
        proto.set_type(onnx::AttributeProto::FLOATS);
        for (const double real : attribute.reals) proto.add_floats(static_cast<float>(real));
        return;
      case OnnxAttribute::Kind::kTensor:
      case OnnxAttribute::Kind::kOther:
        break;
    }
    throw UserError(path_ + ": node " + node.name + ": attribute " + attribute.name + " is neither a number nor text");
  }

  [[nodiscard]] std::string data_path() const { return path_ + ".data"; }

  void move_to_data_file() {
    for (OutgoingTensor& tensor : tensors_) {
      if (tensor.field != TensorProto::kRawDataFieldNumber || tensor.num_bytes <= kMinExternalBytes) continue;
      tensor.field = 0;
      tensor.head.set_data_location(TensorProto::EXTERNAL);
      const std::pair<const char*, std::string> entries[] = {
          {"location", std::filesystem::path(data_path()).filename().string()},
          {"offset", std::to_string(data_bytes_)},
          {"length", std::to_string(tensor.num_bytes)}};
      for (const auto& [key, value] : entries) {
        onnx::StringStringEntryProto& entry = *tensor.head.add_external_data();
        entry.set_key(key);
        entry.set_value(value);
      }
      data_bytes_ += tensor.num_bytes;
    }
  }

  /// Length of the graph's message. Throws when the file would be more than protobuf allows.
  [[nodiscard]] std::int64_t checked_graph_bytes() const {
    auto bytes = static_cast<std::int64_t>(proto_.graph().ByteSizeLong());
    for (const OutgoingTensor& tensor : tensors_) {
      const std::int64_t message = tensor.message_bytes();
      bytes += static_cast<std::int64_t>(field_head(onnx::GraphProto::kInitializerFieldNumber, message).size()) + message;
    }
    constexpr std::int64_t kReserve = 1 << 16;  // for what stands beside the graph
    if (bytes > std::numeric_limits<std::int32_t>::max() - kReserve)
      throw UserError(fmt::format(
          "{}: {} bytes, allowed: less than 2 GiB in one file (--external-data puts the weights beside it)", path_, bytes));
    return bytes;
  }

  void write_data_file() const {
    AtomicFile file(data_path());
    for (const OutgoingTensor& tensor : tensors_) {
      if (tensor.is_external()) write_numbers(tensor, file);
    }
    file.commit();
  }

  const OnnxModel& model_;
  std::string path_;
  TensorPlace place_;
  onnx::ModelProto proto_;  ///< all but the tensors
  std::vector<OutgoingTensor> tensors_;
  std::set<std::string> names_;
  std::int64_t data_bytes_ = 0;
};

}  // namespace

void write_onnx_model(const OnnxModel& model, const std::string& path, TensorPlace place) {
  const ModelWriter writer(model, path, place);
  writer.check();
  writer.write();
}

}  // namespace crossloom
