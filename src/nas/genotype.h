#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "support/random_stream.h"

namespace crossloom {

/// Which neighbours a value has: none (kCategorical), the next whole number (kInteger), any real number close by (kReal).
enum class GeneKind { kCategorical, kInteger, kReal };

/// One variable of a search: a name, a kind and inclusive bounds. Categories are numbered from 0.
struct Gene {
  std::string name;
  GeneKind kind = GeneKind::kReal;
  double min = 0.0;
  double max = 0.0;
  friend bool operator==(const Gene&, const Gene&) = default;
};

[[nodiscard]] Gene categorical_gene(std::string name, std::int64_t num_categories);
[[nodiscard]] Gene integer_gene(std::string name, std::int64_t min, std::int64_t max);
[[nodiscard]] Gene real_gene(std::string name, double min, double max);

/// A value for every gene, in the order of the genes. Categories and integers are stored as whole doubles (exact up to 2^53).
struct Genotype {
  std::vector<double> values;
  friend bool operator==(const Genotype&, const Genotype&) = default;

  /// The value of a categorical or integer gene.
  [[nodiscard]] std::int64_t integer(std::size_t gene) const { return static_cast<std::int64_t>(values[gene]); }
};

/// Hash of the values' bits, for tables of genotypes; equal genotypes have equal hashes (0 and -0 included).
struct GenotypeHash {
  [[nodiscard]] std::size_t operator()(const Genotype& genotype) const;
};

/// Throws UserError for no gene at all, an empty or repeated name, min above max, and bounds that are not finite or, for
/// categories and integers, not whole or beyond 2^53.
void check_genes(std::span<const Gene> genes);

/// Whether there is one value a gene, within its bounds, whole where the kind says so.
[[nodiscard]] bool is_within(std::span<const Gene> genes, const Genotype& genotype);

/// Every gene uniform over its values, independently of the others.
[[nodiscard]] Genotype random_genotype(std::span<const Gene> genes, RandomStream& random);

/// A uniform value of one gene.
[[nodiscard]] double random_value(const Gene& gene, RandomStream& random);

}  // namespace crossloom
