#include "tests/simulator/estimate/rank_correlation.h"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>

namespace crossloom {
namespace {

TEST(RankCorrelation, IsOneForTheSameOrderAndMinusOneForTheOpposite) {
  EXPECT_DOUBLE_EQ(spearman({1, 2, 3, 10}, {-4, 0, 5, 6}), 1.0);
  EXPECT_DOUBLE_EQ(spearman({1, 2, 3, 10}, {6, 5, 0, -4}), -1.0);
}

TEST(RankCorrelation, FollowsTheFormulaOfSquaredRankDifferences) {
  // Without ties: 1 - 6 sum d^2 / (n (n^2 - 1)); ranks 1 2 3 4 5 and 2 1 4 3 5 differ by 1 four times.
  EXPECT_DOUBLE_EQ(spearman({1, 2, 3, 4, 5}, {20, 10, 40, 30, 50}), 1.0 - 6.0 * 4.0 / (5.0 * 24.0));
}

TEST(RankCorrelation, SharesTheMeanRankAmongEquals) {
  // Ranks 0, 1.5, 1.5, 3 and 0, 1, 2, 3: covariance 4.5, variances 4.5 and 5.
  EXPECT_DOUBLE_EQ(spearman({1, 2, 2, 3}, {1, 2, 3, 4}), 4.5 / std::sqrt(4.5 * 5.0));
}

TEST(RankCorrelation, OfConstantsContradictsNothing) { EXPECT_DOUBLE_EQ(spearman({1, 1, 1}, {1, 2, 3}), 1.0); }

TEST(RankCorrelation, RefusesListsThatDoNotMatch) {
  EXPECT_THROW(static_cast<void>(spearman({1, 2}, {1})), std::invalid_argument);
  EXPECT_THROW(static_cast<void>(spearman({1}, {1})), std::invalid_argument);
}

TEST(Quantile, OfAHalfIsTheLowerMedian) {
  EXPECT_EQ(quantile({3, 1, 2}, 0.5), 2);
  EXPECT_EQ(quantile({4, 3, 1, 2}, 0.5), 2);
  EXPECT_EQ(quantile({4, 3, 1, 2}, 1.0), 4);
  EXPECT_THROW(static_cast<void>(quantile({}, 0.5)), std::invalid_argument);
}

}  // namespace
}  // namespace crossloom
