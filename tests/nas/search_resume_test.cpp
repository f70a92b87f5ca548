#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <stdexcept>
#include <thread>

#include "nas/search.h"
#include "support/document.h"
#include "tests/nas/benchmark_problems.h"
#include "tests/support/scratch_folder.h"

namespace crossloom {
namespace {

SearchOptions options_in(const std::string& folder, std::int64_t max_generations = 12) {
  SearchOptions options;
  options.course.population_size = 16;
  options.max_generations = max_generations;
  options.folder = folder;
  return options;
}

/// bnh with a failing corner: reals, constraints and failures in one checkpoint.
Problem test_problem() {
  Problem problem = benchmark_problem("bnh").problem;
  problem.evaluate = [inner = problem.evaluate](const Genotype& genotype) -> Evaluation {
    if (genotype.values[0] > 3.0) throw std::runtime_error("too far");
    return inner(genotype);
  };
  return problem;
}

struct Files {
  std::string checkpoint;
  std::string log;
  std::string front;
  friend bool operator==(const Files&, const Files&) = default;
};

Files files_after(const Problem& problem, const SearchOptions& options) {
  const SearchResult result = search(problem, options);
  return {.checkpoint = read_text_file(options.folder + "/checkpoint.json"),
          .log = read_text_file(options.folder + "/log.jsonl"),
          .front = write_front(problem, result.front)};
}

Files uninterrupted(const Problem& problem) {
  const ScratchFolder scratch;
  return files_after(problem, options_in(scratch.path("search")));
}

TEST(SearchResume, AfterAnyGenerationGivesTheSameBytes) {
  const Problem problem = test_problem();
  const Files expected = uninterrupted(problem);
  for (std::int64_t generation = 0; generation <= 12; ++generation) {
    const ScratchFolder scratch;
    (void)search(problem, options_in(scratch.path("search"), generation));
    EXPECT_EQ(files_after(problem, options_in(scratch.path("search"))), expected) << generation;
  }
}

TEST(SearchResume, UnderAnotherNumberOfThreadsGivesTheSameBytes) {
  const Problem problem = test_problem();
  const ScratchFolder scratch;
  (void)search(problem, options_in(scratch.path("search"), 5));
  SearchOptions options = options_in(scratch.path("search"));
  options.num_threads = 3;
  EXPECT_EQ(files_after(problem, options), uninterrupted(problem));
}

TEST(SearchResume, OfAFinishedSearchChangesNothing) {
  const Problem problem = test_problem();
  const ScratchFolder scratch;
  const SearchOptions options = options_in(scratch.path("search"));
  const Files first = files_after(problem, options);
  EXPECT_EQ(files_after(problem, options), first);
}

TEST(SearchResume, OfASearchWithoutAFeasibleCandidateGivesTheSameBytes) {
  Problem problem = test_problem();
  problem.evaluate = [](const Genotype& genotype) { return Evaluation{.violations = {1.0 + genotype.values[0], 0.0}}; };
  const ScratchFolder scratch;
  (void)search(problem, options_in(scratch.path("search"), 3));
  EXPECT_EQ(files_after(problem, options_in(scratch.path("search"))), uninterrupted(problem));
}

/// Runs the search in a child process and kills it after the given time.
void search_and_kill(const Problem& problem, const SearchOptions& options, std::chrono::microseconds after) {
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    (void)search(problem, options);
    ::_exit(0);
  }
  std::this_thread::sleep_for(after);
  ::kill(child, SIGKILL);
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
}

TEST(SearchResume, AfterBeingKilledAtTwentyRandomMomentsGivesTheSameBytes) {
  const Problem problem = test_problem();
  const auto start = std::chrono::steady_clock::now();
  const Files expected = uninterrupted(problem);
  const auto whole = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - start);

  RandomStream random(9, {.purpose = RandomPurpose::kTest});
  for (int trial = 0; trial < 20; ++trial) {
    const ScratchFolder scratch;
    const SearchOptions options = options_in(scratch.path("search"));
    const auto moment = static_cast<std::int64_t>(random.next_below(static_cast<std::uint64_t>(whole.count()) + 1));
    search_and_kill(problem, options, std::chrono::microseconds(moment));
    EXPECT_EQ(files_after(problem, options), expected) << "killed after " << moment << " us of " << whole.count();
  }
}

TEST(SearchLog, HasALineAGenerationWithGrowingCounts) {
  const Problem problem = test_problem();
  const ScratchFolder scratch;
  const Files files = files_after(problem, options_in(scratch.path("search"), 3));
  EXPECT_EQ(std::ranges::count(files.log, '\n'), 4);
  EXPECT_EQ(files.log.substr(0, 39), R"({"generation": 0, "num_evaluations": 16)");
}

}  // namespace
}  // namespace crossloom
