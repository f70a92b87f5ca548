#include "tests/nas/network_table_problem.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "support/random_stream.h"

namespace crossloom {
namespace {

constexpr std::array<double, 3> kKernels = {3.0, 5.0, 7.0};
constexpr std::array<double, 3> kExpansions = {3.0, 4.0, 6.0};
// A standard deviation of 0.3 percentage points (0.01 / sqrt(12)).
// assumed: about as much as between repeated trainings of one network.
constexpr double kRoughness = 0.01;
constexpr std::size_t kMaxDepth = 3;
constexpr std::size_t kDepthGene = 0;
constexpr std::size_t kSideGene = 1;
constexpr std::size_t kAdcGene = 2;
constexpr std::size_t kFirstLayerGene = 3;

/// Kernel and expansion of a layer as indices into their lists.
struct LayerGenes {
  std::size_t kernel;
  std::size_t expansion;
};

LayerGenes layer_genes(const Genotype& genotype, std::size_t layer) {
  const std::size_t first = kFirstLayerGene + 2 * layer;
  return {static_cast<std::size_t>(genotype.integer(first)), static_cast<std::size_t>(genotype.integer(first + 1))};
}

Genotype without_inactive_layers(const Genotype& genotype) {
  Genotype phenotype = genotype;
  for (auto layer = static_cast<std::size_t>(genotype.integer(kDepthGene)); layer < kMaxDepth; ++layer) {
    phenotype.values[kFirstLayerGene + 2 * layer] = 0.0;
    phenotype.values[kFirstLayerGene + 2 * layer + 1] = 0.0;
  }
  return phenotype;
}

/// A number in [0, 1) that belongs to the phenotype: what no trend explains.
double roughness(const Genotype& phenotype) {
  std::uint64_t number = 0;
  for (const double value : phenotype.values) number = number * 16 + static_cast<std::uint64_t>(value);
  return RandomStream(7, {.purpose = RandomPurpose::kTest, .trial = number}).next_uniform();
}

Evaluation evaluate(const Genotype& phenotype) {
  const auto depth = static_cast<std::size_t>(phenotype.integer(kDepthGene));
  const double side = 64.0 * std::exp2(phenotype.values[kSideGene]);
  const double adc_bits = phenotype.values[kAdcGene];
  double capacity = 0.0;
  double crossbars = 0.0;
  double latency = 0.0;
  double previous_kernel = 3.0;
  for (std::size_t layer = 0; layer < depth; ++layer) {
    const LayerGenes genes = layer_genes(phenotype, layer);
    const double kernel = kKernels[genes.kernel];
    const double expansion = kExpansions[genes.expansion];
    // Later layers want larger kernels; two layers of the same kernel in a row gain less.
    const double repeated = kernel == previous_kernel ? 0.7 : 1.0;
    capacity += repeated * std::log(expansion) * (kernel + 2.0 * static_cast<double>(layer)) / 10.0;
    const double arrays = std::ceil(kernel * kernel * 16.0 / side) * std::ceil(expansion * 16.0 / side);
    crossbars += arrays;
    latency += (kernel * expansion + 4.0 * std::sqrt(arrays)) * (1.0 + side / 512.0) * std::exp2((adc_bits - 8.0) / 2.0);
    previous_kernel = kernel;
  }
  const double quantization_error = std::exp2(-(adc_bits - 3.0)) * std::sqrt(side / 64.0) * 0.1;
  const double error = 0.05 + 0.5 * std::exp(-0.8 * capacity) + quantization_error + kRoughness * roughness(phenotype);
  constexpr double kBudget = 20.0;
  constexpr double kLongestLatency = 350.0;
  return {.objectives = {std::min(1.0, error), latency / kLongestLatency}, .violations = {crossbars / kBudget - 1.0}};
}

}  // namespace

Problem network_table_problem() {
  Problem problem = {
      .name = "networks",
      .genes = {integer_gene("depth", 1, kMaxDepth), integer_gene("crossbar_side_log2", 0, 3), integer_gene("adc_bits", 4, 8)},
      .objectives = {"error", "latency"},
      .constraints = {"crossbars"},
      .evaluate = evaluate,
      .phenotype = without_inactive_layers};
  for (std::size_t layer = 1; layer <= kMaxDepth; ++layer) {
    problem.genes.push_back(categorical_gene("kernel" + std::to_string(layer), kKernels.size()));
    problem.genes.push_back(categorical_gene("expansion" + std::to_string(layer), kExpansions.size()));
  }
  return problem;
}

}  // namespace crossloom
