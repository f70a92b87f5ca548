#include "nas/space/search_space.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace crossloom {
namespace {

/// Calls `visit(name, num_choices, block)` for every choice of a space in the order of genes_of, those of a single value
/// included; `block` is the index of the block within its stage, or -1 for a choice of the whole stage or network.
template <class Visit>
void visit_choices(const SearchSpace& space, const Visit& visit) {
  constexpr std::int64_t kNoBlock = -1;
  visit(std::string("input"), space.input_shapes.size(), kNoBlock);
  for (std::size_t s = 0; s < space.stages.size(); ++s) {
    const ElasticStage& stage = space.stages[s];
    const std::string name = "stage" + std::to_string(s + 1);
    visit(name + ".width", stage.widths.size(), kNoBlock);
    visit(name + ".depth", stage.depths.size(), kNoBlock);
    for (std::int64_t block = 0; block < stage.max_depth(); ++block) {
      const std::string block_name = name + ".block" + std::to_string(block + 1);
      visit(block_name + ".kernel", stage.kernels.size(), block);
      visit(block_name + ".ratio", stage.ratios.size(), block);
    }
  }
}

/// Takes the index of each choice from a genotype, in the order of visit_choices.
class ChoiceReader {
 public:
  explicit ChoiceReader(const Genotype& genotype) : genotype_(genotype) {}

  /// One of `values`: that of the next gene, or the only one there is.
  template <class T>
  const T& next(const std::vector<T>& values) {
    return values.size() == 1 ? values[0] : values[static_cast<std::size_t>(genotype_.integer(gene_++))];
  }

 private:
  const Genotype& genotype_;
  std::size_t gene_ = 0;
};

}  // namespace

std::int64_t ElasticStage::max_depth() const { return *std::ranges::max_element(depths); }

std::int64_t classifier_of(const SearchSpace& space) {
  const auto found = std::find_if(space.head.rbegin(), space.head.rend(), [](const Layer& layer) {
    return layer.kind == LayerKind::kConvolution || layer.kind == LayerKind::kLinear;
  });
  return space.head.rend() - found - 1;
}

std::int64_t divisible_channels(double channels, std::int64_t divisor) {
  const auto step = static_cast<double>(divisor);
  const double rounded = std::max(step, std::floor((channels + step / 2.0) / step) * step);
  constexpr double kLeastShare = 0.9;
  return static_cast<std::int64_t>(rounded < kLeastShare * channels ? rounded + step : rounded);
}

std::vector<Gene> genes_of(const SearchSpace& space) {
  std::vector<Gene> genes;
  visit_choices(space, [&genes](const std::string& name, std::size_t num_choices, std::int64_t) {
    if (num_choices > 1) genes.push_back(integer_gene(name, 0, static_cast<std::int64_t>(num_choices) - 1));
  });
  return genes;
}

Genotype without_inactive_genes(const SearchSpace& space, Genotype genotype) {
  const Subnetwork subnetwork = subnetwork_of(space, genotype);
  std::size_t gene = space.input_shapes.size() > 1 ? 1 : 0;
  for (std::size_t s = 0; s < space.stages.size(); ++s) {
    const ElasticStage& stage = space.stages[s];
    const std::size_t num_block_genes =
        static_cast<std::size_t>(stage.kernels.size() > 1) + static_cast<std::size_t>(stage.ratios.size() > 1);
    gene += static_cast<std::size_t>(stage.widths.size() > 1) + static_cast<std::size_t>(stage.depths.size() > 1);
    const std::size_t num_active = num_block_genes * subnetwork.stages[s].blocks.size();
    const std::size_t num_genes = num_block_genes * static_cast<std::size_t>(stage.max_depth());
    for (std::size_t i = num_active; i < num_genes; ++i) genotype.values[gene + i] = 0.0;
    gene += num_genes;
  }
  return genotype;
}

Subnetwork subnetwork_of(const SearchSpace& space, const Genotype& genotype) {
  ChoiceReader choices(genotype);
  Subnetwork subnetwork{.input_shape = choices.next(space.input_shapes)};
  subnetwork.stages.reserve(space.stages.size());
  for (const ElasticStage& stage : space.stages) {
    StageChoice choice{.width = choices.next(stage.widths)};
    const std::int64_t depth = choices.next(stage.depths);
    choice.blocks.reserve(static_cast<std::size_t>(stage.max_depth()));
    for (std::int64_t block = 0; block < stage.max_depth(); ++block) {
      const std::int64_t kernel = choices.next(stage.kernels);
      const double ratio = choices.next(stage.ratios);
      if (block < depth) choice.blocks.push_back({.kernel = kernel, .ratio = ratio});
    }
    subnetwork.stages.push_back(std::move(choice));
  }
  return subnetwork;
}

double num_subnetworks(const SearchSpace& space) {
  auto count = static_cast<double>(space.input_shapes.size());
  for (const ElasticStage& stage : space.stages) {
    const auto per_block = static_cast<double>(stage.kernels.size() * stage.ratios.size());
    double of_stage = 0.0;
    for (const std::int64_t depth : stage.depths) of_stage += std::pow(per_block, static_cast<double>(depth));
    count *= of_stage * static_cast<double>(stage.widths.size());
  }
  return count;
}

Genotype largest_genotype(const SearchSpace& space) {
  Genotype largest;
  for (const Gene& gene : genes_of(space)) largest.values.push_back(gene.max);
  return largest;
}

std::vector<Genotype> single_changes(const SearchSpace& space, const Genotype& base) {
  const std::vector<Gene> genes = genes_of(space);
  std::vector<Genotype> result;
  for (std::size_t gene = 0; gene < genes.size(); ++gene) {
    Genotype changed = base;
    for (double value = 0.0; value <= genes[gene].max; ++value) {
      changed.values[gene] = value;
      result.push_back(changed);
    }
  }
  return result;
}

}  // namespace crossloom
