#include <gtest/gtest.h>

#include "nas/candidate/candidate_evaluator.h"
#include "nas/candidate/search_file.h"
#include "tests/nas/example_search.h"
#include "tests/support/error_message.h"

namespace crossloom {
namespace {

std::string error_of(const std::string& text) {
  return user_error([&] { return parse_search_yaml(text, "s.yaml"); });
}

std::string with(const std::string& from, const std::string& to) {
  std::string text = small_search();
  return text.replace(text.find(from), from.size(), to);
}

TEST(SearchFileErrors, UnknownSpace) {
  EXPECT_EQ(error_of(with("squeezenet", "squeznet")),
            "s.yaml:1: space: search space squeznet: is not one of mobilenet_v3_small, resnet18, squeezenet (did you mean "
            "squeezenet?)");
}

TEST(SearchFileErrors, UnknownObjective) {
  EXPECT_EQ(error_of(with("memory", "energie")),
            "s.yaml:7: objectives: energie is not one of latency, batch_latency, rnc_batch_latency, throughput, energy, edp, "
            "area, crossbars, "
            "fewest_crossbars, "
            "memory, macs, nn_degree, predicted_accuracy, accuracy, loss, noisy_accuracy (did you mean energy?)");
}

TEST(SearchFileErrors, OneObjectiveOrOneTwice) {
  EXPECT_EQ(error_of(with("latency, memory", "latency")), "s.yaml:7: objectives: 1 objectives, allowed: two or more");
  EXPECT_EQ(error_of(with("latency, memory", "latency, latency")),
            "s.yaml:7: objectives: has one twice, allowed: different ones");
}

TEST(SearchFileErrors, UnknownConstraint) {
  const std::string message = error_of(small_search("constraints: {latency: 5}\n"));
  EXPECT_TRUE(message.starts_with("s.yaml:9: constraints.latency: unknown key")) << message;
}

TEST(SearchFileErrors, AccuracySettingsOutOfRange) {
  EXPECT_EQ(error_of(small_search("accuracy: {trials: 1}\n")),
            "s.yaml:9: accuracy.trials: 1, allowed: an integer from 2 to 10000");
  const std::string message = error_of(small_search("accuracy: {image: 10}\n"));
  EXPECT_TRUE(message.starts_with("s.yaml:9: accuracy.image: unknown key (did you mean images?)")) << message;
}

TEST(SearchFileErrors, BatchOfNoImage) {
  EXPECT_EQ(error_of(small_search("batch: 0\n")), "s.yaml:9: batch: 0, allowed: an integer from 1 to 1000000");
}

TEST(SearchFileErrors, StepsOfRncsMappings) {
  EXPECT_EQ(error_of(small_search("rnc_steps: 5\n")),
            "s.yaml:9: rnc_steps: has no effect: no objective or constraint is about RNC's evaluator");
  EXPECT_EQ(error_of(small_search("constraints: {rnc_batch_latency_ns: 1.0e+6}\nrnc_steps: 0\n")),
            "s.yaml:10: rnc_steps: 0, allowed: an integer from 1 to 1000000000000");
}

TEST(SearchFileErrors, LimitOfZero) {
  EXPECT_TRUE(
      error_of(small_search("constraints: {latency_ns: 0}\n")).starts_with("s.yaml:9: constraints.latency_ns: 0, allowed"));
}

TEST(SearchFileErrors, EmptyOrRepeatedHardwareValues) {
  EXPECT_EQ(error_of(with("crossbars: 64", "crossbars: []")),
            "s.yaml:6: hardware.crossbars: is an empty list, allowed at least one value");
  EXPECT_EQ(error_of(with("crossbars: 64", "crossbars: [64, 64]")),
            "s.yaml:6: hardware.crossbars: has a value twice, allowed: different values");
}

TEST(SearchFileErrors, WrongCompileOption) {
  EXPECT_EQ(error_of(with("effort: fast", "effort: fastest")),
            "s.yaml:6: hardware.effort: fastest is not one of fast, default, best");
}

TEST(SearchFileErrors, KeyThatTheChipDoesNotHave) {
  const SearchFile file = parse_search_yaml(with("effort: fast", "effort: fast, adc.bit: 8"), "s.yaml");
  EXPECT_EQ(user_error([&] { return CandidateEvaluator(file); }),
            "s.yaml:6: hardware.adc.bit: unknown key (did you mean bits?)");
}

TEST(SearchFileErrors, ChipValueThatIsRefused) {
  // Also where compile options vary, which change nothing about the chip.
  for (const std::string options : {"effort: fast", "effort: fast, depth_split: [1, 2]"}) {
    const SearchFile file = parse_search_yaml(with("effort: fast", options + ", crossbar.rows: 0"), "s.yaml");
    const std::string message = user_error([&] { return CandidateEvaluator(file); });
    EXPECT_TRUE(message.starts_with("s.yaml: hardware: crossbar.rows: 0, allowed")) << message;
  }
}

TEST(SearchFileErrors, UnknownChip) {
  const SearchFile file = parse_search_yaml(with("edge-64", "edge64"), "s.yaml");
  EXPECT_TRUE(user_error([&] { return CandidateEvaluator(file); }).ends_with("(did you mean edge-64?)"));
}

}  // namespace
}  // namespace crossloom
