#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "nas/search.h"
#include "support/document.h"
#include "support/error.h"
#include "tests/nas/benchmark_problems.h"
#include "tests/support/scratch_folder.h"

namespace crossloom {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

/// A folder with the checkpoint of a short search.
class SearchErrors : public testing::Test {
 protected:
  SearchErrors() : problem_(benchmark_problem("bnh").problem) {
    options_.course.population_size = 8;
    options_.max_generations = 2;
    options_.folder = scratch_.path("search");
    (void)search(problem_, options_);
    path_ = options_.folder + "/checkpoint.json";
    text_ = read_text_file(path_);
  }

  /// Searching on must fail with the message and leave the file.
  void expect_refused(const std::string& message) const {
    const std::string before = read_text_file(path_);
    EXPECT_THAT([this] { (void)search(problem_, options_); }, ThrowsMessage<UserError>(HasSubstr(message)));
    EXPECT_EQ(read_text_file(path_), before);
  }

  void rewrite(const std::string& from, const std::string& to) {
    std::string text = text_;
    const std::size_t at = text.find(from);
    ASSERT_NE(at, std::string::npos) << from;
    text.replace(at, from.size(), to);
    (void)scratch_.file("search/checkpoint.json", text);
  }

  ScratchFolder scratch_;
  Problem problem_;
  SearchOptions options_;
  std::string path_;
  std::string text_;
};

TEST_F(SearchErrors, ATruncatedCheckpointIsRefusedAndKeptWhereverItEnds) {
  for (std::size_t length = 0; length + 2 < text_.size(); length += 1 + text_.size() / 40) {
    (void)scratch_.file("search/checkpoint.json", text_.substr(0, length));
    expect_refused(path_);
  }
}

TEST_F(SearchErrors, AnotherVersionIsRefused) {
  rewrite("\"version\": 1", "\"version\": 2");
  expect_refused("version: 2, allowed: 1");
}

TEST_F(SearchErrors, ACheckpointOfAnotherProblemIsRefused) {
  problem_.name = "other";
  expect_refused("problem: bnh, allowed: other");
}

TEST_F(SearchErrors, ACheckpointOfAnotherSpaceIsRefused) {
  problem_.genes[0].max = 4.0;
  expect_refused("genes, objectives or constraints have changed");
}

TEST_F(SearchErrors, ACheckpointOfAnotherCourseIsRefused) {
  options_.course.seed = 2;
  expect_refused("course: differs");
}

TEST_F(SearchErrors, AnotherReferencePointIsRefused) {
  options_.reference_point = {1.0, 1.0};
  expect_refused("reference_point: differs");
}

TEST_F(SearchErrors, AnIndividualThatWasNeverEvaluatedIsRefused) {
  rewrite("\"archive\": [", "\"archive\": [24, ");
  expect_refused("archive");
}

TEST_F(SearchErrors, AGeneOutsideItsBoundsIsRefused) {
  rewrite("\"phenotype\": [", "\"phenotype\": [7.5, ");
  expect_refused("lies outside the genes");
}

TEST_F(SearchErrors, OptionsOutOfRangeAreRefused) {
  SearchOptions options;
  options.course.population_size = 1;
  EXPECT_THAT([&] { check(options, problem_); }, ThrowsMessage<UserError>(HasSubstr("population_size: 1, allowed: 2 to ")));
  options = {};
  options.course.variation.crossover_probability = 1.5;
  EXPECT_THAT([&] { check(options, problem_); }, ThrowsMessage<UserError>("crossover_probability: 1.5, allowed: 0 to 1"));
  options = {};
  options.reference_point = {1.0};
  EXPECT_THAT([&] { check(options, problem_); }, ThrowsMessage<UserError>(HasSubstr("one for each of 2 objectives")));
  options = {};
  options.initial = {{{99.0, 0.0}}};
  EXPECT_THAT([&] { check(options, problem_); }, ThrowsMessage<UserError>(HasSubstr("member 0 lies outside")));
}

TEST_F(SearchErrors, AFolderThatCannotBeMadeIsNamed) {
  options_.folder = scratch_.file("plain", "text") + "/below";
  EXPECT_THAT([&] { (void)search(problem_, options_); }, ThrowsMessage<UserError>(HasSubstr("plain")));
}

}  // namespace
}  // namespace crossloom
