#include "simulator/analog/adc_models.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

namespace crossloom {
namespace {

double converted(const ArrayAdc& adc, double current) {
  const Converters converters(adc, {-1.0, 1.0}, 1, RandomStream(1, {}));
  std::vector<double> currents = {current};
  converters.convert(currents);
  return currents[0];
}

class EveryAdcModel : public testing::TestWithParam<std::size_t> {
 protected:
  [[nodiscard]] ArrayAdc adc() const { return {.model = static_cast<AdcModel>(GetParam()), .bits = 5}; }
};

TEST_P(EveryAdcModel, ErrsByHalfAStepInsideItsRange) {
  for (double current = -1.0; current <= 1.0; current += 0.0137) {
    EXPECT_LE(std::abs(converted(adc(), current) - current), 1.0 / 30.0 * (1 + 1e-12));
  }
}

TEST_P(EveryAdcModel, ZeroImperfectionIsTheIdentityAndSmallOnesStaySmall) {
  ArrayAdc tiny = adc();
  tiny.mismatch_sigma_fraction = tiny.gain_sigma_fraction = 1e-12;
  tiny.offset_sigma_lsb = 1e-12;
  for (double current = -0.9973; current <= 1.0; current += 0.0137) {
    EXPECT_NEAR(converted(tiny, current), converted(adc(), current), 1e-9);
  }
}

TEST_P(EveryAdcModel, ClipsWhatLiesOutside) {
  if (GetParam() == 0) return;
  EXPECT_DOUBLE_EQ(converted(adc(), 3.0), 1.0);
  EXPECT_DOUBLE_EQ(converted(adc(), -3.0), -1.0);
}

TEST_P(EveryAdcModel, HasItsNumberOfCodes) {
  if (GetParam() == 0) return;
  std::set<double> codes;
  for (double current = -1.0; current <= 1.0; current += 0.001) codes.insert(converted(adc(), current));
  EXPECT_EQ(codes.size(), adc().model == AdcModel::kSignMagnitude ? 31U : 32U);
}

INSTANTIATE_TEST_SUITE_P(Table, EveryAdcModel, testing::Range(std::size_t{0}, adc_models().size()),
                         [](const auto& test) { return std::string(adc_models()[test.param].name); });

TEST(AdcModels, SignMagnitudeHasACodeForZero) {
  EXPECT_EQ(converted({.model = AdcModel::kSignMagnitude, .bits = 8}, 0.0), 0.0);
}

TEST(AdcModels, RampMismatchKeepsCodesInOrder) {
  ArrayAdc adc = {.model = AdcModel::kRamp, .bits = 6, .mismatch_sigma_fraction = 0.3};
  double last = -1.0;
  for (double current = -1.0; current <= 1.0; current += 0.003) {
    const double value = converted(adc, current);
    EXPECT_GE(value, last);
    last = value;
  }
}

TEST(AdcModels, ACalibratedRangeIsAQuantileOfTheMagnitudes) {
  std::vector<double> currents;
  for (int i = 0; i <= 100; ++i) currents.push_back(i);
  EXPECT_EQ(calibrated_range(currents, 0.9), (CurrentRange{0.0, 90.0}));
  currents.push_back(-200.0);
  EXPECT_EQ(calibrated_range(currents, 1.0), (CurrentRange{-200.0, 200.0}));
}

}  // namespace
}  // namespace crossloom
