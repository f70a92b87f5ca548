#include "nas/variation.h"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace crossloom {
namespace {

constexpr double kSameReal = 1e-14;  // parents nearer than this fraction of the range are not worth crossing

bool toss(double probability, RandomStream& random) { return random.next_uniform() < probability; }

/// The spread of a child around the mid-point of its parents, in half distances of theirs: SBX's distribution cut off where
/// the child would leave the range. `room` is the distance of the nearer parent to its bound over the parents' distance.
double spread_factor(double room, double index, double uniform) {
  const double alpha = 2.0 - std::pow(1.0 + 2.0 * room, -(index + 1.0));
  const double scaled = uniform * alpha;
  return std::pow(scaled <= 1.0 ? scaled : 1.0 / (2.0 - scaled), 1.0 / (index + 1.0));
}

std::pair<double, double> cross_reals(const Gene& gene, double a, double b, double index, RandomStream& random) {
  const auto [low, high] = std::minmax(a, b);
  const double distance = high - low;
  if (!(distance > kSameReal * (gene.max - gene.min))) return {a, b};
  const double uniform = random.next_uniform();
  const double middle = 0.5 * (low + high);
  const double below = middle - 0.5 * distance * spread_factor((low - gene.min) / distance, index, uniform);
  const double above = middle + 0.5 * distance * spread_factor((gene.max - high) / distance, index, uniform);
  std::pair<double, double> children = {std::clamp(below, gene.min, gene.max), std::clamp(above, gene.min, gene.max)};
  if (toss(0.5, random)) std::swap(children.first, children.second);
  return children;
}

double mutate_real(const Gene& gene, double value, double index, RandomStream& random) {
  const double range = gene.max - gene.min;
  const double uniform = random.next_uniform();
  const bool is_down = uniform < 0.5;
  const double room = (is_down ? value - gene.min : gene.max - value) / range;
  const double tail = is_down ? uniform : 1.0 - uniform;
  // 2 tail + (1 - 2 tail)(1 - room)^(index + 1) is at most 1: the step never leaves the range.
  const double kept = 2.0 * tail + (1.0 - 2.0 * tail) * std::pow(1.0 - room, index + 1.0);
  const double step = 1.0 - std::pow(kept, 1.0 / (index + 1.0));
  return std::clamp(value + (is_down ? -step : step) * range, gene.min, gene.max);
}

/// Any value of a categorical or integer gene except `value`, uniformly.
double other_value(const Gene& gene, double value, RandomStream& random) {
  const double drawn = gene.min + static_cast<double>(random.next_below(static_cast<std::uint64_t>(gene.max - gene.min)));
  return drawn < value ? drawn : drawn + 1.0;
}

double step_integer(const Gene& gene, double value, RandomStream& random) {
  if (value == gene.min) return value + 1.0;
  if (value == gene.max) return value - 1.0;
  return toss(0.5, random) ? value + 1.0 : value - 1.0;
}

double mutate_value(const Gene& gene, double value, const VariationOptions& options, RandomStream& random) {
  switch (gene.kind) {
    case GeneKind::kCategorical:
      return other_value(gene, value, random);
    case GeneKind::kInteger:
      return toss(0.5, random) ? step_integer(gene, value, random) : other_value(gene, value, random);
    case GeneKind::kReal:
      if (options.redraw_probability > 0.0 && toss(options.redraw_probability, random)) return random_value(gene, random);
      return mutate_real(gene, value, options.mutation_index, random);
  }
  return value;
}

}  // namespace

std::pair<Genotype, Genotype> cross(std::span<const Gene> genes, const Genotype& first, const Genotype& second,
                                    const VariationOptions& options, RandomStream& random) {
  std::pair<Genotype, Genotype> children = {first, second};
  if (!toss(options.crossover_probability, random)) return children;
  for (std::size_t i = 0; i < genes.size(); ++i) {
    if (!toss(0.5, random)) continue;
    double& a = children.first.values[i];
    double& b = children.second.values[i];
    if (genes[i].kind == GeneKind::kReal) {
      std::tie(a, b) = cross_reals(genes[i], a, b, options.crossover_index, random);
    } else {
      std::swap(a, b);
    }
  }
  return children;
}

Genotype mutate(std::span<const Gene> genes, Genotype genotype, const VariationOptions& options, RandomStream& random) {
  const double probability = options.mutated_genes / static_cast<double>(genes.size());
  for (std::size_t i = 0; i < genes.size(); ++i) {
    if (genes[i].min == genes[i].max || !toss(probability, random)) continue;
    double& value = genotype.values[i];
    value = mutate_value(genes[i], value, options, random);
  }
  return genotype;
}

}  // namespace crossloom
