#include <onnx/onnx_pb.h>
#include <onnx/shape_inference/implementation.h>

#include <exception>

#include "compiler/import/onnx/onnx_model.h"
#include "compiler/import/onnx/onnx_proto.h"
#include "support/error.h"

namespace crossloom {
namespace {

/// The one graph input without an initializer gets the extents.
void set_image(onnx::GraphProto& graph, const OnnxModel& model, const std::vector<std::int64_t>& image_dims) {
  for (onnx::ValueInfoProto& input : *graph.mutable_input()) {
    if (model.inputs.empty() || input.name() != model.inputs.front().name) continue;
    onnx::TensorShapeProto* shape = input.mutable_type()->mutable_tensor_type()->mutable_shape();
    shape->clear_dim();
    for (const std::int64_t extent : image_dims) shape->add_dim()->set_dim_value(extent);
  }
}

std::vector<std::int64_t> known_dims(const onnx::TensorShapeProto& shape) {
  std::vector<std::int64_t> dims;
  for (const onnx::TensorShapeProto::Dimension& dimension : shape.dim())
    dims.push_back(dimension.has_dim_value() ? dimension.dim_value() : -1);
  return dims;
}

}  // namespace

std::vector<std::pair<std::string, std::vector<std::int64_t>>> infer_onnx_shapes(const OnnxModel& model,
                                                                                 const std::vector<std::int64_t>& image_dims) {
  onnx::ModelProto proto = parse_model(model.stripped, model.path);
  onnx::GraphProto& graph = *proto.mutable_graph();
  set_image(graph, model, image_dims);
  graph.clear_value_info();
  try {
    onnx::shape_inference::InferShapes(proto);
  } catch (const std::exception& error) {
    throw UserError(model.path + ": shape inference: " + error.what());
  }
  std::vector<std::pair<std::string, std::vector<std::int64_t>>> shapes;
  for (const auto* values : {&graph.value_info(), &graph.output()}) {
    for (const onnx::ValueInfoProto& value : *values) {
      if (value.type().tensor_type().has_shape())
        shapes.emplace_back(value.name(), known_dims(value.type().tensor_type().shape()));
    }
  }
  return shapes;
}

}  // namespace crossloom
