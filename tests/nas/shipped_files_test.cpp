#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

#include "nas/candidate/accuracy_prediction.h"
#include "nas/candidate/candidate_evaluator.h"
#include "nas/candidate/network_samples.h"
#include "nas/supernet/shared_layout.h"
#include "nas/supernet/supernet_file.h"
#include "support/data_folder.h"
#include "support/document.h"

/// Searches, supernets and samples that come with the program are what docs/nas.md says of them.
namespace crossloom {
namespace {

SearchFile shipped_search(const std::string& path) { return parse_search_yaml(read_text_file(path), path); }

const std::string& hardware_value(const SearchFile& file, std::string_view key) {
  return std::ranges::find(file.hardware, key, &HardwareChoice::key)->values.front();
}

TEST(ShippedSearches, HaveAsManyCrossbarsAsTheirBaselineHasBlocks) {
  int num_files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(data_folder() + "/configs/searches")) {
    const SearchFile file = shipped_search(entry.path().string());
    const CandidateFigures baseline = CandidateEvaluator(file).baseline_figures(EvaluationKind::kEstimate);
    EXPECT_EQ(std::stod(hardware_value(file, "crossbars")), baseline.hardware.num_crossbars_used) << file.source_name;
    ++num_files;
  }
  EXPECT_GE(num_files, 2);
}

TEST(ShippedSupernet, IsOfTheSearchOnCifar10) {
  const SearchFile file = shipped_search(data_folder() + "/configs/searches/cifar10.yaml");
  const std::string path = data_folder() + "/models/supernets/mobilenet_v3_small_w0_5_cifar10/" + std::string(kSupernetFile);
  constexpr std::uintmax_t kMostBytes = 5'000'000;
  EXPECT_LT(std::filesystem::file_size(path), kMostBytes);
  EXPECT_EQ(read_supernet(path, file.space).values.size(), SharedLayout(file.space).num_parameters());
}

TEST(ShippedSamples, PredictTheAccuracyOfTheSearchOnCifar10) {
  const std::string folder = data_folder() + "/models/accuracy_samples/mobilenet_v3_small";
  SearchFile file = shipped_search(folder + "/search.yaml");
  EXPECT_EQ(supernet_space(file.space), supernet_space(shipped_search(data_folder() + "/configs/searches/cifar10.yaml").space));
  file.accuracy = {.samples = folder};
  const std::vector<NetworkSample> samples = read_trained_samples(file);
  ASSERT_GE(std::ssize(samples), kFewestTrainedSamples);
  const AccuracyPrediction prediction = prediction_of(file);
  double sum_of_errors = 0.0;
  for (const NetworkSample& sample : samples)
    sum_of_errors += std::abs(prediction.accuracy_fraction(sample.genotype, sample.nn_degree) - *sample.accuracy_fraction);
  EXPECT_LT(sum_of_errors / static_cast<double>(samples.size()), 0.03);
  const auto [least, most] = std::ranges::minmax(samples, {}, &NetworkSample::nn_degree);
  EXPECT_GT(prediction.accuracy_fraction({}, most.nn_degree), prediction.accuracy_fraction({}, least.nn_degree));
}

}  // namespace
}  // namespace crossloom
