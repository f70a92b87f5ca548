#include "compiler/lowering/operand_geometry.h"

namespace crossloom {
namespace {

OperationInput sliding_window(const WindowAttributes& window) {
  return {.row_step = window.stride_height,
          .row_offset = -window.pad_top,
          .row_dilation = window.dilation_height,
          .num_rows = window.kernel_height,
          .col_step = window.stride_width,
          .col_offset = -window.pad_left,
          .col_dilation = window.dilation_width,
          .num_cols = window.kernel_width};
}

/// The window's own pixel, or pixel (0, 0) of an operand that has no other.
OperationInput own_pixel(const TensorShape& operand) {
  OperationInput input;
  if (operand.height == 1) input.row_step = 0;
  if (operand.width == 1) input.col_step = 0;
  return input;
}

}  // namespace

OperationInput whole_image(std::int64_t height, std::int64_t width) {
  return {.row_step = 0, .num_rows = height, .col_step = 0, .num_cols = width};
}

OperationInput operand_geometry(const Network& network, const Layer& layer, std::size_t operand) {
  const TensorShape& shape = input_shape_of(network, layer, operand);
  switch (layer.kind) {
    case LayerKind::kConvolution:
    case LayerKind::kMaxPool:
    case LayerKind::kAveragePool:
      return sliding_window(layer.window);
    case LayerKind::kLinear:
    case LayerKind::kGlobalAveragePool:
    case LayerKind::kReorder:
      return whole_image(shape.height, shape.width);
    case LayerKind::kInput:
    case LayerKind::kActivation:
    case LayerKind::kAdd:
    case LayerKind::kMultiply:
    case LayerKind::kConcat:
    case LayerKind::kFlatten:
    case LayerKind::kSubtract:
    case LayerKind::kDivide:
    case LayerKind::kSlice:
    case LayerKind::kChannelShuffle:
    case LayerKind::kPad:
    case LayerKind::kBatchNorm:
    case LayerKind::kLocalResponseNorm:
      return own_pixel(shape);
    case LayerKind::kCrop:
      return {.row_offset = layer.window.pad_top, .col_offset = layer.window.pad_left};
    case LayerKind::kVectorOperation: {
      const bool is_pixelwise = shape.height == layer.output_shape.height && shape.width == layer.output_shape.width;
      return is_pixelwise ? own_pixel(shape) : whole_image(shape.height, shape.width);
    }
  }
  throw InternalError("LayerKind outside its range");
}

}  // namespace crossloom
