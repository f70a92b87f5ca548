#include <gtest/gtest.h>

#include <string>

#include "nas/space/search_space.h"
#include "nas/space/search_space_yaml.h"
#include "tests/support/error_message.h"

namespace crossloom {
namespace {

/// A space of one stage; line 8 is the stage.
std::string space_text(const std::string& stage,
                       const std::string& head = "{name: fc, type: linear, channels: 10, bias: true}") {
  return "name: small\nsource: none\ninput: {shape: [3, 8, 8], signed: false}\nchannel_divisor: 8\nbatch_norm: true\n"
         "stem:\n  - {name: stem, type: convolution, channels: 8, kernel: 3, padding: 1, batch_norm: true}\n"
         "stages:\n  - {" +
         stage + "}\nhead:\n  - " + head + "\n";
}

constexpr const char* kStage =
    "block: inverted_residual, channels: 8, stride: 1, depth: [1, 2], kernel: [3, 5], ratio: [3, 6], activation: relu";

std::string error_of(const std::string& text) {
  return user_error([&] { return parse_search_space_yaml(text, "space.yaml"); });
}

std::string stage_with(const std::string& from, const std::string& to) {
  std::string stage = kStage;
  return stage.replace(stage.find(from), from.size(), to);
}

TEST(SearchSpaceErrors, ExampleIsRead) {
  EXPECT_EQ(num_subnetworks(parse_search_space_yaml(space_text(kStage), "space.yaml")), 4 + 16);
}

TEST(SearchSpaceErrors, EvenKernel) {
  EXPECT_EQ(error_of(space_text(stage_with("[3, 5]", "[3, 4]"))), "space.yaml:9: stages[0].kernel: 4, allowed: odd numbers");
}

TEST(SearchSpaceErrors, ListThatDoesNotAscend) {
  EXPECT_EQ(error_of(space_text(stage_with("[3, 6]", "[6, 3]"))),
            "space.yaml:9: stages[0].ratio: 6 before 3, allowed: values that ascend");
  EXPECT_EQ(error_of(space_text(stage_with("[1, 2]", "[2, 2]"))),
            "space.yaml:9: stages[0].depth: 2 before 2, allowed: values that ascend");
}

TEST(SearchSpaceErrors, EmptyList) {
  EXPECT_EQ(error_of(space_text(stage_with("[1, 2]", "[]"))),
            "space.yaml:9: stages[0].depth: is an empty list, allowed at least one value");
}

TEST(SearchSpaceErrors, UnknownBlockAndKey) {
  EXPECT_EQ(error_of(space_text(stage_with("inverted_residual", "inverted"))),
            "space.yaml:9: stages[0].block: inverted is not one of inverted_residual, basic_residual, fire");
  EXPECT_EQ(error_of(space_text(stage_with("stride", "strides"))),
            "space.yaml:9: stages[0].stride: is missing, allowed: an integer from 1 to 1023 (is strides a misspelling?)");
}

TEST(SearchSpaceErrors, SqueezeExciteWhereThereIsNone) {
  EXPECT_EQ(error_of(space_text(stage_with("inverted_residual", "fire") + ", squeeze_excite: true")),
            "space.yaml:9: stages[0].squeeze_excite: allowed in inverted_residual only");
}

TEST(SearchSpaceErrors, HeadWithoutClasses) {
  EXPECT_EQ(error_of(space_text(kStage, "{name: pool, type: global_average_pool}")),
            "space.yaml:10: head: has no convolution or linear layer, allowed: at least one, for the classes");
}

TEST(SearchSpaceErrors, FixedLayerWithInputsOrOfAnUnknownShape) {
  EXPECT_EQ(error_of(space_text(kStage, "{name: fc, type: linear, input: stem, channels: 10, bias: true}")),
            "space.yaml:11: head[0].input: is not for a layer of a search space, which reads the one before it");
  EXPECT_EQ(error_of(space_text(kStage, "{name: d, type: depthwise_convolution, kernel: 3, bias: true}")),
            "space.yaml:11: head[0].type: allowed: a layer that needs no other one's shape (no same padding, depthwise or "
            "squeeze_excite)");
}

TEST(SearchSpaceErrors, UnknownNameNamesTheNearest) {
  EXPECT_EQ(user_error([] { return load_search_space("resnet81"); }),
            "search space resnet81: is not one of mobilenet_v3_small, resnet18, squeezenet (did you mean resnet18?)");
}

TEST(SearchSpaceErrors, InputTooSmallForTheStrides) {
  SearchSpace space = load_search_space("resnet18");
  space.input_shapes[0] = {.channels = 3, .height = 2, .width = 2};
  EXPECT_FALSE(user_error([&] { return build_network(space, subnetwork_of(space, largest_genotype(space))); }).empty());
}

}  // namespace
}  // namespace crossloom
