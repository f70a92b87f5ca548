#include "compiler/compile.h"

#include <gtest/gtest.h>

#include "compiler/import/load_network.h"
#include "simulator/hardware/chip_geometry.h"
#include "simulator/hardware/chip_yaml.h"
#include "simulator/program/verify_program.h"
#include "simulator/simulate.h"
#include "tests/compiler/example_layers.h"
#include "tests/simulator/program/test_programs.h"

namespace crossloom {
namespace {

/// Two convolutions and a linear layer: 1 + 2 + 2 blocks in crossbars of 16 x 16 weights.
Network small_network() {
  return infer_shapes(network_of({1, 10, 10}) + convolution("a", 8, 3, 1, 1) + max_pool("pool", 2, 2) +
                      convolution("b", 8, 2, 1, 0) + plain("mean", LayerKind::kGlobalAveragePool) + linear("c", 20));
}

CompiledNetwork compiled(const Network& network, const ChipConfig& chip, const CompileOptions& options = {}) {
  return std::get<CompiledNetwork>(compile(network, chip, options));
}

std::int64_t num_used(const CompiledNetwork& network) { return static_cast<std::int64_t>(network.tile_map.crossbars.size()); }

TEST(Compile, KeepsTheBudget) {
  const ChipConfig chip = test_chip();
  const std::int64_t fewest = compiled(small_network(), chip).num_crossbars_fewest;
  for (std::int64_t budget = fewest; budget <= num_crossbars(chip); ++budget) {
    const CompiledNetwork network = compiled(small_network(), chip, {.budget = {.count = budget}});
    EXPECT_LE(num_used(network), budget);
    EXPECT_EQ(network.tile_map.crossbar_budget, budget);
    EXPECT_EQ(network.num_crossbars_fewest, fewest);
  }
}

TEST(Compile, TakesAMultipleOfTheFewestRoundedUp) {
  const ChipConfig chip = test_chip();
  const std::int64_t fewest = compiled(small_network(), chip).num_crossbars_fewest;
  EXPECT_EQ(compiled(small_network(), chip, {.budget = {.multiple_of_fewest = 1.0}}).tile_map.crossbar_budget, fewest);
  EXPECT_EQ(compiled(small_network(), chip, {.budget = {.multiple_of_fewest = 1.5}}).tile_map.crossbar_budget,
            (3 * fewest + 1) / 2);
  EXPECT_EQ(compiled(small_network(), chip, {.budget = {.multiple_of_fewest = 1000.0}}).tile_map.crossbar_budget,
            num_crossbars(chip));
}

TEST(Compile, CutsFreelyWithFewerCrossbarsAndTheSameIntervals) {
  // Matrices of 16 x 12, 12 x 16, 16 x 12, 12 x 16 and 16 x 8 weights, none of which fits beside another in a crossbar of 16 x
  // 16; all together are 3.5 crossbars.
  const ChipConfig chip = test_chip();
  const Network three =
      infer_shapes(network_of({16, 4, 4}) + convolution("a", 12, 1, 1, 0) + convolution("p", 16, 1, 1, 0) +
                   convolution("b", 12, 1, 1, 0) + convolution("q", 16, 1, 1, 0) + convolution("c", 8, 1, 1, 0));
  const CompiledNetwork whole = compiled(three, chip, {.duplicate = false});
  const CompiledNetwork cut = compiled(three, chip, {.cuts = CutRule::kFree, .duplicate = false});
  EXPECT_LT(cut.num_crossbars_fewest, whole.num_crossbars_fewest);
  EXPECT_EQ(cut.num_crossbars_fewest, cut.fewest_bound.num_crossbars);
  ASSERT_EQ(cut.layers.size(), whole.layers.size());
  for (std::size_t i = 0; i < cut.layers.size(); ++i) EXPECT_LE(cut.layers[i].interval_ns, whole.layers[i].interval_ns);
}

TEST(Compile, SpendsALargerBudgetOnAShorterInterval) {
  const ChipConfig chip = test_chip();
  const auto longest = [&](double multiple) {
    double interval_ns = 0.0;
    for (const LayerSummary& layer : compiled(small_network(), chip, {.budget = {.multiple_of_fewest = multiple}}).layers)
      interval_ns = std::max(interval_ns, layer.interval_ns);
    return interval_ns;
  };
  EXPECT_LT(longest(3.0), longest(1.0));
}

TEST(Compile, ForLatencyAndEnergyIsAtLeastAsGoodInTheSimulatorAsForThroughput) {
  for (const std::int64_t budget : {6, 9, 16}) {
    const auto metrics = [&](ObjectiveKind kind) {
      const CompileOptions options{.budget = {.count = budget}, .effort = PackingEffort::kFast, .objective = {{.kind = kind}}};
      return simulate(compiled(small_network(), test_chip(), options).program);
    };
    const RunMetrics by_throughput = metrics(ObjectiveKind::kThroughput);
    EXPECT_LE(metrics(ObjectiveKind::kLatency).latency_ns, by_throughput.latency_ns);
    EXPECT_LE(metrics(ObjectiveKind::kEnergy).energy_pj.total, by_throughput.energy_pj.total);
  }
}

TEST(Compile, ForCrossbarsMakesNoCopies) {
  const CompiledNetwork network = compiled(small_network(), test_chip(), {.objective = {{.kind = ObjectiveKind::kCrossbars}}});
  EXPECT_EQ(network.tile_map.num_copies, (std::vector<std::int64_t>{1, 1, 1}));
  EXPECT_EQ(network.objective.value, static_cast<double>(network.num_crossbars_fewest));
  EXPECT_EQ(network.objective.bound, static_cast<double>(network.fewest_bound.num_crossbars));
}

TEST(Compile, ReachesNoObjectiveBelowItsBound) {
  for (const char* text :
       {"throughput", "latency", "crossbars", "energy", "latency=0.5,energy=0.5", "throughput=1,crossbars=2"}) {
    for (const std::int64_t budget : {6, 9, 16}) {
      const CompiledNetwork network =
          compiled(small_network(), test_chip(),
                   {.budget = {.count = budget}, .effort = PackingEffort::kFast, .objective = parse_objective(text)});
      EXPECT_GE(network.objective.value, network.objective.bound * (1.0 - 1e-12)) << text << " on " << budget;
      EXPECT_EQ(network.objective.objective, parse_objective(text));
    }
  }
}

TEST(Compile, MakesOneCopyWithoutDuplication) {
  const CompiledNetwork network = compiled(small_network(), test_chip(), {.duplicate = false});
  EXPECT_EQ(network.tile_map.num_copies, (std::vector<std::int64_t>{1, 1, 1}));
  EXPECT_EQ(num_used(network), network.num_crossbars_fewest);
}

TEST(Compile, SumsUpEachLayer) {
  const CompiledNetwork network = compiled(small_network(), test_chip(), {.duplicate = false});
  ASSERT_EQ(network.layers.size(), 3U);
  EXPECT_EQ(network.layers[1].layer, "b");
  EXPECT_EQ(network.layers[1].rows, 32);
  EXPECT_EQ(network.layers[1].cols, 8);
  EXPECT_EQ(network.layers[1].num_blocks, 2);
  EXPECT_EQ(network.layers[1].num_windows, 16);
  EXPECT_EQ(network.layers[1].num_activations, 32);
}

TEST(Compile, RecordsItsOptions) {
  const CompiledNetwork network = compiled(small_network(), test_chip(), {.seed = 17});
  EXPECT_EQ(network.tile_map.seed, 17);
  EXPECT_EQ(network.program.seed, 17);
  EXPECT_EQ(network.tile_map.network, "example");
}

TEST(Compile, SaysHowManyCrossbarsANetworkNeeds) {
  const Network network = infer_shapes(network_of({64, 1, 1}) + linear("fc", 80));  // 4 x 5 full blocks, the chip has 16
  const auto result = compile(network, test_chip(), {});
  ASSERT_TRUE(std::holds_alternative<DoesNotFit>(result));
  const auto& answer = std::get<DoesNotFit>(result);
  EXPECT_EQ(answer.num_crossbars_needed, 20);
  EXPECT_EQ(answer.crossbar_lower_bound, 20);
  EXPECT_EQ(answer.num_crossbars_available, 16);
}

TEST(Compile, FitsTheFewestButNotOneLess) {
  const ChipConfig chip = test_chip();
  const std::int64_t fewest = compiled(small_network(), chip).num_crossbars_fewest;
  EXPECT_TRUE(std::holds_alternative<DoesNotFit>(compile(small_network(), chip, {.budget = {.count = fewest - 1}})));
}

TEST(Compile, RunsANetworkWithoutWeights) {
  const CompiledNetwork network = compiled(infer_shapes(network_of({2, 4, 4}) + max_pool("pool", 2, 2)), test_chip());
  EXPECT_EQ(num_used(network), 0);
  EXPECT_EQ(network.program.operations.size(), 3U);
}

/// Name of a built-in network and of a chip preset.
class CompileBuiltin : public testing::TestWithParam<std::tuple<std::string, std::string>> {};

TEST_P(CompileBuiltin, PassesEveryCheckTwiceAlike) {
  const auto& [network_name, chip_name] = GetParam();
  const Network network = load_network(network_name).network;
  const ChipConfig chip = load_chip(chip_name);
  for (const std::int64_t depth_split : {1, 5}) {
    const CompileOptions options{.budget = {.multiple_of_fewest = 1.5}, .depth_split = depth_split};
    const CompiledNetwork once = compiled(network, chip, options);
    const CompiledNetwork again = compiled(network, chip, options);
    EXPECT_EQ(once.tile_map, again.tile_map);
    EXPECT_EQ(once.program, again.program);
    std::int64_t macs = 0;
    for (const Operation& operation : once.program.operations) macs += operation.num_macs * operation.num_windows();
    EXPECT_EQ(macs, num_macs(network));
  }
}

INSTANTIATE_TEST_SUITE_P(Networks, CompileBuiltin,
                         testing::Combine(testing::Values("lenet5", "squeezenet1_1", "mobilenet_v3_small",
                                                          "shufflenet_v2_x0_5"),
                                          testing::Values("isaac-ce", "rnc-mnsim-128")));

}  // namespace
}  // namespace crossloom
