#include "nas/genotype.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <set>
#include <string_view>
#include <utility>

#include "support/error.h"
#include "support/number_text.h"

namespace crossloom {
namespace {

constexpr double kLargestWhole = 0x1p53;  // every whole number up to here is a double

bool is_whole(double value) { return std::abs(value) <= kLargestWhole && std::trunc(value) == value; }

void check_gene(const Gene& gene) {
  const std::string range = "[" + shortest_text(gene.min) + ", " + shortest_text(gene.max) + "]";
  if (gene.name.empty()) throw UserError("a gene has no name");
  if (!std::isfinite(gene.min) || !std::isfinite(gene.max) || !std::isfinite(gene.max - gene.min)) {
    throw UserError("gene " + gene.name + ": bounds " + range + ", allowed: finite bounds at a finite distance");
  }
  if (gene.min > gene.max) throw UserError("gene " + gene.name + ": bounds " + range + " hold no value");
  if (gene.kind != GeneKind::kReal && (!is_whole(gene.min) || !is_whole(gene.max))) {
    throw UserError("gene " + gene.name + ": bounds " + range + ", allowed: whole numbers up to 2^53");
  }
}

}  // namespace

Gene categorical_gene(std::string name, std::int64_t num_categories) {
  return {
      .name = std::move(name), .kind = GeneKind::kCategorical, .min = 0.0, .max = static_cast<double>(num_categories) - 1.0};
}

Gene integer_gene(std::string name, std::int64_t min, std::int64_t max) {
  return {
      .name = std::move(name), .kind = GeneKind::kInteger, .min = static_cast<double>(min), .max = static_cast<double>(max)};
}

Gene real_gene(std::string name, double min, double max) {
  return {.name = std::move(name), .kind = GeneKind::kReal, .min = min, .max = max};
}

std::size_t GenotypeHash::operator()(const Genotype& genotype) const {
  // One step of the finaliser of MurmurHash3 (Appleby, 2011, public domain) a value.
  std::uint64_t hash = genotype.values.size();
  for (const double value : genotype.values) {
    hash ^= std::bit_cast<std::uint64_t>(value + 0.0);  // -0 + 0 is 0
    hash = (hash ^ (hash >> 33U)) * 0xff51afd7ed558ccdU;
    hash = (hash ^ (hash >> 33U)) * 0xc4ceb9fe1a85ec53U;
    hash ^= hash >> 33U;
  }
  return hash;
}

void check_genes(std::span<const Gene> genes) {
  if (genes.empty()) throw UserError("a search needs at least one gene");
  std::set<std::string_view> names;
  for (const Gene& gene : genes) {
    check_gene(gene);
    if (!names.insert(gene.name).second) throw UserError("gene " + gene.name + ": stands twice");
  }
}

bool is_within(std::span<const Gene> genes, const Genotype& genotype) {
  if (genotype.values.size() != genes.size()) return false;
  for (std::size_t i = 0; i < genes.size(); ++i) {
    const double value = genotype.values[i];
    if (!(value >= genes[i].min && value <= genes[i].max)) return false;
    if (genes[i].kind != GeneKind::kReal && !is_whole(value)) return false;
  }
  return true;
}

double random_value(const Gene& gene, RandomStream& random) {
  if (gene.kind == GeneKind::kReal) return std::min(gene.max, gene.min + (gene.max - gene.min) * random.next_uniform());
  const auto num_values = static_cast<std::uint64_t>(gene.max - gene.min) + 1;
  return gene.min + static_cast<double>(random.next_below(num_values));
}

Genotype random_genotype(std::span<const Gene> genes, RandomStream& random) {
  Genotype genotype;
  genotype.values.reserve(genes.size());
  for (const Gene& gene : genes) genotype.values.push_back(random_value(gene, random));
  return genotype;
}

}  // namespace crossloom
