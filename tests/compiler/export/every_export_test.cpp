#include <gtest/gtest.h>

#include "compiler/export/network_to_onnx.h"
#include "compiler/import/load_network.h"
#include "tests/compiler/export/exported_shapes.h"
#include "tests/support/scratch_folder.h"

/// Every built-in network as an ONNX file.
namespace crossloom {
namespace {

class EveryExport : public testing::TestWithParam<std::string> {
 protected:
  EveryExport() { write_onnx_model(to_onnx(network_), path_); }

  const ScratchFolder scratch_;
  const std::string path_ = scratch_.path(GetParam() + ".onnx");
  const Network network_ = load_network(GetParam()).network;
};

TEST_P(EveryExport, ReadsBackAsTheSameNetwork) { EXPECT_EQ(load_network(path_).network, network_); }

TEST_P(EveryExport, StaysWithoutWeights) { EXPECT_TRUE(load_network(path_).weights.empty()); }

TEST_P(EveryExport, HasTheShapesOfItsLayers) {
  const auto shapes = shapes_by_onnx(path_, network_.input_shape);
  for (std::size_t i = 1; i < network_.layers.size(); ++i) {
    const Layer& layer = network_.layers[i];
    ASSERT_TRUE(shapes.contains(layer.name)) << layer.name;
    EXPECT_EQ(shapes.at(layer.name), layer.output_shape) << layer.name;
  }
}

INSTANTIATE_TEST_SUITE_P(Models, EveryExport, testing::ValuesIn(builtin_network_names()),
                         [](const testing::TestParamInfo<std::string>& network) { return network.param; });

}  // namespace
}  // namespace crossloom
