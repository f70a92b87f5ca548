#include "nas/torch/supernet_accuracy.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <mutex>
#include <numeric>
#include <utility>

#include "accuracy/analog_settings.h"
#include "compiler/ir/structure_hash.h"
#include "simulator/hardware/chip_fields.h"
#include "support/document.h"
#include "support/error.h"
#include "support/json.h"
#include "training/training_images.h"

namespace crossloom {
namespace {

/// Draws of each code's error that a trial chooses from.
constexpr std::int64_t kErrorSamples = 256;

ScoringImages held_out_images(const SearchFile& file, const Supernet& supernet, const ImageSet& images) {
  const ImageSplit split = split_images(images, supernet.validation_fraction, static_cast<std::uint64_t>(supernet.seed));
  const auto first = [](const std::vector<std::int64_t>& places, std::int64_t count) {
    const auto taken = count == 0 ? std::ssize(places) : std::min<std::int64_t>(count, std::ssize(places));
    return std::vector<std::int64_t>(places.begin(), places.begin() + taken);
  };
  return {.calibration = first(split.training, file.accuracy.num_calibration_images),
          .scored = first(split.validation, file.accuracy.num_images)};
}

std::vector<std::int64_t> all_places(const ImageSet& images) {
  std::vector<std::int64_t> places(static_cast<std::size_t>(images.size()));
  std::iota(places.begin(), places.end(), 0);
  return places;
}

}  // namespace

struct SupernetAccuracy::Scores {
  std::mutex mutex;
  std::map<std::string, CandidateAccuracy> known;
};

SupernetAccuracy::SupernetAccuracy(const SearchFile& file, const Supernet& supernet, const ImageData& data)
    : file_(file),
      supernet_(supernet),
      layout_(file.space),
      training_(file.space, data.train),
      test_(file.space, data.test),
      held_out_(held_out_images(file, supernet, data.train)),
      all_test_({.calibration = held_out_.calibration, .scored = all_places(data.test)}),
      images_hash_(images_hash(data.train)),
      noise_text_(file.accuracy.noise.empty() ? "" : read_text_file(file.accuracy.noise)),
      scorer_(file.space, layout_, supernet.values, training_, training_, held_out_, supernet.normalization),
      test_scorer_(file.space, layout_, supernet.values, training_, test_, all_test_, supernet.normalization),
      scores_(std::make_unique<Scores>()) {
  if (images_hash_ != supernet.data && !file.accuracy.takes_other_images) {
    throw UserError("--data: " + data.train.source +
                    ": are other images than the supernet was trained on, allowed with accuracy: {other_images: true}");
  }
}

SupernetAccuracy::~SupernetAccuracy() = default;

AccuracyScorer SupernetAccuracy::scorer() {
  const AccuracySettings& settings = file_.accuracy;
  std::string identity = fmt::format(" {} {} {} {} {} {}", settings.num_images, settings.num_calibration_images,
                                     content_hash(noise_text_), settings.num_trials, settings.deviations, images_hash_);
  identity += values_hash(supernet_);
  return {.identity = identity,
          .score = [this](const Subnetwork& subnetwork, const ChipConfig& chip) { return score(subnetwork, chip); }};
}

CandidateAccuracy SupernetAccuracy::score(const Subnetwork& subnetwork, const ChipConfig& chip) {
  const bool is_noisy = has_goal(file_, "noisy_accuracy");
  std::string key = structure_hash(build_network(file_.space, subnetwork));
  if (is_noisy) key += write_fields(chip).dump(-1);
  {
    const std::scoped_lock lock(scores_->mutex);
    const auto found = scores_->known.find(key);
    if (found != scores_->known.end()) return found->second;
  }
  const TrainableNetwork network = scorer_.inherited(subnetwork);
  const ClassificationScore scored = scorer_.score(network);
  CandidateAccuracy result{.accuracy_fraction = scored.accuracy_fraction, .loss = scored.loss};
  if (is_noisy) result.noisy_accuracy_fraction = noisy_accuracy(network, chip);
  const std::scoped_lock lock(scores_->mutex);
  scores_->known.emplace(std::move(key), result);
  return result;
}

double SupernetAccuracy::noisy_accuracy(const TrainableNetwork& network, const ChipConfig& chip) const {
  auto awareness = std::make_shared<ChipAwareness>();
  awareness->weight_bits = chip.arithmetic.weight_bits;
  awareness->seed = static_cast<std::uint64_t>(supernet_.seed);
  if (!file_.accuracy.noise.empty()) {
    awareness->errors =
        sample_code_errors(chip, load_settings(file_.accuracy.noise, chip).device, kErrorSamples, awareness->seed);
  }
  const std::vector<double> accuracies = scorer_.noisy_accuracies(network, awareness, file_.accuracy.num_trials);
  const auto count = static_cast<double>(accuracies.size());
  const double mean = std::accumulate(accuracies.begin(), accuracies.end(), 0.0) / count;
  double squares = 0.0;
  for (const double accuracy : accuracies) squares += (accuracy - mean) * (accuracy - mean);
  return mean - file_.accuracy.deviations * std::sqrt(squares / (count - 1.0));
}

ClassificationScore SupernetAccuracy::held_out_score(const Subnetwork& subnetwork) const { return scorer_.score(subnetwork); }

TrainableNetwork SupernetAccuracy::inherited(const Subnetwork& subnetwork) const { return scorer_.inherited(subnetwork); }

double SupernetAccuracy::test_accuracy(const TrainableNetwork& network) const {
  return test_scorer_.score(network).accuracy_fraction;
}

}  // namespace crossloom
