#pragma once

#include <map>
#include <string>

#include "compiler/import/onnx/onnx_model.h"
#include "compiler/ir/network.h"

namespace crossloom {

/// Shapes that ONNX's own inference gives to the values of a file with up to four dimensions, the first of which is 1; those
/// that are missing count as 1.
[[nodiscard]] inline std::map<std::string, TensorShape> shapes_by_onnx(const std::string& path, const TensorShape& image) {
  std::map<std::string, TensorShape> shapes;
  for (auto& [name, dims] : infer_onnx_shapes(read_onnx_model(path), {1, image.channels, image.height, image.width})) {
    if (dims.size() < 2 || dims.size() > 4 || dims[0] != 1) continue;
    dims.resize(4, 1);
    shapes[name] = {.channels = dims[1], .height = dims[2], .width = dims[3]};
  }
  return shapes;
}

}  // namespace crossloom
