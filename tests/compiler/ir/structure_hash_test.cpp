#include "compiler/ir/structure_hash.h"

#include <gtest/gtest.h>

#include <functional>
#include <set>

#include "compiler/import/load_network.h"

namespace crossloom {
namespace {

TEST(StructureHash, DoesNotDependOnTheNameOfTheNetwork) {
  Network network = load_network("lenet5").network;
  const std::string hash = structure_hash(network);
  network.name = "other";
  network.source = "elsewhere";
  EXPECT_EQ(structure_hash(network), hash);
}

TEST(StructureHash, DiffersWithEveryFieldOfALayer) {
  const Network network = load_network("lenet5").network;
  const std::vector<std::function<void(Network&)>> edits = {
      [](Network&) {},
      [](Network& n) { ++n.input_shape.height; },
      [](Network& n) { n.has_signed_input = !n.has_signed_input; },
      [](Network& n) { n.layers[1].name = "other"; },
      [](Network& n) { n.layers[1].kind = LayerKind::kMaxPool; },
      [](Network& n) { n.layers[2].inputs = {0}; },
      [](Network& n) { ++n.layers[1].window.kernel_height; },
      [](Network& n) { ++n.layers[1].window.kernel_width; },
      [](Network& n) { ++n.layers[1].window.stride_height; },
      [](Network& n) { ++n.layers[1].window.stride_width; },
      [](Network& n) { ++n.layers[1].window.dilation_height; },
      [](Network& n) { ++n.layers[1].window.dilation_width; },
      [](Network& n) { ++n.layers[1].window.pad_top; },
      [](Network& n) { ++n.layers[1].window.pad_left; },
      [](Network& n) { ++n.layers[1].window.pad_bottom; },
      [](Network& n) { ++n.layers[1].window.pad_right; },
      [](Network& n) { n.layers[1].window.ceil_mode = true; },
      [](Network& n) { n.layers[1].window.counts_padding = true; },
      [](Network& n) { ++n.layers[1].num_output_channels; },
      [](Network& n) { ++n.layers[1].first_channel; },
      [](Network& n) { ++n.layers[1].num_groups; },
      [](Network& n) { ++n.layers[1].num_neighbour_channels; },
      [](Network& n) { n.layers[1].local_response.alpha = 1.0F; },
      [](Network& n) { n.layers[1].local_response.beta = 1.0F; },
      [](Network& n) { n.layers[1].local_response.bias = 2.0F; },
      [](Network& n) { n.layers[1].reorder.extents = {1}; },
      [](Network& n) { n.layers[1].reorder.order = {1}; },
      [](Network& n) {
        n.layers[1].given_shape = {1, 1, 1};
      },
      [](Network& n) { n.layers[1].has_bias = !n.layers[1].has_bias; },
      [](Network& n) { n.layers[1].has_batch_norm = !n.layers[1].has_batch_norm; },
      [](Network& n) { n.layers[1].activation = Activation::kSilu; },
      [](Network& n) { n.layers[1].activation_slope = 0.5F; },
      [](Network& n) { ++n.layers[1].output_shape.width; },
      [](Network& n) { n.layers.pop_back(); },
  };
  std::set<std::string> hashes;
  for (const auto& edit : edits) {
    Network edited = network;
    edit(edited);
    hashes.insert(structure_hash(edited));
  }
  EXPECT_EQ(hashes.size(), edits.size());
}

}  // namespace
}  // namespace crossloom
