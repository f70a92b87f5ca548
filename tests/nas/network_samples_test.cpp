#include "nas/candidate/network_samples.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "compiler/ir/structure_hash.h"
#include "nas/candidate/candidate_evaluator.h"
#include "nas/prediction/nn_degree.h"
#include "nas/space/gene_texts.h"
#include "support/number_text.h"
#include "tests/nas/torch/tiny_space.h"
#include "tests/nas/trained_samples.h"
#include "tests/support/error_message.h"
#include "tests/support/scratch_folder.h"

namespace crossloom {
namespace {

using testing::HasSubstr;

TEST(NetworkSamples, AreDifferentNetworksByIncreasingMacsTheSameForTheSameSeed) {
  const SearchSpace space = tiny_space();
  const std::vector<NetworkSample> samples = draw_samples(space, 30, 1);
  ASSERT_EQ(samples.size(), 30U);
  EXPECT_TRUE(draw_samples(space, 30, 1) == samples);
  std::set<std::string> networks;
  for (const NetworkSample& sample : samples) {
    const Network network = build_network(space, subnetwork_of(space, sample.genotype));
    networks.insert(structure_hash(network));
    EXPECT_EQ(sample.num_macs, num_macs(network));
    EXPECT_EQ(sample.num_parameters, num_parameters(network));
    EXPECT_EQ(sample.nn_degree, nn_degree(network));
  }
  EXPECT_EQ(networks.size(), 30U);
  EXPECT_TRUE(std::ranges::is_sorted(samples, {}, &NetworkSample::num_macs));
}

TEST(NetworkSamples, DependOnTheSeed) {
  const SearchSpace space = load_search_space("squeezenet");
  EXPECT_FALSE(draw_samples(space, 4, 1) == draw_samples(space, 4, 2));
}

TEST(NetworkSamples, ReachFromTheLeastMacsToTheMost) {
  const SearchSpace space = tiny_space();
  const auto macs_of = [&](const Genotype& genotype) { return num_macs(build_network(space, subnetwork_of(space, genotype))); };
  const Genotype largest = largest_genotype(space);
  // 160 networks, of which so many draws have the ends for certain.
  const std::vector<NetworkSample> samples = draw_samples(space, 100, 1);
  EXPECT_EQ(samples.front().num_macs, macs_of({.values = std::vector<double>(largest.values.size())}));
  EXPECT_EQ(samples.back().num_macs, macs_of(largest));
}

TEST(NetworkSamples, OfALargeSpaceReachNearItsSmallestAndItsLargest) {
  const SearchSpace space = load_search_space("mobilenet_v3_small");
  const auto macs_of = [&](const Genotype& genotype) {
    return static_cast<double>(num_macs(build_network(space, subnetwork_of(space, genotype))));
  };
  const Genotype largest = largest_genotype(space);
  const double least = macs_of({.values = std::vector<double>(largest.values.size())});
  const double most = macs_of(largest);
  const std::vector<NetworkSample> samples = draw_samples(space, 10, 1);
  EXPECT_LT(static_cast<double>(samples.front().num_macs), least + 0.1 * (most - least));
  EXPECT_GT(static_cast<double>(samples.back().num_macs), most - 0.1 * (most - least));
}

TEST(NetworkSamples, AreAllNetworksOfASpaceThatHasNoMore) {
  const SearchSpace space = tiny_space();
  EXPECT_EQ(static_cast<double>(draw_samples(space, 200, 1).size()), num_subnetworks(space));
}

TEST(NetworkSamples, ComeBackFromTheirTable) {
  const SearchSpace space = tiny_space();
  const std::vector<NetworkSample> samples = draw_samples(space, 10, 1);
  EXPECT_EQ(read_samples(space, samples_csv(space, samples), "s.csv"), samples);
}

TEST(NetworkSamples, OfAnotherSpaceOrDamagedAreRefused) {
  const SearchSpace space = tiny_space();
  const std::string text = samples_csv(space, draw_samples(space, 3, 1));
  const auto message = [](const SearchSpace& read_as, const std::string& table) {
    return user_error([&] { static_cast<void>(read_samples(read_as, table, "s.csv")); });
  };
  SearchSpace more_classes = space;
  more_classes.head.back().num_output_channels = 100;
  EXPECT_THAT(message(more_classes, text), HasSubstr("s.csv:2: nn_degree,num_macs,num_parameters: "));
  EXPECT_THAT(message(load_search_space("squeezenet"), text), HasSubstr("s.csv:2: stage1.width is no column"));
  const auto with_row = [&](const std::string& row) { return text.substr(0, text.find('\n') + 1) + row + '\n'; };
  EXPECT_THAT(message(space, with_row("1,2,9,1,,,1,1,0.25,1,1,1")),
              HasSubstr("s.csv:2: no value of stage1.block1.kernel is 9"));
  EXPECT_THAT(message(space, with_row("1,2")), HasSubstr("s.csv:2"));
  std::string with_accuracy = trained_samples(space, 1);
  with_accuracy.replace(with_accuracy.rfind(',') + 1, std::string::npos, "87\n");
  EXPECT_THAT(message(space, with_accuracy), HasSubstr("s.csv:2: accuracy_fraction: 87, allowed: a number above 0, at most 1"));
}

double summed_accuracy(const Genotype& genotype) {
  double sum = 0.3;
  for (std::size_t i = 0; i < genotype.values.size(); ++i) sum += 0.01 * static_cast<double>(i + 1) * genotype.values[i];
  return sum;
}

std::string predicted_search(const ScratchFolder& scratch, const std::string& samples) {
  return "space: " + scratch.file("space.yaml", kTinySpace) +
         "\nchip: edge-64\nhardware: {effort: fast}\nobjectives: [predicted_accuracy, nn_degree]\n" + samples;
}

TEST(PredictedAccuracy, FollowsTheTrainedSamples) {
  const ScratchFolder scratch;
  const std::string path = scratch.file("trained.csv", trained_samples(tiny_space(), 30));
  const SearchFile file = parse_search_yaml(predicted_search(scratch, "accuracy: {samples: " + path + "}\n"), "s.yaml");
  const CandidateEvaluator evaluator(file, {}, prediction_of(file));
  const Problem problem = evaluator.problem();
  const Genotype smallest{.values = std::vector<double>(problem.genes.size())};
  const Evaluation evaluation = problem.evaluate(smallest);
  const double degree = nn_degree(evaluator.network_of(smallest));
  EXPECT_EQ(evaluation.objectives[1], -degree);
  EXPECT_NEAR(evaluation.objectives[0], -made_up_accuracy(degree), 1e-6);
}

/// candidates.csv of a search in which `count` networks were scored, by a sum over their genes.
std::string scored_candidates(const SearchSpace& space, std::int64_t count) {
  std::string text = "candidate";
  for (const Gene& gene : genes_of(space)) text.append(",").append(gene.name);
  text += ",scored_accuracy_fraction\n";
  for (const NetworkSample& sample : draw_samples(space, count, 1)) {
    text += sample.name;
    for (const std::string& gene : gene_texts(space, sample.genotype)) text.append(",").append(gene);
    text.append(",").append(shortest_text(summed_accuracy(sample.genotype))).append("\n");
  }
  return text + "0,1,3,1,,,0.5,1,0.25,\n";  // broke a limit and was not scored
}

TEST(PredictedAccuracy, IsLearnedFromTheCandidatesOfAnEarlierSearch) {
  const ScratchFolder scratch;
  const std::string candidates = scratch.file("candidates.csv", scored_candidates(tiny_space(), 120));
  const SearchFile file =
      parse_search_yaml(predicted_search(scratch, "accuracy: {candidates: " + candidates + "}\n"), "s.yaml");
  const AccuracyPrediction prediction = prediction_of(file);
  EXPECT_THAT(prediction.text, HasSubstr("trained on 120 networks of "));
  const CandidateEvaluator evaluator(file, {}, prediction);
  const Problem problem = evaluator.problem();
  // All networks there are, those of the table and others.
  for (const NetworkSample& sample : draw_samples(file.space, 200, 1))
    EXPECT_NEAR(problem.evaluate(sample.genotype).objectives[0], -summed_accuracy(sample.genotype), 0.05);
}

TEST(PredictedAccuracy, NeedsEnoughSamplesAndSaysHowTheyAreMade) {
  const ScratchFolder scratch;
  const auto message = [&](const std::string& samples) {
    const SearchFile file = parse_search_yaml(predicted_search(scratch, samples), "s.yaml");
    return user_error([&] { static_cast<void>(prediction_of(file)); });
  };
  EXPECT_THAT(message(""), HasSubstr("s.yaml: predicted_accuracy needs accuracy.samples, 25 or more networks of the space"));
  const std::string few = scratch.file("few.csv", trained_samples(tiny_space(), 24));
  EXPECT_THAT(message("accuracy: {samples: " + few + "}\n"),
              HasSubstr("few.csv: 24 networks with an accuracy, allowed: 25 or more"));
  EXPECT_THAT(message("accuracy: {samples: none.csv}\n"), HasSubstr("none.csv: cannot be read"));
  EXPECT_THAT(message("accuracy: {samples: a.csv, candidates: b.csv}\n"), HasSubstr("and not both"));
  const std::string scored = scratch.file("scored.csv", scored_candidates(tiny_space(), 49));
  EXPECT_THAT(message("accuracy: {candidates: " + scored + "}\n"),
              HasSubstr("scored.csv: 49 networks with an accuracy, allowed: 50 or more"));
  EXPECT_THAT(message("accuracy: {candidates: " + few + "}\n"), HasSubstr("few.csv: has no column scored_accuracy_fraction"));
}

TEST(PredictedAccuracy, RefusesScoresThatAreNone) {
  const ScratchFolder scratch;
  const std::string good = scored_candidates(tiny_space(), 60);
  const auto message = [&](const std::string& score) {
    std::string text = good;
    const std::size_t end = text.find('\n', text.find('\n') + 1);
    const std::size_t first = text.rfind(',', end) + 1;
    text.replace(first, end - first, score);
    const std::string path = scratch.file("bad.csv", text);
    const SearchFile file = parse_search_yaml(predicted_search(scratch, "accuracy: {candidates: " + path + "}\n"), "s.yaml");
    return user_error([&] { static_cast<void>(prediction_of(file)); });
  };
  EXPECT_THAT(message("0.5"), HasSubstr("no error"));
  for (const std::string score : {"abc", "7.5", "-3"}) {
    EXPECT_THAT(message(score), HasSubstr("bad.csv:2: scored_accuracy_fraction: " + score + ", allowed: a number from 0 to 1"));
  }
}

TEST(PredictedAccuracy, RefusesCandidatesOfAnotherSpace) {
  const ScratchFolder scratch;
  const std::string candidates = scratch.file("candidates.csv", scored_candidates(tiny_space(), 60));
  const std::string search = predicted_search(scratch, "accuracy: {candidates: " + candidates + "}\n");
  const SearchFile file = parse_search_yaml(search, "s.yaml");
  static_cast<void>(scratch.file("search.yaml", search));
  EXPECT_EQ(user_error([&] { static_cast<void>(prediction_of(file)); }), "(no error)");
  const std::string other = scratch.file("search.yaml", "width: 2\n" + search);
  EXPECT_EQ(user_error([&] { static_cast<void>(prediction_of(file)); }),
            "s.yaml: accuracy.candidates: " + other + ": is of another space");
}

TEST(PredictedAccuracy, SettingsThatNothingReadsAreRefused) {
  const ScratchFolder scratch;
  const std::string search = "space: " + scratch.file("space.yaml", kTinySpace) +
                             "\nchip: edge-64\nhardware: {effort: fast}\nobjectives: [latency, nn_degree]\n"
                             "accuracy: {samples: a.csv}\n";
  const SearchFile file = parse_search_yaml(search, "s.yaml");
  EXPECT_EQ(user_error([&] {
              require_prediction_settings_used(file);
              return 0;
            }),
            "s.yaml: accuracy.samples, accuracy.candidates: have no effect: no objective or constraint is predicted_accuracy");
}

TEST(PredictedAccuracy, OfNothingBreaksEveryLimit) {
  const ScratchFolder scratch;
  const SearchFile file = parse_search_yaml(
      predicted_search(scratch, "accuracy: {samples: a.csv}\nconstraints: {predicted_accuracy_fraction: 0.6}\n"), "s.yaml");
  for (const double predicted : {0.0, -3.0}) {
    const CandidateEvaluator evaluator(file, {},
                                       {.accuracy_fraction = [predicted](const Genotype&, double) { return predicted; }});
    const Problem problem = evaluator.problem();
    const Evaluation evaluation = problem.evaluate({.values = std::vector<double>(problem.genes.size())});
    EXPECT_FALSE(evaluation.is_feasible());
  }
}

}  // namespace
}  // namespace crossloom
