#include "training/weight_noise.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "accuracy/network_execution.h"
#include "compiler/import/load_network.h"
#include "simulator/hardware/chip_yaml.h"

namespace crossloom {
namespace {

double deviation(std::span<const float> values) {
  double squares = 0.0;
  for (const float value : values) squares += static_cast<double>(value) * static_cast<double>(value);
  return std::sqrt(squares / static_cast<double>(values.size()));
}

TEST(LayerBlocks, HoldEveryWeightOfEveryMappedLayerOnce) {
  const Network network = load_network("mobilenet_v3_small_w0_5_cifar10").network;
  const auto blocks = layer_blocks(network, load_chip("rnc-mnsim-128"));
  std::int64_t num_mapped = 0;
  for (std::size_t i = 0; i < network.layers.size(); ++i) {
    const Layer& layer = network.layers[i];
    std::int64_t num_weights = 0;
    for (const WeightBlock& block : blocks[i]) num_weights += block.rows * block.cols;
    if (!runs_in_crossbars(layer)) {
      EXPECT_EQ(num_weights, 0) << layer.name;
      continue;
    }
    ++num_mapped;
    const std::int64_t inputs = layer.kind == LayerKind::kLinear ? input_shape_of(network, layer).num_values()
                                                                 : input_shape_of(network, layer).channels / layer.num_groups *
                                                                       layer.window.kernel_height * layer.window.kernel_width;
    EXPECT_EQ(num_weights, inputs * layer.num_output_channels) << layer.name;
  }
  // Stem, head, two linear layers; of each of 11 blocks depthwise and projection, of all but the first an expansion, of all but
  // the second and third two squeeze-excite layers.
  EXPECT_EQ(num_mapped, 4 + 2 * 11 + 10 + 2 * 9);
}

TEST(BlockNoise, HasTheSigmaOfTheLargestWeightOfEachBlock) {
  // 200 rows x 20 columns in two blocks of columns; the second one's weights are a tenth.
  std::vector<float> weights(4000, 1.0F);
  std::fill(weights.begin() + 2000, weights.end(), 0.1F);
  weights[5] = -2.0F;
  const std::vector<WeightBlock> blocks = {{.rows = 200, .cols = 10}, {.matrix_col0 = 10, .rows = 200, .cols = 10}};
  const std::vector<float> noise = block_noise(weights, 20, blocks, 0.05, RandomStream(1, {}));
  const std::span<const float> all = noise;
  // Five standard deviations of the estimate, sigma / sqrt(2 n).
  EXPECT_NEAR(deviation(all.subspan(0, 2000)), 0.1, 0.1 * 5 / std::sqrt(4000.0));
  EXPECT_NEAR(deviation(all.subspan(2000)), 0.005, 0.005 * 5 / std::sqrt(4000.0));
}

TEST(CodeErrors, AreZeroForPerfectCells) {
  const CodeErrors errors = sample_code_errors(load_chip("rnc-mnsim-128"), {}, 3, 1);
  EXPECT_EQ(errors.errors.size(), static_cast<std::size_t>((2 * errors.largest_code + 1) * 3));
  EXPECT_NEAR(*std::ranges::max_element(errors.errors), 0.0F, 1e-4F);
  EXPECT_NEAR(*std::ranges::min_element(errors.errors), 0.0F, 1e-4F);
}

TEST(CodeErrors, OfIndependentNoiseHaveTheSumOfVariancesOfTheCells) {
  const ChipConfig chip = load_chip("rnc-mnsim-128");
  DeviceNoise noise;
  noise.programming = {.model = ProgrammingModel::kNormalIndependent, .magnitude = 0.01};
  constexpr std::int64_t kSamples = 2000;
  const CodeErrors errors = sample_code_errors(chip, noise, kSamples, 1);
  // One code more is one level of the lowest slice on one side. Cells far from g_min are not cut off there.
  const std::int64_t code = errors.largest_code;
  std::vector<float> drawn;
  for (std::int64_t i = 0; i < kSamples; ++i) drawn.push_back(errors.at(code, i));
  EXPECT_GT(deviation(drawn), 0.0);
  EXPECT_LT(std::abs(std::accumulate(drawn.begin(), drawn.end(), 0.0) / static_cast<double>(kSamples)), deviation(drawn));
}

TEST(CodeNoise, DrawsFromTheTableOfTheWeightsCode) {
  // Code c always errs by 10 c.
  CodeErrors errors{.largest_code = 3, .num_samples = 1};
  for (int code = -3; code <= 3; ++code) errors.errors.push_back(10.0F * static_cast<float>(code));
  const std::vector<float> weights = {1.0F, -1.5F, 0.2F, 0.3F};
  const std::vector<float> noise = code_noise(weights, std::vector<float>{0.5F, 0.1F}, errors, RandomStream(1, {}));
  EXPECT_FLOAT_EQ(noise[0], 0.5F * 20);
  EXPECT_FLOAT_EQ(noise[1], 0.5F * -30);
  EXPECT_FLOAT_EQ(noise[2], 0.1F * 20);
  EXPECT_FLOAT_EQ(noise[3], 0.1F * 30);
}

}  // namespace
}  // namespace crossloom
