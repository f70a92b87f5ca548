#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "compiler/import/load_network.h"
#include "nas/candidate/network_samples.h"
#include "support/atomic_file.h"
#include "support/document.h"
#include "tests/cli/crossloom_process.h"
#include "tests/nas/example_search.h"
#include "tests/nas/torch/tiny_space.h"
#include "tests/nas/trained_samples.h"
#include "tests/support/scratch_folder.h"

namespace crossloom {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

/// A folder of 30 trained networks of the tiny space, as nas sample and train_alone.sh leave it.
std::string trained_folder(const ScratchFolder& scratch) {
  const std::string space = scratch.file("space.yaml", kTinySpace);
  const std::string search = "space: \"" + space + "\"\ninput: [1x3x32x32]\nclasses: 10\nchip: edge-64\n" +
                             "hardware: {crossbars: 64}\nobjectives: [latency, memory]\n";
  write_files_atomically(scratch.path("samples"),
                         {{"search.yaml", search}, {"trained.csv", trained_samples(tiny_space(), 30)}});
  return scratch.path("samples");
}

TEST(NasQuick, PredictsAccuracyFromTrainedSamplesOfItsSpace) {
  const ScratchFolder scratch;
  const std::string samples = trained_folder(scratch);
  const std::string folder = scratch.path("out");
  const ProcessResult result = crossloom_process(
      {"nas", "quick", "--chip", "edge-64", "--crossbars", "64", "--samples", samples, "--evaluations", "60", "--out", folder});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, StartsWith("accuracy = 1 / (1.1 + exp(30 / NN-Degree - 2)), fitted to 30 networks of "));
  EXPECT_THAT(result.out, HasSubstr("Kendall's tau                    1.00"));
  EXPECT_THAT(result.out, HasSubstr("60 of 160 networks evaluated"));
  EXPECT_THAT(read_text_file(folder + "/front.csv"), HasSubstr(",scored_predicted_accuracy_fraction,scored_latency_ns,"));
  EXPECT_EQ(crossloom_process({"nas", "report", folder}).exit_code, 0);
  // Its search.yaml is one that nas search takes, to the same front.
  const ProcessResult again =
      crossloom_process({"nas", "search", folder + "/search.yaml", "--evaluations", "60", "--out", scratch.path("again")});
  ASSERT_EQ(again.exit_code, 0) << again.err;
  EXPECT_EQ(read_text_file(scratch.path("again") + "/front.csv"), read_text_file(folder + "/front.csv"));
}

TEST(NasQuick, WithoutSamplesGoesByNnDegreeAndSaysSo) {
  const ScratchFolder scratch;
  const std::string space = scratch.file("space.yaml", kTinySpace);
  const std::string folder = scratch.path("out");
  const ProcessResult result =
      crossloom_process({"nas", "quick", "--chip", "edge-64", "--space", space, "--evaluations", "60", "--out", folder});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, StartsWith("without trained samples of tiny NN-Degree stands for accuracy"));
  EXPECT_THAT(result.out, HasSubstr("`crossloom nas sample` and bench/nas/train_alone.sh make samples for --samples"));
  EXPECT_THAT(read_text_file(folder + "/front.csv"), HasSubstr(",scored_nn_degree,scored_latency_ns,"));
}

TEST(NasQuick, TakesTheSamplesThatComeWithItsSpaceUnlessTheyAreNotWanted) {
  const ScratchFolder scratch;
  const auto quick = [&](const std::string& out, std::vector<std::string> more) {
    std::vector<std::string> words = {"nas", "quick",         "--chip", "rnc-mnsim-128", "--crossbars",
                                      "800", "--evaluations", "20",     "--out",         scratch.path(out)};
    words.insert(words.end(), more.begin(), more.end());
    return crossloom_process(words);
  };
  const ProcessResult with = quick("with", {});
  ASSERT_EQ(with.exit_code, 0) << with.err;
  EXPECT_THAT(with.out, HasSubstr("models/accuracy_samples/mobilenet_v3_small/trained.csv"));
  EXPECT_THAT(read_text_file(scratch.path("with/search.yaml")), HasSubstr("1x3x32x32"));
  const ProcessResult without = quick("without", {"--samples", "none", "--space", "mobilenet_v3_small"});
  ASSERT_EQ(without.exit_code, 0) << without.err;
  EXPECT_THAT(without.out, StartsWith("without trained samples of mobilenet_v3_small_elastic NN-Degree stands for accuracy"));
}

TEST(NasQuick, SaysWhatIsWrongWithItsOptions) {
  const ScratchFolder scratch;
  const std::string samples = trained_folder(scratch);
  const auto error_of = [&](const std::vector<std::string>& options) {
    std::vector<std::string> words = {"nas", "quick", "--out", scratch.path("out"), "--chip"};
    words.insert(words.end(), options.begin(), options.end());
    const ProcessResult result = crossloom_process(words);
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_FALSE(std::filesystem::exists(scratch.path("out")));
    return result.err;
  };
  EXPECT_THAT(error_of({"edge-65"}), HasSubstr("chip edge-65: is not one of"));
  EXPECT_THAT(error_of({"edge-64", "--space", "resnet19"}), HasSubstr("resnet19: is not one of"));
  EXPECT_THAT(error_of({"edge-64", "--crossbars", "0"}), HasSubstr("--crossbars: 0, allowed"));
  EXPECT_THAT(error_of({"edge-64", "--samples", samples, "--space", "resnet18"}),
              HasSubstr("--space: has no effect with --samples, whose search.yaml says it"));
  EXPECT_THAT(error_of({"edge-64", "--samples", scratch.path("none.csv")}), HasSubstr("none.csv: cannot be read"));
}

TEST(NasSample, AndSearchesKeepOutOfEachOthersFolders) {
  const ScratchFolder scratch;
  const std::string file = scratch.file("search.yaml", small_search());
  const std::vector<std::string> sample = {"nas", "sample", file, "--networks", "3", "--out"};
  const std::vector<std::string> search = {"nas", "search", file, "--generations", "0", "--out"};
  const auto run = [](std::vector<std::string> words, const std::string& folder) {
    words.push_back(folder);
    return crossloom_process(words);
  };
  ASSERT_EQ(run(sample, scratch.path("samples")).exit_code, 0);
  ASSERT_EQ(run(search, scratch.path("search")).exit_code, 0);
  EXPECT_THAT(run(search, scratch.path("samples")).err, HasSubstr("samples: is a folder of samples, allowed: a new folder"));
  EXPECT_THAT(run(sample, scratch.path("search")).err, HasSubstr("search: is the folder of a search, allowed: a new folder"));
  EXPECT_FALSE(std::filesystem::exists(scratch.path("samples") + "/front.csv"));
  EXPECT_FALSE(std::filesystem::exists(scratch.path("search") + "/samples.csv"));
}

TEST(NasSample, WritesNetworksWithoutWeightsAndTheirTable) {
  const ScratchFolder scratch;
  const std::string file = scratch.file("search.yaml", small_search());
  const std::string folder = scratch.path("out");
  const std::vector<std::string> words = {"nas", "sample", file, "--networks", "3", "--out", folder};
  const ProcessResult result = crossloom_process(words);
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const std::string table = read_text_file(folder + "/samples.csv");
  EXPECT_THAT(table, StartsWith("sample,stage1.width,"));
  EXPECT_EQ(read_text_file(folder + "/search.yaml"), small_search());
  const std::vector<NetworkSample> samples =
      read_samples(parse_search_yaml(small_search(), "s.yaml").space, table, "samples.csv");
  ASSERT_EQ(samples.size(), 3U);
  const NetworkFile network = load_network(folder + "/sample_3.onnx");
  EXPECT_EQ(num_macs(network.network), samples[2].num_macs);
  EXPECT_EQ(num_parameters(network.network), samples[2].num_parameters);
  EXPECT_TRUE(network.weights.empty());
  // The same again is no harm; others may not take the place of networks that were perhaps trained.
  EXPECT_EQ(crossloom_process(words).exit_code, 0);
  const ProcessResult other = crossloom_process({"nas", "sample", file, "--networks", "4", "--out", folder});
  EXPECT_EQ(other.exit_code, 2);
  EXPECT_THAT(other.err, HasSubstr("samples.csv: has other networks, allowed: a new folder"));
  EXPECT_EQ(read_text_file(folder + "/samples.csv"), table);
}

}  // namespace
}  // namespace crossloom
