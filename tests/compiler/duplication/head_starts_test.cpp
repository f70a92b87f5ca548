#include "compiler/duplication/head_starts.h"

#include <gtest/gtest.h>

#include "tests/compiler/example_layers.h"

namespace crossloom {
namespace {

std::vector<std::vector<HeadStart>> starts_of(const Network& network) { return head_starts(lower(infer_shapes(network))); }

TEST(HeadStarts, OfAConvolutionAreTheRowsUnderItsKernel) {
  // The first window of b needs pixels up to row 1, column 1 of 10 x 10: its padding is one.
  const auto starts = starts_of(network_of({1, 10, 10}) + convolution("a", 8, 3, 1, 1) + convolution("b", 8, 3, 1, 1));
  EXPECT_EQ(starts, (std::vector<std::vector<HeadStart>>{{}, {{.layer = 0, .fraction = 0.12}}}));
}

TEST(HeadStarts, GoThroughPooling) {
  // Pixel (1, 1) of the 5 x 5 pooled ones covers rows and columns 2 and 3 of a.
  const auto starts =
      starts_of(network_of({1, 10, 10}) + convolution("a", 8, 3, 1, 1) + max_pool("pool", 2, 2) + convolution("b", 8, 3, 1, 1));
  EXPECT_EQ(starts.back(), (std::vector<HeadStart>{{.layer = 0, .fraction = 0.34}}));
}

TEST(HeadStarts, OfALinearLayerAreAllWindows) {
  const auto starts = starts_of(network_of({1, 10, 10}) + convolution("a", 8, 3, 1, 1) +
                                plain("mean", LayerKind::kGlobalAveragePool) + linear("fc", 4));
  EXPECT_EQ(starts.back(), (std::vector<HeadStart>{{.layer = 0, .fraction = 1.0}}));
}

}  // namespace
}  // namespace crossloom
