#include "accuracy/column_converters.h"

#include <gtest/gtest.h>

#include <vector>

namespace crossloom {
namespace {

constexpr std::int64_t kBits = 4;
const RandomStream kRandom(1, {});

std::vector<double> converted(const ColumnConverters& converters, const std::vector<float>& currents,
                              const std::vector<DrivePhase>& phases) {
  const std::size_t num_columns = currents.size() / phases.size();
  std::vector<double> sums(num_columns, 99.0);
  converters.convert(currents.data(), num_columns, phases, sums);
  return sums;
}

TEST(ColumnConverters, SignedStepIsTheLargestCurrentInHalfTheCodes) {
  // 16 levels in 8 steps of 2, codes -8 to 7; halves to even.
  const ColumnConverters converters({}, kBits, {.num_columns = 4, .is_signed = true, .largest = 16.0}, kRandom);
  EXPECT_EQ(converted(converters, {3.0F, 5.0F, -17.0F, 15.5F}, {{}}), (std::vector<double>{4.0, 4.0, -16.0, 14.0}));
}

TEST(ColumnConverters, UnsignedStepIsTheLargestCurrentInAllCodes) {
  const ColumnConverters converters({}, kBits, {.num_columns = 3, .is_signed = false, .largest = 45.0}, kRandom);
  EXPECT_EQ(converted(converters, {4.0F, -7.0F, 100.0F}, {{}}), (std::vector<double>{3.0, 0.0, 45.0}));
}

TEST(ColumnConverters, StepIsAtLeastALevel) {
  const ColumnConverters converters({}, kBits, {.num_columns = 2, .is_signed = true, .largest = 2.0}, kRandom);
  EXPECT_EQ(converted(converters, {1.0F, 7.0F}, {{}}), (std::vector<double>{1.0, 7.0}));
}

TEST(ColumnConverters, AddPhasesBySignificance) {
  const std::vector<DrivePhase> phases = {{.shift = 0, .significance = 1.0}, {.shift = 1, .significance = -2.0}};
  const ColumnConverters converters({}, kBits, {.num_columns = 2, .is_signed = true, .largest = 8.0}, kRandom);
  EXPECT_EQ(converted(converters, {1.0F, 2.0F, 3.0F, 4.0F}, phases), (std::vector<double>{-5.0, -6.0}));
  EXPECT_EQ(converted({}, {1.25F, 2.0F, 3.0F, 4.0F}, phases), (std::vector<double>{-4.75, -6.0}));
}

}  // namespace
}  // namespace crossloom
