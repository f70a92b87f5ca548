#include <gtest/gtest.h>

#include <cmath>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "compiler/compile.h"
#include "compiler/import/load_network.h"
#include "compiler/packing/packer.h"
#include "simulator/estimate/network_estimate.h"
#include "simulator/hardware/chip_yaml.h"
#include "simulator/simulate.h"
#include "support/random_stream.h"
#include "tests/simulator/estimate/random_networks.h"
#include "tests/simulator/estimate/rank_correlation.h"

/// A small version of bench/estimate: the estimate must order programs as the simulation does, and come near it.
namespace crossloom {
namespace {

double median_error(const std::vector<double>& estimated_ns, const std::vector<double>& simulated_ns) {
  std::vector<double> errors;
  for (std::size_t i = 0; i < simulated_ns.size(); ++i) errors.push_back(std::abs(estimated_ns[i] / simulated_ns[i] - 1.0));
  return quantile(errors, 0.5);
}

struct Latencies {
  std::vector<double> estimated_ns;
  std::vector<double> quick_ns;  ///< estimated with the copies of an operation taken together
  std::vector<double> simulated_ns;

  void add(const PlacedProgram& program) {
    estimated_ns.push_back(estimate(program).latency_ns);
    quick_ns.push_back(quick_estimate(program).figures.latency_ns);
    simulated_ns.push_back(simulate(program).latency_ns);
  }

  void expect_good(double least_rank_correlation) const {
    EXPECT_GE(spearman(estimated_ns, simulated_ns), least_rank_correlation);
    EXPECT_GE(spearman(quick_ns, simulated_ns), least_rank_correlation) << "quick";
    EXPECT_LT(median_error(estimated_ns, simulated_ns), 0.1);
    EXPECT_LT(median_error(quick_ns, simulated_ns), 0.1) << "quick";
  }
};

CompileOptions with_budget(double multiple_of_fewest) {
  CompileOptions options;
  options.budget.multiple_of_fewest = multiple_of_fewest;
  return options;
}

void add_compiled(const Network& network, const ChipConfig& chip, const CompileOptions& options, Latencies& latencies) {
  const auto result = compile(network, chip, options);
  if (const auto* compiled = std::get_if<CompiledNetwork>(&result)) latencies.add(compiled->program);
}

struct NetworkOnChip {
  const char* network;
  const char* chip;
};

class WithinOneNetwork : public testing::TestWithParam<NetworkOnChip> {};

TEST_P(WithinOneNetwork, OrdersBudgetsAndMappingsAsTheSimulation) {
  const Network network = load_network(GetParam().network).network;
  const ChipConfig chip = load_chip(GetParam().chip);
  Latencies latencies;
  for (const double budget : {1.0, 1.25, 1.5, 2.0}) {
    for (const Packer& packer : packers()) {
      CompileOptions options = with_budget(budget);
      options.packer = packer.name;
      add_compiled(network, chip, options, latencies);
    }
    CompileOptions options = with_budget(budget);
    options.depth_split = 4;
    add_compiled(network, chip, options, latencies);
    options.conflict_distance = -1;
    add_compiled(network, chip, options, latencies);
  }
  latencies.expect_good(0.9);
}

std::string test_name(std::string name) {
  for (char& letter : name) {
    if (letter == '-') letter = '_';
  }
  return name;
}

std::string name_of_network(const testing::TestParamInfo<NetworkOnChip>& info) {
  return test_name(std::string(info.param.network) + "_on_" + info.param.chip);
}

struct ChangedChip {
  const char* name;
  const char* preset;
  std::vector<std::string> changes;
  int num_networks = 16;
};

std::string name_of_chip(const testing::TestParamInfo<ChangedChip>& info) { return info.param.name; }

INSTANTIATE_TEST_SUITE_P(BuiltIn, WithinOneNetwork,
                         testing::Values(NetworkOnChip{"lenet5", "isaac-ce"}, NetworkOnChip{"lenet5", "rnc-mnsim-128"},
                                         NetworkOnChip{"ds_cnn_kws", "isaac-ce"}, NetworkOnChip{"resnet8_cifar10", "isaac-ce"}),
                         name_of_network);

class RandomNetworks : public testing::TestWithParam<ChangedChip> {};

TEST_P(RandomNetworks, AreOrderedBetterThanByTheirMacs) {
  const ChipConfig chip = with_overrides(load_chip(GetParam().preset), GetParam().changes);
  RandomStream random(2, {.purpose = RandomPurpose::kTest});
  Latencies latencies;
  std::vector<double> macs;
  for (int i = 0; i < GetParam().num_networks; ++i) {
    const Network network = random_network(random);
    add_compiled(network, chip, with_budget(1.0 + 0.25 * (i % 5)), latencies);
    if (macs.size() < latencies.simulated_ns.size()) macs.push_back(static_cast<double>(num_macs(network)));
  }
  ASSERT_GT(macs.size(), static_cast<std::size_t>(GetParam().num_networks * 3 / 4));
  latencies.expect_good(0.98);
  const double by_macs = spearman(macs, latencies.simulated_ns);
  EXPECT_GT(spearman(latencies.estimated_ns, latencies.simulated_ns), by_macs);
  EXPECT_GT(spearman(latencies.quick_ns, latencies.simulated_ns), by_macs) << "quick";
}

INSTANTIATE_TEST_SUITE_P(
    OnPresets, RandomNetworks,
    testing::Values(ChangedChip{"isaac_ce", "isaac-ce", {}, 40}, ChangedChip{"rnc_mnsim_128", "rnc-mnsim-128", {}, 40},
                    ChangedChip{"trees_and_narrow_links", "rnc-mnsim-128", {"tile.accumulation=tree", "noc.flit_bits=8"}},
                    ChangedChip{"ports_and_slow_banks",
                                "isaac-ce",
                                {"tile.buffer.num_ports=2", "tile.buffer.num_banks=4", "tile.buffer.bank_cycles=4"}}),
    name_of_chip);

}  // namespace
}  // namespace crossloom
