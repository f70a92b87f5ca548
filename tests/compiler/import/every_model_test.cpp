#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <set>

#include "compiler/import/load_network.h"
#include "support/data_folder.h"
#include "tests/compiler/import/published_figures.h"

namespace crossloom {
namespace {

class EveryModel : public testing::TestWithParam<std::string> {
 protected:
  const NetworkFile file_ = load_network(GetParam());
};

TEST_P(EveryModel, BearsTheNameOfItsFile) { EXPECT_EQ(file_.network.name, GetParam()); }

TEST_P(EveryModel, NamesItsSource) { EXPECT_FALSE(file_.network.source.empty()); }

TEST_P(EveryModel, HasTheParametersAndMacsItDeclares) {
  ASSERT_TRUE(file_.expected);
  EXPECT_EQ(num_parameters(file_.network), file_.expected->num_parameters);
  EXPECT_EQ(num_macs(file_.network), file_.expected->num_macs);
}

TEST_P(EveryModel, HasThePublishedParametersAndMacs) {
  const auto published = published_figures().find(GetParam());
  ASSERT_NE(published, published_figures().end()) << "add a line to published_figures()";
  EXPECT_EQ(num_parameters(file_.network), published->second.num_parameters);
  const double half_a_digit = published->second.macs_digit / 2;
  EXPECT_NEAR(static_cast<double>(num_macs(file_.network)), published->second.num_macs, half_a_digit);
}

TEST_P(EveryModel, IsWellFormed) { EXPECT_NO_THROW(check_network(file_.network)); }

TEST_P(EveryModel, HasUniqueLayerNames) {
  std::set<std::string> names;
  for (const Layer& layer : file_.network.layers) EXPECT_TRUE(names.insert(layer.name).second) << layer.name;
}

TEST_P(EveryModel, KeepsItsShapesWhenInferredAgain) { EXPECT_EQ(infer_shapes(file_.network), file_.network); }

TEST_P(EveryModel, StandsAtItsDeclaredInputShape) {
  EXPECT_EQ(file_.network.layers.front().output_shape, file_.declared_input_shape);
}

TEST_P(EveryModel, TakesAnImageOfTwiceTheSize) {
  TensorShape larger = file_.declared_input_shape;
  if (larger.height > 1) {
    larger.height *= 2;
    larger.width *= 2;
  }
  const NetworkFile resized = load_network(GetParam(), {.input_shape = larger});
  EXPECT_EQ(resized.network.input_shape, larger);
  EXPECT_EQ(resized.declared_input_shape, file_.declared_input_shape);
  EXPECT_EQ(resized.network.layers.back().output_shape, file_.network.layers.back().output_shape);
  EXPECT_GE(num_macs(resized.network), num_macs(file_.network));
}

INSTANTIATE_TEST_SUITE_P(Zoo, EveryModel, testing::ValuesIn(builtin_network_names()),
                         [](const auto& param_info) { return param_info.param; });

TEST(BuiltinNetworks, AreThoseOfThePublishedFigures) {
  std::vector<std::string> names;
  for (const auto& [name, figures] : published_figures()) names.push_back(name);
  EXPECT_EQ(builtin_network_names(), names);
}

TEST(BuiltinNetworks, AreFilesOfTheModelsFolder) {
  for (const std::string& name : builtin_network_names())
    EXPECT_TRUE(std::filesystem::is_regular_file(data_folder() + "/models/" + name + ".yaml")) << name;
}

TEST(LoadNetwork, ReadsTheSameNetworkByNameAndByPath) {
  EXPECT_EQ(load_network("lenet5").network, load_network(data_folder() + "/models/lenet5.yaml").network);
}

}  // namespace
}  // namespace crossloom
