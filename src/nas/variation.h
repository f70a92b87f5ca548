#pragma once

#include <span>
#include <utility>

#include "nas/genotype.h"
#include "support/fields.h"
#include "support/random_stream.h"

namespace crossloom {

/// How offspring differ from their parents. The defaults are those of Deb, Pratap, Agarwal, Meyarivan (IEEE TEVC 2002,
/// section V), with one mutated gene a child on average.
struct VariationOptions {
  double crossover_probability = 0.9;
  double crossover_index = 20.0;
  double mutated_genes = 1.0;
  double mutation_index = 20.0;
  double redraw_probability = 0.0;
  friend bool operator==(const VariationOptions&, const VariationOptions&) = default;
};

template <class Self, class Visitor>
requires SameStruct<Self, VariationOptions>
void visit_fields(Self& self, Visitor&& visit) {
  visit(Field{"crossover_probability", "probability that a pair of parents is crossed", NumberRange{0, 1}},
        self.crossover_probability);
  visit(Field{"crossover_index", "distribution index of SBX: larger keeps children nearer to parents", NumberRange{0, 1e3}},
        self.crossover_index);
  visit(Field{"mutated_genes", "mean number of mutated genes a child", NumberRange{0, 1e6}}, self.mutated_genes);
  visit(Field{"mutation_index", "distribution index of polynomial mutation: larger moves less", NumberRange{0, 1e3}},
        self.mutation_index);
  visit(Field{"redraw_probability", "part of the mutations of real genes that draw a new value from the whole range",
              NumberRange{0, 1}},
        self.redraw_probability);
}

/// Crosses two parents gene by gene, each gene with probability 1/2: reals by simulated binary crossover within the bounds
/// (SBX; Deb, Agrawal, Complex Systems 1995; bounds as in Deb et al. 2002), integers and categories by exchange.
[[nodiscard]] std::pair<Genotype, Genotype> cross(std::span<const Gene> genes, const Genotype& first, const Genotype& second,
                                                  const VariationOptions& options, RandomStream& random);

/// Mutates each gene with probability mutated_genes / number of genes (at most 1): reals by polynomial mutation within the
/// bounds (Deb, Goyal, Computer Science and Informatics 1996) or, with redraw_probability, anew from the range; integers by one
/// step up or down or, as often, to any other value, categories to any other one. A gene with a single value stays.
[[nodiscard]] Genotype mutate(std::span<const Gene> genes, Genotype genotype, const VariationOptions& options,
                              RandomStream& random);

}  // namespace crossloom
