#include "compiler/import/onnx/draft_network.h"

#include <algorithm>
#include <cmath>
#include <unordered_set>
#include <utility>

namespace crossloom {
namespace {

std::size_t at(std::int64_t index) { return static_cast<std::size_t>(index); }

class Simplifier {
 public:
  Simplifier(DraftNetwork draft, std::int64_t output)
      : draft_(std::move(draft)), stands_for_(draft_.network.layers.size()), output_(output) {
    for (std::size_t i = 0; i < stands_for_.size(); ++i) stands_for_[i] = static_cast<std::int64_t>(i);
  }

  [[nodiscard]] SimplifiedNetwork run() {
    // Each sweep reads the graph that the one before left: a gate is recognized before an activation joins its producer.
    for (std::int64_t index = 1; index < count(); ++index) skip_relu(index);
    for (std::int64_t index = 1; index < count(); ++index) recognize_gate(index);
    count_consumers();
    for (std::int64_t index = 1; index < count(); ++index) recognize_self_gating(index);
    count_consumers();
    for (std::int64_t index = 1; index < count(); ++index) join_producer(index);
    return compacted();
  }

 private:
  [[nodiscard]] std::int64_t count() const { return static_cast<std::int64_t>(draft_.network.layers.size()); }
  [[nodiscard]] Layer& layer(std::int64_t index) { return draft_.network.layers[at(index)]; }
  [[nodiscard]] DraftDetail& detail(std::int64_t index) { return draft_.details[at(index)]; }
  /// The layer that input `operand` now comes from.
  [[nodiscard]] std::int64_t producer(std::int64_t index, std::size_t operand = 0) {
    return stands_for_[at(layer(index).inputs[operand])];
  }

  void count_consumers() {
    num_consumers_.assign(at(count()), 0);
    ++num_consumers_[at(stands_for_[at(output_)])];
    std::vector<bool> is_needed(at(count()), false);
    is_needed[at(stands_for_[at(output_)])] = true;
    for (std::int64_t index = count() - 1; index > 0; --index) {
      if (!is_needed[at(index)]) continue;
      for (std::size_t operand = 0; operand < layer(index).inputs.size(); ++operand) {
        const std::int64_t input = producer(index, operand);
        is_needed[at(input)] = true;
        ++num_consumers_[at(input)];
      }
    }
  }

  [[nodiscard]] bool is_activation(std::int64_t index, Activation activation) {
    return layer(index).kind == LayerKind::kActivation && layer(index).activation == activation;
  }

  [[nodiscard]] bool is_scalar(std::int64_t index, const ScalarStep& step) {
    const std::optional<ScalarStep>& scalar = detail(index).scalar;
    constexpr double kTolerance = 1e-5;  // 1/6 comes in 32-bit floats
    return scalar && scalar->is_product == step.is_product && std::abs(scalar->number - step.number) < kTolerance;
  }

  /// x of clip(x + 3, 0, 6); -1 for anything else.
  [[nodiscard]] std::int64_t input_of_clipped_sum(std::int64_t index) {
    if (!is_activation(index, Activation::kRelu6)) return -1;
    const std::int64_t sum = producer(index);
    return is_scalar(sum, {.is_product = false, .number = 3}) ? producer(sum) : -1;
  }

  void become_activation(std::int64_t index, Activation activation, std::int64_t input) {
    layer(index) = {.name = layer(index).name,
                    .kind = LayerKind::kActivation,
                    .inputs = {input},
                    .activation = activation,
                    .output_shape = layer(index).output_shape};
    detail(index) = {};
  }

  /// clip(relu(x), 0, 6) is clip(x, 0, 6): PyTorch writes its relu6 so.
  void skip_relu(std::int64_t index) {
    if (is_activation(index, Activation::kRelu6) && is_activation(producer(index), Activation::kRelu))
      layer(index).inputs[0] = producer(producer(index));
  }

  /// clip(x + 3, 0, 6) / 6, or x * clip(x + 3, 0, 6) / 6.
  void recognize_gate(std::int64_t index) {
    if (!is_scalar(index, {.is_product = true, .number = 1.0 / 6.0})) return;
    const std::int64_t scaled = producer(index);
    const std::int64_t input = input_of_clipped_sum(scaled);
    if (input >= 0) return become_activation(index, Activation::kHardSigmoid, input);
    if (layer(scaled).kind != LayerKind::kMultiply) return;
    for (std::size_t operand = 0; operand < 2; ++operand) {
      const std::int64_t gated = producer(scaled, 1 - operand);
      if (input_of_clipped_sum(producer(scaled, operand)) == gated)
        return become_activation(index, Activation::kHardSwish, gated);
    }
  }

  /// x * gate(x).
  void recognize_self_gating(std::int64_t index) {
    if (layer(index).kind != LayerKind::kMultiply) return;
    for (std::size_t operand = 0; operand < 2; ++operand) {
      const std::int64_t gate = producer(index, operand);
      const std::int64_t gated = producer(index, 1 - operand);
      if (layer(gate).kind != LayerKind::kActivation || producer(gate) != gated) continue;
      if (is_activation(gate, Activation::kSigmoid)) return become_activation(index, Activation::kSilu, gated);
      if (is_activation(gate, Activation::kHardSigmoid) && !layer(gate).activation_slope)
        return become_activation(index, Activation::kHardSwish, gated);
    }
  }

  /// A layer that its only producer can take in stands for the producer from here on.
  void join_producer(std::int64_t index) {
    if (layer(index).inputs.size() != 1 || num_consumers_[at(index)] == 0) return;
    const std::int64_t into = producer(index);
    if (num_consumers_[at(into)] != 1 || layer(into).activation != Activation::kNone) return;
    if (layer(index).kind == LayerKind::kActivation && layer(into).kind != LayerKind::kInput) {
      layer(into).activation = layer(index).activation;
      layer(into).activation_slope = layer(index).activation_slope;
    } else if (layer(index).kind == LayerKind::kBatchNorm && can_take_normalization(layer(into))) {
      join_normalization(index, layer(into), detail(into));
    } else {
      return;
    }
    num_consumers_[at(into)] = num_consumers_[at(index)];
    stands_for_[at(index)] = into;
  }

  [[nodiscard]] static bool can_take_normalization(const Layer& into) {
    return into.kind == LayerKind::kConvolution || into.kind == LayerKind::kLinear || into.kind == LayerKind::kBatchNorm;
  }

  void join_normalization(std::int64_t index, Layer& into, DraftDetail& into_detail) {
    std::vector<NormalizationTensors>& steps = into_detail.tensors.normalizations;
    std::ranges::move(detail(index).tensors.normalizations, std::back_inserter(steps));
    if (into.kind == LayerKind::kBatchNorm) {
      if (!detail(index).scalar) into_detail.scalar.reset();
      return;
    }
    if (detail(index).has_factor) {
      into.has_batch_norm = true;
    } else if (!into.has_batch_norm) {
      into.has_bias = true;  // the bias of a matrix product that is written as a sum
    }
    layer(index).activation = Activation::kNone;
  }

  /// The layers that the output depends on, renumbered.
  [[nodiscard]] SimplifiedNetwork compacted() {
    count_consumers();
    SimplifiedNetwork result;
    result.network = draft_.network;
    result.network.layers.clear();
    std::vector<std::int64_t> new_index(at(count()), -1);
    for (std::int64_t index = 0; index < count(); ++index) {
      if (index > 0 && (num_consumers_[at(index)] == 0 || stands_for_[at(index)] != index)) continue;
      Layer kept = layer(index);
      if (kept.kind == LayerKind::kBatchNorm && detail(index).scalar) {
        // Sums and products with numbers of the file: nothing is learned.
        kept.kind = LayerKind::kVectorOperation;
        kept.given_shape = kept.output_shape;
      }
      for (std::size_t operand = 0; operand < kept.inputs.size(); ++operand)
        kept.inputs[operand] = new_index[at(producer(index, operand))];
      new_index[at(index)] = static_cast<std::int64_t>(result.network.layers.size());
      if (detail(index).tensors != LayerTensors()) result.weights.set(kept.name, std::move(detail(index).tensors));
      result.network.layers.push_back(std::move(kept));
    }
    return result;
  }

  DraftNetwork draft_;
  std::vector<std::int64_t> stands_for_;  ///< of each layer: itself, or the earlier layer it has joined
  std::vector<std::int64_t> num_consumers_;
  std::int64_t output_;
};

}  // namespace

std::int64_t add_layer(DraftNetwork& draft, Layer layer, DraftDetail detail) {
  check_attributes(layer);
  layer.output_shape = infer_output_shape(draft.network, layer);
  draft.network.layers.push_back(std::move(layer));
  draft.details.push_back(std::move(detail));
  return static_cast<std::int64_t>(draft.network.layers.size()) - 1;
}

SimplifiedNetwork simplify(DraftNetwork draft, std::int64_t output) { return Simplifier(std::move(draft), output).run(); }

}  // namespace crossloom
