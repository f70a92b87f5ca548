#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "compiler/ir/weight_store.h"

namespace crossloom {

/// The numbers of a tensor that were left out.
struct StrippedNumbers {
  std::uint32_t field = 0;        ///< of TensorProto, that holds them; 0: nothing was left out
  std::vector<ByteRange> ranges;  ///< in the file
};

/// A serialized ONNX model without the numbers of its large tensors. The doc_string of each tensor is replaced by its index in
/// `numbers`, in decimal.
struct StrippedMessage {
  std::string bytes;
  std::vector<StrippedNumbers> numbers;
};

/// Copies the file's message but for documentation, training, subgraphs and the numbers of large tensors; those it skips
/// without reading them. Reads protobuf's wire format (encoding guide of protobuf: varints, tags, length-delimited fields) by
/// hand, because the library's parser would hold the whole message in memory. Throws UserError `path: ...`.
[[nodiscard]] StrippedMessage strip_onnx_message(const std::string& path);

}  // namespace crossloom
