#include "nas/space/search_space.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "compiler/import/load_network.h"
#include "nas/space/search_space_yaml.h"
#include "support/random_stream.h"

namespace crossloom {
namespace {

using testing::ElementsAre;

/// Blocks of every stage as given: {kernel, ratio} for each.
Subnetwork subnetwork(const SearchSpace& space, const std::vector<std::vector<BlockChoice>>& blocks) {
  Subnetwork result{.input_shape = space.input_shapes[0]};
  for (const auto& stage : blocks) result.stages.push_back({.width = 1.0, .blocks = stage});
  return result;
}

/// Layers without their names: what a network computes.
std::vector<Layer> nameless_layers(Network network) {
  for (Layer& layer : network.layers) layer.name.clear();
  return network.layers;
}

TEST(DivisibleChannels, RoundToMultiplesButNotFarDown) {
  EXPECT_EQ(divisible_channels(36, 8), 40);    // 4.5 eights, up
  EXPECT_EQ(divisible_channels(35, 8), 32);    // down, as 32 > 0.9 * 35
  EXPECT_EQ(divisible_channels(18, 8), 24);    // 16 < 0.9 * 18
  EXPECT_EQ(divisible_channels(2, 8), 8);      // the least
  EXPECT_EQ(divisible_channels(13.6, 1), 14);  // any number
}

TEST(SearchSpace, MobileNetHasAsManyNetworksAsPublished) {
  // Four stages of 2 to 4 blocks with 3 kernels and 3 expansions each: (9^2 + 9^3 + 9^4)^4.
  EXPECT_DOUBLE_EQ(num_subnetworks(load_search_space("mobilenet_v3_small")), std::pow(81.0 + 729.0 + 6561.0, 4));
}

TEST(SearchSpace, ResNetContainsResNet18) {
  const SearchSpace space = load_search_space("resnet18");
  const std::vector<BlockChoice> two(2, {.kernel = 3, .ratio = 1.0});
  const Network built = build_network(space, subnetwork(space, {two, two, two, two}));
  EXPECT_TRUE(built.layers == load_network("resnet18").network.layers);
}

TEST(SearchSpace, SqueezeNetContainsSqueezeNet11) {
  const SearchSpace space = load_search_space("squeezenet");
  const std::vector<BlockChoice> two(2, {.kernel = 3, .ratio = 0.125});
  const Network built = build_network(space, subnetwork(space, {two, two, two, two}));
  EXPECT_TRUE(nameless_layers(built) == nameless_layers(load_network("squeezenet1_1").network));
}

/// The space with MobileNetV3-small's own last hidden layer (Howard et al., ICCV 2019, table 2).
SearchSpace mobilenet_with_hidden_1024() {
  SearchSpace space = load_search_space("mobilenet_v3_small");
  space.head[2].num_output_channels = 1024;
  return space;
}

TEST(SearchSpace, MobileNetBlocksAreThoseOfMobileNetV3Small) {
  const SearchSpace space = mobilenet_with_hidden_1024();
  const Subnetwork published = subnetwork(space, {{{3, 1.0}},
                                                  {{3, 4.5}, {3, 88.0 / 24.0}},
                                                  {{5, 4.0}, {5, 6.0}, {5, 6.0}},
                                                  {{5, 3.0}, {5, 3.0}},
                                                  {{5, 6.0}, {5, 6.0}, {5, 6.0}}});
  EXPECT_TRUE(nameless_layers(build_network(space, published)) == nameless_layers(load_network("mobilenet_v3_small").network));
}

TEST(SearchSpace, WidthMultiplierStemStrideAndClassesGiveTheNetworkForCifar) {
  SearchSpace space = mobilenet_with_hidden_1024();
  space.width_multiplier = 0.5;
  space.has_signed_input = false;
  space.input_shapes = {{.channels = 3, .height = 32, .width = 32}};
  space.stem[0].window.stride_height = space.stem[0].window.stride_width = 1;
  space.head.back().num_output_channels = 10;
  // Half of the published inner channels, rounded to eights as torchvision does, over the rounded channels that come in.
  const Subnetwork chosen = subnetwork(space, {{{3, 1.0}},
                                               {{3, 36.0 / 8.0}, {3, 44.0 / 16.0}},
                                               {{5, 48.0 / 16.0}, {5, 120.0 / 24.0}, {5, 120.0 / 24.0}},
                                               {{5, 60.0 / 24.0}, {5, 72.0 / 24.0}},
                                               {{5, 144.0 / 24.0}, {5, 288.0 / 48.0}, {5, 288.0 / 48.0}}});
  EXPECT_TRUE(nameless_layers(build_network(space, chosen)) ==
              nameless_layers(load_network("mobilenet_v3_small_w0_5_cifar10").network));
}

TEST(SearchSpace, HasAGeneForEveryChoice) {
  SearchSpace space = load_search_space("squeezenet");
  space.stages.resize(1);
  std::vector<std::string> names;
  for (const Gene& gene : genes_of(space)) names.push_back(gene.name);
  EXPECT_THAT(names, ElementsAre("stage1.width", "stage1.depth", "stage1.block1.kernel", "stage1.block1.ratio",
                                 "stage1.block2.kernel", "stage1.block2.ratio"));
  space.input_shapes.push_back({.channels = 3, .height = 256, .width = 256});
  EXPECT_EQ(genes_of(space)[0].name, "input");
}

TEST(SearchSpace, GenesSelectTheirValues) {
  SearchSpace space = load_search_space("squeezenet");
  space.stages.resize(1);
  const Subnetwork chosen = subnetwork_of(space, {.values = {1, 0, 1, 2, 0, 1}});
  EXPECT_EQ(chosen.stages[0], (StageChoice{.width = 0.75, .blocks = {{.kernel = 5, .ratio = 0.25}}}));
}

TEST(SearchSpace, GenesBeyondTheDepthDoNotTellNetworksApart) {
  SearchSpace space = load_search_space("squeezenet");
  space.stages.resize(1);
  const Genotype shallow{.values = {1, 0, 1, 2, 1, 2}};
  EXPECT_EQ(without_inactive_genes(space, shallow), (Genotype{.values = {1, 0, 1, 2, 0, 0}}));
  const Genotype deep{.values = {1, 1, 1, 2, 1, 2}};
  EXPECT_EQ(without_inactive_genes(space, deep), deep);
}

class EverySearchSpace : public testing::TestWithParam<std::string> {};

TEST_P(EverySearchSpace, BuildsWhateverIsChosen) {
  const SearchSpace space = load_search_space(GetParam());
  const std::vector<Gene> genes = genes_of(space);
  for (std::uint64_t draw = 0; draw < 20; ++draw) {
    RandomStream random(7, {.trial = draw});
    const Genotype genotype = random_genotype(genes, random);
    const Network network = build_network(space, subnetwork_of(space, genotype));
    EXPECT_EQ(network.layers.back().output_shape.channels, 1000);
    // The same network without the genes that do not count, and through the checks of a network file.
    EXPECT_TRUE(build_network(space, subnetwork_of(space, without_inactive_genes(space, genotype))) == network);
    EXPECT_TRUE(infer_shapes(network) == network);
  }
}

TEST_P(EverySearchSpace, LargestNetworkHasTheMostMultiplications) {
  const SearchSpace space = load_search_space(GetParam());
  const std::vector<Gene> genes = genes_of(space);
  const std::int64_t most = num_macs(build_network(space, subnetwork_of(space, largest_genotype(space))));
  for (std::uint64_t draw = 0; draw < 20; ++draw) {
    RandomStream random(8, {.trial = draw});
    EXPECT_LE(num_macs(build_network(space, subnetwork_of(space, random_genotype(genes, random)))), most);
  }
}

INSTANTIATE_TEST_SUITE_P(SearchSpace, EverySearchSpace, testing::ValuesIn(builtin_search_space_names()),
                         [](const auto& space) { return space.param; });

}  // namespace
}  // namespace crossloom
