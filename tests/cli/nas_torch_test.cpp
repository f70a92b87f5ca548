#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "compiler/import/load_network.h"
#include "nas/candidate/network_samples.h"
#include "nas/prediction/nn_degree.h"
#include "nas/space/gene_texts.h"
#include "support/atomic_file.h"
#include "support/document.h"
#include "sweep/results_table.h"
#include "tests/cli/crossloom_process.h"
#include "tests/nas/torch/tiny_space.h"
#include "tests/support/scratch_folder.h"

/// The parts of `nas` that need LibTorch, on made-up images: scripts/demo-nas at its smallest.
namespace crossloom {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

/// samples.csv of the networks of candidates.csv.
std::string samples_of(const ResultsTable& candidates) {
  const SearchSpace space = tiny_space();
  const std::vector<Gene> genes = genes_of(space);
  std::vector<NetworkSample> samples;
  for (std::size_t row = 0; row < candidates.num_rows(); ++row) {
    std::vector<std::string> texts;
    for (const Gene& gene : genes) texts.push_back(candidates.cell(row, candidates.column(gene.name)));
    NetworkSample& sample = samples.emplace_back();
    sample.name = candidates.cell(row, candidates.column("candidate"));
    sample.genotype = genotype_showing(texts, genes, [&](const Genotype& genotype) { return gene_texts(space, genotype); });
    const Network network = build_network(space, subnetwork_of(space, sample.genotype));
    sample.nn_degree = nn_degree(network);
    sample.num_macs = num_macs(network);
    sample.num_parameters = num_parameters(network);
  }
  return samples_csv(space, samples);
}

class NasTorchCommand : public testing::Test {
 protected:
  NasTorchCommand()
      : space_(scratch_.file("space.yaml", kTinySpace)),
        search_(scratch_.file("search.yaml", search_text("objectives: [accuracy, latency]\n"))) {}

  [[nodiscard]] std::string search_text(const std::string& goals) const {
    return "space: " + space_ + "\nchip: edge-64\nhardware: {crossbars: 64, effort: fast}\n" +
           "accuracy: {calibration_images: 2000}\nsearch: {population: 4, generations: 1}\n" + goals;
  }
  /// Runs `nas WORDS` on 72 images, and with `more`.
  [[nodiscard]] static ProcessResult nas(std::vector<std::string> words, const std::vector<std::string>& more = {}) {
    words.insert(words.begin(), "nas");
    words.insert(words.end(), {"--data", "synthetic", "--synthetic-images", "72"});
    words.insert(words.end(), more.begin(), more.end());
    return crossloom_process(words);
  }
  [[nodiscard]] ProcessResult train(const std::vector<std::string>& more) const {
    std::vector<std::string> words = {"--batch", "32", "--epochs", "2", "--threads", "1", "--no-flip", "--quiet"};
    words.insert(words.end(), more.begin(), more.end());
    return nas({"train", search_, "--out", scratch_.path("supernet")}, words);
  }
  [[nodiscard]] std::string text(const std::string& file) const { return read_text_file(scratch_.path(file)); }

  ScratchFolder scratch_;
  std::string space_;
  std::string search_;
};

TEST_F(NasTorchCommand, TrainsSearchesRetrainsAndReports) {
  ProcessResult result = train({"--noise-sigma", "0.02:0.05"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(text("supernet/training.csv"), HasSubstr("\n2,"));
  const std::string out = scratch_.path("out");
  const std::string other = scratch_.file("other.yaml", search_text("objectives: [accuracy, latency]\nclasses: 9\n"));
  result = nas({"search", other, "--out", out}, {"--supernet", scratch_.path("supernet")});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("supernet.bin: is of another space (tiny "));
  EXPECT_FALSE(std::filesystem::exists(out));
  result = nas({"search", search_, "--out", out}, {"--supernet", scratch_.path("supernet")});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("speedup  accuracy"));
  const std::string front = text("out/front.csv");
  EXPECT_THAT(front, HasSubstr(",scored_accuracy_fraction,scored_latency_ns,"));
  const std::size_t row = front.find('\n') + 1;
  const std::string candidate = front.substr(row, front.find(',', row) - row);
  const ResultsTable members(front, "front.csv");
  EXPECT_EQ(members.number(0, members.column("accuracy_fraction")),
            members.number(0, members.column("scored_accuracy_fraction")));
  EXPECT_GT(members.number(0, members.column("held_out_loss")).value_or(0.0), 0.0);
  // The same networks as samples have the same accuracy.
  const ResultsTable candidates(text("out/candidates.csv"), "candidates.csv");
  write_files_atomically(scratch_.path("samples"),
                         {{"search.yaml", text("search.yaml")}, {"samples.csv", samples_of(candidates)}});
  result = nas({"score", scratch_.path("samples")}, {"--supernet", scratch_.path("supernet")});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const ResultsTable scored(text("samples/scored.csv"), "scored.csv");
  EXPECT_EQ(scored.values(scored.column("sample")), candidates.values(candidates.column("candidate")));
  for (std::size_t i = 0; i < candidates.num_rows(); ++i) {
    EXPECT_EQ(scored.number(i, scored.column("supernet_accuracy_fraction")),
              candidates.number(i, candidates.column("scored_accuracy_fraction")));
  }
  // Likewise the front of a search.
  result = nas({"score", out}, {"--supernet", scratch_.path("supernet")});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(text("out/scored.csv"), StartsWith("candidate,supernet_accuracy_fraction,supernet_loss\n" + candidate + ",0."));
  // Its copy of the supernet is enough from here on.
  std::filesystem::remove_all(scratch_.path("supernet"));
  result = nas({"retrain", out, "--pick", candidate}, {"--epochs", "1", "--batch", "32", "--threads", "1"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const std::string retrained = "out/retrained_" + candidate;
  EXPECT_TRUE(load_network(scratch_.path(retrained + "/network.onnx")).weights.has_weights("stem"));
  EXPECT_EQ(crossloom_process({"verify", scratch_.path(retrained)}).exit_code, 0);
  EXPECT_THAT(text(retrained + "/metrics.json"), HasSubstr("latency_ns"));
  result = nas({"report", out, "--baseline", scratch_.path(retrained + "/network.onnx")});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(text("out/test.csv"), HasSubstr("\nbaseline,,0."));
  result = nas({"report", out, "--baseline", "lenet5"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("--baseline: lenet5: has no weights"));
  EXPECT_THAT(text("out/test.csv"), HasSubstr("\nbaseline,,0."));
  EXPECT_THAT(text("out/test.csv"),
              StartsWith("candidate,inherited_test_accuracy_fraction,retrained_test_accuracy_fraction\n" + candidate + ",0."));
  EXPECT_THAT(text("out/report.html"), HasSubstr("retrained_test_accuracy_fraction"));
  result = nas({"retrain", out, "--pick", "best"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, StartsWith("crossloom: error: --pick: best is not one of all, " + candidate));
}

TEST_F(NasTorchCommand, TakesTheGpuOnlyWhereThereIsOne) {
  ProcessResult result = train({"--device", "cuda"});  // with --threads 1
  if (result.exit_code == 0) GTEST_SKIP() << "there is one";
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("--device: cuda, allowed here: auto, cpu ("));
  EXPECT_FALSE(std::filesystem::exists(scratch_.path("supernet")));
  result = nas({"train", search_, "--out", scratch_.path("supernet")}, {"--device", "gpu"});
  EXPECT_THAT(result.err, HasSubstr("--device: gpu is not one of auto, cpu, cuda"));
}

TEST_F(NasTorchCommand, SaysBeforeLibTorchStartsWhatAnObjectiveLacks) {
  ProcessResult result = crossloom_process({"nas", "search", search_, "--out", scratch_.path("out")});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_EQ(result.err,
            "crossloom: error: " + search_ + ": accuracy needs images (--data) and a trained supernet (--supernet)\n");
  const std::string other = scratch_.file("other.yaml", search_text("objectives: [memory, latency]\n"));
  result = nas({"search", other, "--out", scratch_.path("out")});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("--data, --supernet: have no effect: no objective or constraint is about accuracy"));
  EXPECT_FALSE(std::filesystem::exists(scratch_.path("out")));
}

}  // namespace
}  // namespace crossloom
