#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "accuracy/image_set.h"
#include "nas/candidate/candidate_evaluator.h"
#include "nas/supernet/supernet_file.h"
#include "nas/torch/subnetwork_scorer.h"

namespace crossloom {

/// A trained supernet with the images it is scored on.
class SupernetAccuracy {
 public:
  /// Images are the training images of `data` that were held out when the supernet was trained (of other images: those that
  /// would have been). All must outlive it, the file too. Throws UserError when the supernet was trained on other images and
  /// the file does not allow that, and as SizedImages and load_settings do.
  SupernetAccuracy(const SearchFile& file, const Supernet& supernet, const ImageData& data);
  ~SupernetAccuracy();
  SupernetAccuracy(const SupernetAccuracy&) = delete;
  SupernetAccuracy(SupernetAccuracy&&) = delete;
  SupernetAccuracy& operator=(const SupernetAccuracy&) = delete;
  SupernetAccuracy& operator=(SupernetAccuracy&&) = delete;

  /// For CandidateEvaluator; refers to this object. Each network is scored once, whatever its hardware. noisy_accuracy: weights
  /// rounded to the chip's codes and programmed with errors of the noise file's devices (sample_code_errors), a draw each
  /// trial.
  [[nodiscard]] AccuracyScorer scorer();
  [[nodiscard]] ClassificationScore held_out_score(const Subnetwork& subnetwork) const;
  /// A network as it inherits its weights, and its accuracy on all test images.
  [[nodiscard]] TrainableNetwork inherited(const Subnetwork& subnetwork) const;
  [[nodiscard]] double test_accuracy(const TrainableNetwork& network) const;

 private:
  struct Scores;
  [[nodiscard]] CandidateAccuracy score(const Subnetwork& subnetwork, const ChipConfig& chip);
  [[nodiscard]] double noisy_accuracy(const TrainableNetwork& network, const ChipConfig& chip) const;

  const SearchFile& file_;
  const Supernet& supernet_;
  SharedLayout layout_;
  SizedImages training_;
  SizedImages test_;
  ScoringImages held_out_;
  ScoringImages all_test_;
  std::string images_hash_;
  std::string noise_text_;
  SubnetworkScorer scorer_;
  SubnetworkScorer test_scorer_;
  std::unique_ptr<Scores> scores_;  ///< known already
};

}  // namespace crossloom
