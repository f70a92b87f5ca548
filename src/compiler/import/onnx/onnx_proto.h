#pragma once

namespace onnx {
class ModelProto;
class TensorProto;
}  // namespace onnx

#include <string>

#include "compiler/import/onnx/message_stripper.h"
#include "compiler/ir/weight_store.h"

/// Between onnx's protobuf messages and plain data; for the sources of this folder that include onnx's headers.
namespace crossloom {

[[nodiscard]] ElementType element_type(int onnx_data_type);
/// TensorProto.DataType of an element type; 0 for kOther.
[[nodiscard]] int onnx_data_type(ElementType type);

/// The tensor `proto` of the stripped message of `path`. Throws UserError `path: ...` when it is not as long as it declares, or
/// when its external data lies outside the folder of `path` or is too short.
[[nodiscard]] StoredTensor stored_tensor(const onnx::TensorProto& proto, const StrippedMessage& message,
                                         const std::string& path);

/// Throws UserError `path: ...` for bytes that are no message.
[[nodiscard]] onnx::ModelProto parse_model(const std::string& bytes, const std::string& path);

}  // namespace crossloom
