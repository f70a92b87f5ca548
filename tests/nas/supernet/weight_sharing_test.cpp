#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "nas/space/search_space_yaml.h"
#include "nas/supernet/shared_layout.h"
#include "support/random_stream.h"
#include "tests/support/error_message.h"

namespace crossloom {
namespace {

using testing::Each;
using testing::ElementsAre;

/// A built-in space, narrow and for small images.
SearchSpace small_space(const std::string& name) {
  SearchSpace space = load_search_space(name);
  space.width_multiplier = 0.25;
  space.input_shapes = {{.channels = 3, .height = 32, .width = 32}};
  return space;
}

Network network_of(const SearchSpace& space, const Genotype& genotype) {
  return build_network(space, subnetwork_of(space, genotype));
}

Genotype smallest(const SearchSpace& space) { return {.values = std::vector<double>(genes_of(space).size())}; }

/// Numbers that tell where they lie: exact in binary32.
std::vector<float> numbered(std::size_t count) {
  std::vector<float> values(count);
  std::iota(values.begin(), values.end(), 0.0F);
  return values;
}

/// A tensor of a network's gathered parameters.
std::vector<float> tensor_of(const Network& network, const std::vector<float>& parameters, const std::string& layer,
                             ParameterRole role) {
  const ParameterLayout layout(network);
  for (const ParameterPlace& place : layout.parameters()) {
    if (network.layers[place.layer].name != layer || place.role != role) continue;
    const auto begin = parameters.begin() + static_cast<std::ptrdiff_t>(place.first);
    return {begin, begin + static_cast<std::ptrdiff_t>(place.count)};
  }
  return {};
}

TEST(WeightSharing, LargestNetworkHasTheSharedNumbersThemselves) {
  for (const std::string& name : builtin_search_space_names()) {
    const SearchSpace space = small_space(name);
    const SharedLayout layout(space);
    const Network network = network_of(space, largest_genotype(space));
    const std::vector<float> shared = numbered(layout.num_parameters());
    const std::vector<float> gathered = WeightSharing(layout, network).gathered(shared);
    const ParameterLayout own(network);
    for (const ParameterPlace& place : own.parameters()) {
      const SharedTensor& tensor = *layout.find(network.layers[place.layer].name, place.role);
      ASSERT_EQ(place.dims, tensor.dims) << name << ' ' << tensor.layer;
      for (std::size_t i = 0; i < place.count; ++i) ASSERT_EQ(gathered[place.first + i], shared[tensor.first + i]);
    }
  }
}

TEST(WeightSharing, EveryNetworkOfTheBuiltInSpacesCanShare) {
  for (const std::string& name : builtin_search_space_names()) {
    const SearchSpace space = small_space(name);
    const SharedLayout layout(space);
    const std::vector<float> shared(layout.num_parameters());
    RandomStream random(7, {});
    for (int i = 0; i < 8; ++i) {
      const Network network = network_of(space, random_genotype(genes_of(space), random));
      EXPECT_EQ(WeightSharing(layout, network).gathered(shared).size(), ParameterLayout(network).num_parameters());
    }
  }
}

TEST(WeightSharing, NarrowLayersTakeTheFirstChannels) {
  const SearchSpace space = small_space("mobilenet_v3_small");
  const SharedLayout layout(space);
  const Network network = network_of(space, smallest(space));
  const std::vector<float> shared = numbered(layout.num_parameters());
  const std::vector<float> gathered = WeightSharing(layout, network).gathered(shared);
  // Second block of stage 2: 8 channels in (24 at width 1/4, rounded), 8 x 3 inner ones of at most 8 x 6.
  const SharedTensor& project = *layout.find("stage2_block2_project", ParameterRole::kWeights);
  ASSERT_THAT(project.dims, ElementsAre(8, 48, 1, 1));
  const std::vector<float> weights = tensor_of(network, gathered, "stage2_block2_project", ParameterRole::kWeights);
  ASSERT_EQ(weights.size(), 8U * 24U);
  for (std::size_t out = 0; out < 8; ++out) {
    for (std::size_t in = 0; in < 24; ++in) EXPECT_EQ(weights[out * 24 + in], shared[project.first + out * 48 + in]);
  }
}

TEST(WeightSharing, ChannelsBehindAConcatenationAreThoseOfItsOperands) {
  const SearchSpace space = small_space("squeezenet");
  const SharedLayout layout(space);
  const Network network = network_of(space, smallest(space));
  const std::vector<float> shared = numbered(layout.num_parameters());
  const std::vector<float> gathered = WeightSharing(layout, network).gathered(shared);
  // Stage 1 has 128/4 = 32 channels at most, 16 at width 1/2: 8 of each half, the second half from channel 16 on.
  const SharedTensor& squeeze = *layout.find("stage2_block1_squeeze", ParameterRole::kWeights);
  ASSERT_EQ(squeeze.dims[1], 32);
  const std::vector<float> weights = tensor_of(network, gathered, "stage2_block1_squeeze", ParameterRole::kWeights);
  for (std::size_t in = 0; in < 16; ++in) EXPECT_EQ(weights[in], shared[squeeze.first + (in < 8 ? in : 16 + in - 8)]);
}

TEST(WeightSharing, SmallKernelsAreTheCentreUntilTheTransformsLearn) {
  const SearchSpace space = small_space("mobilenet_v3_small");
  const SharedLayout layout(space);
  const Network network = network_of(space, smallest(space));
  const std::vector<float> shared = layout.initial_values(3);
  const std::vector<float> weights =
      tensor_of(network, WeightSharing(layout, network).gathered(shared), "stage2_block1_depthwise", ParameterRole::kWeights);
  const SharedTensor& tensor = *layout.find("stage2_block1_depthwise", ParameterRole::kWeights);
  ASSERT_EQ(tensor.dims[2], 7);
  for (std::size_t row = 0; row < 3; ++row) {
    for (std::size_t col = 0; col < 3; ++col) EXPECT_EQ(weights[row * 3 + col], shared[tensor.first + (row + 2) * 7 + col + 2]);
  }
}

TEST(WeightSharing, ScatterIsTheGradientOfGather) {
  for (const std::string& name : builtin_search_space_names()) {
    const SearchSpace space = small_space(name);
    const SharedLayout layout(space);
    const Network network = network_of(space, smallest(space));
    const WeightSharing sharing(layout, network);
    RandomStream random(11, {});
    const auto draw = [&](std::size_t count) {
      std::vector<float> values(count);
      for (float& value : values) value = static_cast<float>(random.next_normal());
      return values;
    };
    const std::vector<float> shared = draw(layout.num_parameters());
    const std::vector<float> direction = draw(layout.num_parameters());
    const std::vector<float> gradients = draw(ParameterLayout(network).num_parameters());
    const auto along = [&](double step) {
      std::vector<float> moved = shared;
      for (std::size_t i = 0; i < moved.size(); ++i) moved[i] += static_cast<float>(step * static_cast<double>(direction[i]));
      const std::vector<float> gathered = sharing.gathered(moved);
      return std::inner_product(gathered.begin(), gathered.end(), gradients.begin(), 0.0);
    };
    std::vector<float> scattered(layout.num_parameters());
    sharing.scatter(shared, gradients, scattered);
    const double expected = std::inner_product(scattered.begin(), scattered.end(), direction.begin(), 0.0);
    // Gathering is at most cubic in the numbers (two matrices times a kernel), so a central difference errs by the square of
    // the step alone.
    constexpr double kStep = 1.0 / 256.0;
    const double length = std::sqrt(std::inner_product(scattered.begin(), scattered.end(), scattered.begin(), 0.0));
    EXPECT_NEAR((along(kStep) - along(-kStep)) / (2.0 * kStep), expected, 1e-3 * length) << name;
  }
}

TEST(WeightSharing, LastScaleOfAResidualBeginsAtZero) {
  const SearchSpace space = small_space("mobilenet_v3_small");
  const SharedLayout layout(space);
  const std::vector<float> values = layout.initial_values(1);
  const auto scales_of = [&](const std::string& layer) {
    const SharedTensor& tensor = *layout.find(layer, ParameterRole::kScale);
    const auto begin = values.begin() + static_cast<std::ptrdiff_t>(tensor.first);
    return std::vector<float>(begin, begin + static_cast<std::ptrdiff_t>(tensor.count));
  };
  EXPECT_THAT(scales_of("stage2_block2_project"), Each(0.0F));
  EXPECT_THAT(scales_of("stage2_block1_project"), Each(1.0F));  // its stride leaves nothing to be added
  EXPECT_THAT(scales_of("stage2_block2_expand"), Each(1.0F));
}

TEST(WeightSharing, LinearLayersOfImagesOfSeveralSizesAreRefused) {
  SearchSpace space = small_space("squeezenet");
  space.input_shapes.push_back({.channels = 3, .height = 64, .width = 64});
  const std::int64_t classifier = classifier_of(space);
  space.head.resize(static_cast<std::size_t>(classifier) + 1);
  Layer linear{.name = "linear", .kind = LayerKind::kLinear, .num_output_channels = 10};
  space.head.push_back(linear);
  const SharedLayout layout(space);
  EXPECT_EQ(user_error([&] { return WeightSharing(layout, network_of(space, smallest(space))); }),
            "layer linear: reads images of several sizes; it cannot share its weights");
}

}  // namespace
}  // namespace crossloom
