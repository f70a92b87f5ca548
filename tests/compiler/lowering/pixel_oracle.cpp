#include "tests/compiler/lowering/pixel_oracle.h"

#include <utility>

namespace crossloom {
namespace {

/// One image of labels; every value has the label of the pixel it comes from, or none.
struct LabelTensor {
  TensorShape shape;
  std::vector<PixelLabels> values;  ///< in CHW order

  explicit LabelTensor(const TensorShape& of) : shape(of), values(static_cast<std::size_t>(of.num_values())) {}
  [[nodiscard]] PixelLabels& at(std::int64_t c, std::int64_t y, std::int64_t x) {
    return values[static_cast<std::size_t>((c * shape.height + y) * shape.width + x)];
  }
  [[nodiscard]] const PixelLabels& at(std::int64_t c, std::int64_t y, std::int64_t x) const {
    return values[static_cast<std::size_t>((c * shape.height + y) * shape.width + x)];
  }
  [[nodiscard]] bool contains(std::int64_t y, std::int64_t x) const {
    return y >= 0 && y < shape.height && x >= 0 && x < shape.width;
  }
};

void merge(PixelLabels& into, const PixelLabels& from) { into.insert(from.begin(), from.end()); }

class LabelRun {
 public:
  explicit LabelRun(const Network& network) {
    for (const Layer& layer : network.layers) tensors_.push_back(run(layer));
  }

  [[nodiscard]] std::map<std::string, std::vector<PixelLabels>>& needed() { return needed_; }
  [[nodiscard]] const LabelTensor& output() const { return tensors_.back(); }

 private:
  [[nodiscard]] const LabelTensor& operand(const Layer& layer, std::size_t index = 0) const {
    return tensors_[static_cast<std::size_t>(layer.inputs[index])];
  }

  LabelTensor run(const Layer& layer) {
    switch (layer.kind) {
      case LayerKind::kConcat:
        return concat(layer);
      case LayerKind::kFlatten: {
        LabelTensor result(layer.output_shape);
        result.values = operand(layer).values;
        return result;
      }
      case LayerKind::kSlice:
      case LayerKind::kPad:
        return moved(layer);
      default:
        return work(layer);
    }
  }

  LabelTensor concat(const Layer& layer) const {
    LabelTensor result(layer.output_shape);
    result.values.clear();
    for (std::size_t i = 0; i < layer.inputs.size(); ++i) {
      const LabelTensor& branch = operand(layer, i);
      result.values.insert(result.values.end(), branch.values.begin(), branch.values.end());
    }
    return result;
  }

  LabelTensor moved(const Layer& layer) const {
    LabelTensor result(layer.output_shape);
    const LabelTensor& input = operand(layer);
    for (std::int64_t c = 0; c < result.shape.channels; ++c) {
      for (std::int64_t y = 0; y < result.shape.height; ++y) {
        for (std::int64_t x = 0; x < result.shape.width; ++x) {
          const std::int64_t from_y = y - layer.window.pad_top;
          const std::int64_t from_x = x - layer.window.pad_left;
          if (input.contains(from_y, from_x)) result.at(c, y, x) = input.at(c + layer.first_channel, from_y, from_x);
        }
      }
    }
    return result;
  }

  LabelTensor work(const Layer& layer) {
    LabelTensor result(layer.output_shape);
    for (std::int64_t y = 0; y < result.shape.height; ++y) {
      for (std::int64_t x = 0; x < result.shape.width; ++x) {
        PixelLabels labels;
        for (std::size_t i = 0; i < layer.inputs.size(); ++i) add_window(labels, layer, operand(layer, i), y, x);
        needed_[layer.name].push_back(labels);
        for (std::int64_t c = 0; c < result.shape.channels; ++c) result.at(c, y, x) = {{layer.name, y, x}};
      }
    }
    return result;
  }

  static void add_window(PixelLabels& labels, const Layer& layer, const LabelTensor& input, std::int64_t y, std::int64_t x) {
    const bool is_windowed =
        layer.kind == LayerKind::kConvolution || layer.kind == LayerKind::kMaxPool || layer.kind == LayerKind::kAveragePool;
    const bool is_global = layer.kind == LayerKind::kLinear || layer.kind == LayerKind::kGlobalAveragePool;
    const WindowAttributes& window = layer.window;
    for (std::int64_t c = 0; c < input.shape.channels; ++c) {
      if (is_windowed) {
        for (std::int64_t i = 0; i < window.kernel_height; ++i) {
          for (std::int64_t j = 0; j < window.kernel_width; ++j) {
            const std::int64_t row = y * window.stride_height - window.pad_top + i * window.dilation_height;
            const std::int64_t col = x * window.stride_width - window.pad_left + j * window.dilation_width;
            if (input.contains(row, col)) merge(labels, input.at(c, row, col));
          }
        }
      } else if (is_global) {
        for (std::int64_t row = 0; row < input.shape.height; ++row)
          for (std::int64_t col = 0; col < input.shape.width; ++col) merge(labels, input.at(c, row, col));
      } else {
        const bool is_broadcast = input.shape.height == 1 && input.shape.width == 1;
        merge(labels, is_broadcast ? input.at(c, 0, 0) : input.at(c, y, x));
      }
    }
  }

  std::vector<LabelTensor> tensors_;
  std::map<std::string, std::vector<PixelLabels>> needed_;
};

}  // namespace

std::map<std::string, std::vector<PixelLabels>> pixels_needed(const Network& network) {
  return std::move(LabelRun(network).needed());
}

std::vector<PixelLabels> pixels_of_output(const Network& network) {
  const LabelRun labels(network);
  const LabelTensor& output = labels.output();
  std::vector<PixelLabels> pixels;
  for (std::int64_t y = 0; y < output.shape.height; ++y) {
    for (std::int64_t x = 0; x < output.shape.width; ++x) {
      pixels.emplace_back();
      for (std::int64_t c = 0; c < output.shape.channels; ++c) merge(pixels.back(), output.at(c, y, x));
    }
  }
  return pixels;
}

}  // namespace crossloom
