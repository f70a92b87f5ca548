#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "nas/genotype.h"
#include "support/error.h"

namespace crossloom {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

auto checking(std::vector<Gene> genes) {
  return [genes = std::move(genes)] { check_genes(genes); };
}

TEST(GenotypeErrors, NoGeneAtAllIsRefused) { EXPECT_THAT(checking({}), ThrowsMessage<UserError>(HasSubstr("at least one"))); }

TEST(GenotypeErrors, ARepeatedNameIsRefused) {
  EXPECT_THAT(checking({categorical_gene("a", 2), real_gene("a", 0, 1)}), ThrowsMessage<UserError>("gene a: stands twice"));
}

TEST(GenotypeErrors, AGeneWithoutValuesIsRefused) {
  EXPECT_THAT(checking({categorical_gene("a", 0)}), ThrowsMessage<UserError>("gene a: bounds [0, -1] hold no value"));
}

TEST(GenotypeErrors, BoundsThatAreNotFiniteAreRefused) {
  EXPECT_THAT(checking({real_gene("a", 0, std::numeric_limits<double>::infinity())}),
              ThrowsMessage<UserError>(HasSubstr("finite")));
}

TEST(GenotypeErrors, FractionalBoundsOfAnIntegerAreRefused) {
  EXPECT_THAT(checking({{.name = "a", .kind = GeneKind::kInteger, .min = 0.5, .max = 2.0}}),
              ThrowsMessage<UserError>(HasSubstr("whole numbers")));
}

}  // namespace
}  // namespace crossloom
