#include "compiler/lowering/lower.h"

#include <fmt/format.h>

#include <set>
#include <utility>

#include "compiler/lowering/operand_geometry.h"
#include "compiler/lowering/pixel_view.h"
#include "compiler/lowering/unit_operations.h"
#include "support/integer_math.h"

namespace crossloom {
namespace {

/// Weights of one matrix, as tile maps count them.
constexpr std::int64_t kMaxMatrixWeights = std::int64_t{1} << 31;

/// A linear layer is a convolution of its flattened input with a 1x1 kernel.
WeightMatrix weight_matrix(const Network& network, const Layer& layer) {
  const TensorShape& input = input_shape_of(network, layer);
  WeightMatrix matrix{.layer = layer.name,
                      .mapping = MappingKind::kIm2col,
                      .num_input_channels = input.num_values(),
                      .num_output_channels = layer.num_output_channels,
                      .kernel_height = 1,
                      .kernel_width = 1};
  if (layer.kind == LayerKind::kConvolution) {
    matrix.mapping = layer.num_groups == 1 ? MappingKind::kIm2col : MappingKind::kGroupedColumns;
    matrix.num_input_channels = input.channels;
    matrix.kernel_height = layer.window.kernel_height;
    matrix.kernel_width = layer.window.kernel_width;
    matrix.num_groups = layer.num_groups;
  }
  constexpr const char* kWhat = "the number of rows of a weight matrix";
  matrix.rows = checked_mul(checked_mul(matrix.num_input_channels / matrix.num_groups, matrix.kernel_height, kWhat),
                            matrix.kernel_width, kWhat);
  matrix.cols = matrix.num_output_channels;
  if (matrix.rows > kMaxMatrixWeights / matrix.cols) {
    throw LayerError(layer.name, fmt::format("a matrix of {} x {} weights, allowed: at most {} weights", matrix.rows,
                                             matrix.cols, kMaxMatrixWeights));
  }
  return matrix;
}

bool has_repeated_operation(const PixelView& view) {
  std::set<std::int64_t> operations;
  for (const PixelSource& source : view) {
    if (!operations.insert(source.operation).second) return true;
  }
  return false;
}

/// Whether one of the windows 0 .. num_windows - 1 of one dimension needs no pixel of the `extent` that exist.
bool misses_image(std::int64_t num_windows, std::int64_t extent, std::int64_t step, std::int64_t offset, std::int64_t dilation,
                  std::int64_t count) {
  for (std::int64_t window = 0; window < num_windows; ++window) {
    const std::int64_t first = window * step + offset;
    const std::int64_t num_before = first < 0 ? ceil_div(-first, dilation) : 0;
    if (num_before >= count || first + num_before * dilation >= extent) return true;
  }
  return false;
}

bool has_window_in_padding(const Operation& operation, const Operation& producer, const OperationInput& input) {
  return misses_image(operation.output_height, producer.output_height, input.row_step, input.row_offset, input.row_dilation,
                      input.num_rows) ||
         misses_image(operation.output_width, producer.output_width, input.col_step, input.col_offset, input.col_dilation,
                      input.num_cols);
}

class Lowering {
 public:
  explicit Lowering(const Network& network)
      : network_(network),
        is_signed_(signed_outputs(network)),
        num_consumers_(network.layers.size(), 0),
        own_operation_(network.layers.size(), kNoOperation) {
    for (const Layer& layer : network.layers) {
      for (const std::int64_t input : layer.inputs) ++num_consumers_.at(static_cast<std::size_t>(input));
    }
  }

  [[nodiscard]] LoweredNetwork run() {
    lowered_.name = network_.name;
    for (const Layer& layer : network_.layers) views_.push_back(lower_layer(layer));
    add_output();
    require_consumers();
    return std::move(lowered_);
  }

 private:
  static constexpr std::int64_t kNoOperation = -1;

  /// Index of the layer being lowered.
  [[nodiscard]] std::size_t current() const { return views_.size(); }
  [[nodiscard]] const PixelView& operand_view(const Layer& layer, std::size_t operand = 0) const {
    return views_.at(static_cast<std::size_t>(layer.inputs.at(operand)));
  }

  PixelView lower_layer(const Layer& layer) {
    switch (layer.kind) {
      case LayerKind::kInput:
        return add_input(layer);
      case LayerKind::kConvolution:
      case LayerKind::kLinear:
        return add_crossbar(layer);
      case LayerKind::kMaxPool:
      case LayerKind::kAveragePool:
      case LayerKind::kGlobalAveragePool:
        return add_digital(layer, OperationKind::kPooling);
      case LayerKind::kActivation:
        return can_fuse(layer) ? fuse(layer) : add_digital(layer, OperationKind::kVector);
      case LayerKind::kAdd:
      case LayerKind::kMultiply:
      case LayerKind::kSubtract:
      case LayerKind::kDivide:
      case LayerKind::kChannelShuffle:
      case LayerKind::kBatchNorm:
      case LayerKind::kLocalResponseNorm:
      case LayerKind::kVectorOperation:
      case LayerKind::kReorder:
      case LayerKind::kCrop:
        return add_digital(layer, OperationKind::kVector);
      case LayerKind::kConcat: {
        PixelView view = concatenated(layer);
        // A program names an operation's whole pixels, so two pieces of one operation have to be copied side by side.
        return has_repeated_operation(view) ? add_digital(layer, OperationKind::kVector)
                                            : add_activation(layer, std::move(view));
      }
      case LayerKind::kFlatten:
        return add_activation(layer, flattened(layer));
      case LayerKind::kSlice:
        return add_activation(layer,
                              channel_slice(operand_view(layer), layer.first_channel, layer.num_output_channels, layer.name));
      case LayerKind::kPad:
        return add_activation(layer, shifted(operand_view(layer), layer.window.pad_top, layer.window.pad_left));
    }
    throw InternalError("LayerKind outside its range");
  }

  PixelView add_input(const Layer& layer) {
    Operation operation = new_operation(layer, OperationKind::kInput);
    operation.has_signed_inputs = network_.has_signed_input;
    return add(layer, std::move(operation), -1);
  }

  PixelView add_crossbar(const Layer& layer) {
    Operation operation = new_operation(layer, OperationKind::kCrossbar);
    add_operands(operation, layer);
    operation.num_input_values = 0;  // blocks state what they read
    operation.num_unit_operations = with_activation(num_unit_operations(network_, layer), layer);
    operation.num_macs = num_macs(network_, layer) / operation.num_windows();
    lowered_.matrices.push_back(weight_matrix(network_, layer));
    return add(layer, std::move(operation), static_cast<std::int64_t>(lowered_.matrices.size()) - 1);
  }

  PixelView add_digital(const Layer& layer, OperationKind kind) {
    Operation operation = new_operation(layer, kind);
    add_operands(operation, layer);
    operation.num_unit_operations = with_activation(num_unit_operations(network_, layer), layer);
    return add(layer, std::move(operation), -1);
  }

  [[nodiscard]] PixelView flattened(const Layer& layer) const {
    const TensorShape& input = input_shape_of(network_, layer);
    return crossloom::flattened(operand_view(layer), input.height, input.width);
  }

  [[nodiscard]] PixelView concatenated(const Layer& layer) const {
    PixelView all;
    for (std::size_t operand = 0; operand < layer.inputs.size(); ++operand) {
      const PixelView& branch = operand_view(layer, operand);
      all.insert(all.end(), branch.begin(), branch.end());
    }
    return all;
  }

  /// An activation on a layer that has dissolved needs an operation of its own.
  PixelView add_activation(const Layer& layer, PixelView view) {
    if (layer.activation == Activation::kNone) return view;
    Operation operation = new_operation(layer, OperationKind::kVector);
    operation.inputs = inputs_through(view, OperationInput{});
    operation.num_input_values = num_window_values(view, OperationInput{});
    operation.num_unit_operations = with_activation(0, layer);
    operation.has_signed_inputs = has_signed_operand(layer);
    return add(layer, std::move(operation), -1);
  }

  [[nodiscard]] bool can_fuse(const Layer& layer) const {
    const auto producer = static_cast<std::size_t>(layer.inputs.front());
    return num_consumers_[producer] == 1 && own_operation_[producer] != kNoOperation &&
           lowered_.operations[static_cast<std::size_t>(own_operation_[producer])].operation.kind != OperationKind::kInput;
  }

  PixelView fuse(const Layer& layer) {
    const auto producer = static_cast<std::size_t>(layer.inputs.front());
    own_operation_[current()] = own_operation_[producer];
    Operation& operation = lowered_.operations[static_cast<std::size_t>(own_operation_[producer])].operation;
    operation.num_unit_operations = with_activation(operation.num_unit_operations, layer);
    return views_[producer];
  }

  void add_output() {
    const Layer& last = network_.layers.back();
    Operation operation = new_operation(last, OperationKind::kOutput);
    operation.name = "output";
    add_distinct(operation.inputs, inputs_through(views_.back(), OperationInput{}));
    operation.has_signed_inputs = is_signed_.back();
    static_cast<void>(append(last, std::move(operation), -1));
  }

  [[nodiscard]] static Operation new_operation(const Layer& layer, OperationKind kind) {
    Operation operation;
    operation.name = layer.name;
    operation.kind = kind;
    operation.output_channels = layer.output_shape.channels;
    operation.output_height = layer.output_shape.height;
    operation.output_width = layer.output_shape.width;
    return operation;
  }

  /// An operand that stands twice is waited for once and read twice.
  void add_operands(Operation& operation, const Layer& layer) const {
    for (std::size_t operand = 0; operand < layer.inputs.size(); ++operand) {
      const OperationInput geometry = operand_geometry(network_, layer, operand);
      const PixelView& view = operand_view(layer, operand);
      add_distinct(operation.inputs, inputs_through(view, geometry));
      const std::int64_t num_values =
          reads_each_value_once(layer, geometry)
              ? ceil_div(input_shape_of(network_, layer, operand).num_values(), operation.num_windows())
              : num_window_values(view, geometry);
      operation.num_input_values = checked_add(operation.num_input_values, num_values, "the number of values a window reads");
    }
    operation.has_signed_inputs = has_signed_operand(layer);
  }

  /// Such layers wait for the whole image, but none of their windows reads all of it.
  [[nodiscard]] static bool reads_each_value_once(const Layer& layer, const OperationInput& geometry) {
    return layer.kind == LayerKind::kReorder || (layer.kind == LayerKind::kVectorOperation && geometry.row_step == 0);
  }

  [[nodiscard]] bool has_signed_operand(const Layer& layer) const {
    for (const std::int64_t input : layer.inputs) {
      if (is_signed_[static_cast<std::size_t>(input)]) return true;
    }
    return false;
  }

  [[nodiscard]] static std::int64_t with_activation(std::int64_t num_operations, const Layer& layer) {
    return checked_add(num_operations, layer.output_shape.channels * operations_per_value(layer.activation),
                       "the number of unit operations a window");
  }

  PixelView add(const Layer& layer, Operation operation, std::int64_t matrix) {
    own_operation_[current()] = append(layer, std::move(operation), matrix);
    return {{.operation = own_operation_[current()],
             .num_channels = layer.output_shape.channels,
             .image_height = layer.output_shape.height,
             .image_width = layer.output_shape.width}};
  }

  /// Index of the operation.
  std::int64_t append(const Layer& layer, Operation operation, std::int64_t matrix) {
    for (const OperationInput& input : operation.inputs) {
      const Operation& producer = lowered_.operations[static_cast<std::size_t>(input.operation)].operation;
      if (!has_window_in_padding(operation, producer, input)) continue;
      throw LayerError(layer.name,
                       "some output pixels depend on padding alone, allowed: at least one pixel of " + producer.name);
    }
    lowered_.operations.push_back({.operation = std::move(operation), .matrix = matrix});
    return static_cast<std::int64_t>(lowered_.operations.size()) - 1;
  }

  /// A cut through a concatenation can leave a branch that nothing reads.
  void require_consumers() const {
    std::vector<bool> is_read(lowered_.operations.size(), false);
    is_read.back() = true;
    for (const LoweredOperation& step : lowered_.operations) {
      for (const OperationInput& input : step.operation.inputs) is_read[static_cast<std::size_t>(input.operation)] = true;
    }
    for (std::size_t i = 0; i < is_read.size(); ++i) {
      if (!is_read[i])
        throw LayerError(lowered_.operations[i].operation.name, "no later layer reads any channel of its output");
    }
  }

  const Network& network_;
  std::vector<bool> is_signed_;              ///< output of each layer
  std::vector<std::int64_t> num_consumers_;  ///< of each layer
  std::vector<std::int64_t> own_operation_;  ///< that ends in this layer's output; kNoOperation for dissolved layers
  std::vector<PixelView> views_;             ///< output of each layer lowered so far
  LoweredNetwork lowered_;
};

}  // namespace

LoweredNetwork lower(const Network& network) { return Lowering(network).run(); }

}  // namespace crossloom
