#include "training/network_parameters.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <span>
#include <string>
#include <vector>

#include "compiler/import/load_network.h"
#include "compiler/ir/initial_weights.h"

namespace crossloom {
namespace {

using testing::ElementsAre;

TEST(Residuals, EndInFrontOfAnAdditionAndBeginWithoutThatLayer) {
  const Network network = load_network("resnet8_cifar10").network;
  const TrainableNetwork before = trainable(network, initial_weights(network, 1));
  TrainableNetwork after = before;
  zero_last_scales_of_residuals(after);
  std::vector<std::string> ends;
  const ParameterLayout layout(after.network);
  for (const ParameterPlace& place : layout.parameters()) {
    const auto values = std::span(after.values.parameters).subspan(place.first, place.count);
    if (std::ranges::equal(values, std::span(before.values.parameters).subspan(place.first, place.count))) continue;
    EXPECT_EQ(place.role, ParameterRole::kScale);
    EXPECT_EQ(std::ranges::count(values, 0.0F), static_cast<std::ptrdiff_t>(place.count));
    ends.push_back(after.network.layers[place.layer].name);
  }
  EXPECT_THAT(ends, ElementsAre("stack1_conv2", "stack2_conv2", "stack3_conv2"));
}

}  // namespace
}  // namespace crossloom
