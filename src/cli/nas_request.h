#pragma once

#include <string>

#include "cli/command.h"
#include "cli/train_request.h"
#include "nas/candidate/candidate_evaluator.h"
#include "nas/candidate/search_file.h"

namespace crossloom {

/// The options of `nas train`, as the user wrote them.
struct NasTrainRequest {
  std::string file;
  TrainRequest training;
  std::string supernet;  ///< to train on, as supernet_path has it; empty: none
  std::string largest_fraction = "0.25";
  std::string num_random = "2";
};

struct NasSearchRequest {
  std::string file;
  std::string folder;
  std::string jobs;
  std::string algorithm;
  std::string seed;
  std::string generations;
  std::string evaluations;
  TrainRequest images;   ///< of --data
  std::string supernet;  ///< file, or folder of `nas train`
};

struct NasRetrainRequest {
  std::string folder;
  std::string pick;
  TrainRequest training;
};

struct NasQuickRequest {
  std::string chip;
  std::string space;    ///< empty: mobilenet_v3_small, or that of the samples
  std::string samples;  ///< trained.csv or its folder; empty: those that come with the space, if there are any
  std::string crossbars;
  NasSearchRequest search;  ///< folder, jobs, seed, evaluations
};

struct NasSampleRequest {
  std::string file;
  std::string folder;
  std::string count = "30";
  std::string seed = "1";
};

struct NasScoreRequest {
  std::string folder;  ///< of nas sample or of a search
  std::string jobs;
  std::string supernet;
  TrainRequest images;
};

void add_nas_quick_options(CLI::App& app, NasQuickRequest& request);
void add_nas_sample_options(CLI::App& app, NasSampleRequest& request);
void add_nas_score_options(CLI::App& app, NasScoreRequest& request);
void add_nas_retrain_options(CLI::App& app, NasRetrainRequest& request);
void add_nas_train_options(CLI::App& app, NasTrainRequest& request);

[[nodiscard]] ExitCode nas_quick_command(const NasQuickRequest& request, Console& console);
[[nodiscard]] ExitCode nas_sample_command(const NasSampleRequest& request, Console& console);

// The parts of `nas` that need LibTorch. In crossloom they check their options and become crossloom-torch.

[[nodiscard]] ExitCode nas_train_command(const NasTrainRequest& request, Console& console);
[[nodiscard]] ExitCode nas_retrain_command(const NasRetrainRequest& request, Console& console);
[[nodiscard]] ExitCode nas_score_command(const NasScoreRequest& request, Console& console);
/// Writes the accuracy of a search's front on the test images into its folder (kTestFile), and that of `baseline`, a network
/// with weights (empty: none).
void nas_test_front(const std::string& folder, const TrainRequest& images, const std::string& baseline);
/// What scores the accuracy of candidates. The file must outlive it.
[[nodiscard]] AccuracyScorer accuracy_scorer_of(const SearchFile& file, const NasSearchRequest& request);

/// The file of a supernet, given itself, by its folder, or by the name of one that comes with the program.
[[nodiscard]] std::string supernet_path(const std::string& file_or_folder);

}  // namespace crossloom
