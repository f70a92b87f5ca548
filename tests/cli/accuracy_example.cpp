#include "tests/cli/accuracy_example.h"

#include <algorithm>
#include <filesystem>

#include "compiler/export/network_to_onnx.h"
#include "compiler/import/onnx/onnx_model.h"

namespace crossloom {
namespace {

constexpr std::size_t kClassifierWeights = 2 * 3 * 2 * 2;

Network tiny_classifier() {
  Network network{
      .name = "tiny_classifier", .source = "test", .input_shape = {1, 4, 4}, .has_signed_input = false, .layers = {}};
  network.layers = {
      Layer{.name = "image", .kind = LayerKind::kInput},
      Layer{.name = "filters",
            .kind = LayerKind::kConvolution,
            .inputs = {0},
            .window = {.kernel_height = 3, .kernel_width = 3},
            .num_output_channels = 3,
            .has_bias = true,
            .activation = Activation::kRelu},
      Layer{.name = "classes", .kind = LayerKind::kLinear, .inputs = {1}, .num_output_channels = 2, .has_bias = true}};
  return infer_shapes(network);
}

std::string pixels(std::size_t num_images, std::uint64_t seed) {
  std::string bytes;
  for (const double value : random_values(num_images * 16, seed)) bytes.push_back(static_cast<char>(127.0 * value));
  return bytes;
}

}  // namespace

std::string idx_file(const std::vector<int>& extents, const std::string& values) {
  std::string text("\0\0\x08", 3);
  text += static_cast<char>(extents.size());
  for (const int extent : extents) text += std::string(3, '\0') + static_cast<char>(extent);
  return text + values;
}

AccuracyExample::AccuracyExample() : source_{.network = tiny_classifier(), .weights = {}} {
  set_weights(source_.weights, source_.network.layers[1], 1, random_values(27, 1), random_values(3, 2));
  write_network(random_values(kClassifierWeights, 3));
  std::filesystem::create_directory(path("images"));
  static_cast<void>(scratch_.file("images/train-images-idx3-ubyte", idx_file({6, 4, 4}, pixels(6, 4))));
  static_cast<void>(scratch_.file("images/train-labels-idx1-ubyte", idx_file({6}, std::string("\0\1\0\1\0\1", 6))));
  static_cast<void>(scratch_.file("images/t10k-images-idx3-ubyte", idx_file({5, 4, 4}, pixels(5, 5))));
  static_cast<void>(scratch_.file("images/t10k-labels-idx1-ubyte", idx_file({5}, std::string("\0\1\0\1\0", 5))));
}

void AccuracyExample::write_network(const std::vector<double>& classifier_weights) const {
  WeightStore weights = source_.weights;
  set_weights(weights, source_.network.layers[2], 12, classifier_weights, {0.0, 0.0});
  write_onnx_model(to_onnx(source_.network, weights), path("net.onnx"));
}

ProcessResult AccuracyExample::run(const std::vector<std::string>& options) const {
  std::vector<std::string> arguments = {"accuracy", "net.onnx", "--data", "images"};
  if (std::ranges::find(options, "--chip") == options.end()) arguments.insert(arguments.end(), {"--chip", "rnc-mnsim-128"});
  arguments.insert(arguments.end(), options.begin(), options.end());
  return crossloom(arguments);
}

ProcessResult AccuracyExample::crossloom(const std::vector<std::string>& arguments) const {
  return crossloom_process(arguments, {.folder = scratch_.path()});
}

}  // namespace crossloom
