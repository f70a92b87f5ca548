#include "training/learning_rate.h"

#include <gtest/gtest.h>

namespace crossloom {
namespace {

constexpr TrainingOptions kOptions = {.num_epochs = 11, .learning_rate = 0.8, .warmup_epochs = 1.0, .average_decay = 0.9};

TEST(LearningRate, RisesLinearlyToTheHighestWithinTheWarmUp) {
  EXPECT_DOUBLE_EQ(learning_rate(kOptions, 0, 10), 0.08);
  EXPECT_DOUBLE_EQ(learning_rate(kOptions, 4, 10), 0.4);
  EXPECT_DOUBLE_EQ(learning_rate(kOptions, 9, 10), 0.8);
}

TEST(LearningRate, FallsAlongACosineToZero) {
  EXPECT_DOUBLE_EQ(learning_rate(kOptions, 10, 10), 0.8);
  EXPECT_NEAR(learning_rate(kOptions, 60, 10), 0.4, 1e-12);
  EXPECT_NEAR(learning_rate(kOptions, 110, 10), 0.0, 1e-12);
}

TEST(LearningRate, WithoutWarmUpBeginsWithTheHighest) {
  TrainingOptions options = kOptions;
  options.warmup_epochs = 0.0;
  EXPECT_DOUBLE_EQ(learning_rate(options, 0, 10), 0.8);
}

TEST(AverageDecay, IsLessAtTheBeginning) {
  EXPECT_DOUBLE_EQ(average_decay(kOptions, 0), 0.1);
  EXPECT_DOUBLE_EQ(average_decay(kOptions, 8), 0.5);
  EXPECT_DOUBLE_EQ(average_decay(kOptions, 1000), 0.9);
}

}  // namespace
}  // namespace crossloom
