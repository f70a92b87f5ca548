#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "accuracy/image_set.h"
#include "cli/network_request.h"
#include "compiler/compile.h"
#include "training/pruning.h"
#include "training/training_options.h"
#include "training/weight_codes.h"

namespace crossloom {

/// Which device --device asks for; auto: a GPU where there is one.
enum class DeviceChoice { kAuto, kCpu, kCuda };
[[nodiscard]] std::span<const std::string_view> enum_names(DeviceChoice);

/// The options of `train`, as the user wrote them.
struct TrainRequest {
  NetworkRequest network;
  std::string data;
  std::string out;
  bool resumes = false;
  bool zero_residuals = false;
  std::string epochs = "30";
  std::string batch = "64";
  std::string learning_rate = "0.1";
  std::string warmup_epochs = "1";
  std::string weight_decay = "3e-4";
  std::string label_smoothing = "0.1";
  std::string average_decay = "0.999";
  std::string validation_fraction = "0.1";
  std::string crop_padding = "4";
  bool no_flip = false;
  std::string cutout = "0";
  std::string mixup = "0";
  std::vector<std::string> teachers;
  std::string teacher_share;  ///< empty: the default
  std::string synthetic_images = "256";
  std::string checkpoint_seconds = "60";
  std::string threads;
  std::string device = "auto";
  std::string seed = "0";
  PixelNormalization normalization;
  std::string quantize;  ///< empty: not
  std::string ranges = "percentile";
  std::string range_fraction = "1";
  std::string chip;  ///< empty: none
  std::vector<std::string> overrides;
  std::string noise;        ///< empty: none
  std::string noise_sigma;  ///< empty: none
  std::string adc_start;    ///< empty: no converters
  std::string weight_limit;
  std::string prune;  ///< empty: none
  std::string prune_shape = "rows";
  std::string prune_method = "magnitude";
  std::string prune_steps = "0.5";
  std::string max_blocks_per_crossbar = "6";
  bool keep_zeros = false;
};

/// What training is to know of the chip, as far as the options alone say it.
struct ChipRequest {
  std::int64_t bits = 0;  ///< of weights and activations; 0: not quantized
  RangeChoice ranges = RangeChoice::kPercentile;
  double range_fraction = 1.0;
  double first_sigma_fraction = 0.0;
  double last_sigma_fraction = 0.0;
  std::optional<double> adc_start_fraction = {};  ///< none: no converters
  PruneShape prune_shape = PruneShape::kRows;
  PruningOptions pruning;
};

void add_train_options(CLI::App& app, TrainRequest& request);
/// --data, --synthetic-images and what pixels become.
void add_image_options(CLI::App& app, TrainRequest& request);
/// The options of any training: --resume, --epochs, --batch, ... --seed.
void add_recipe_options(CLI::App& app, TrainRequest& request);

/// Throws UserError `option: value, allowed range`, for the teachers' options too.
[[nodiscard]] TrainingOptions training_options_of(const TrainRequest& request);
[[nodiscard]] DeviceChoice device_choice_of(const TrainRequest& request);
[[nodiscard]] ChipRequest chip_request_of(const TrainRequest& request);
/// How the chip's crossbars are filled when what pruning saves is counted: one copy of each layer.
[[nodiscard]] CompileOptions pruning_compilation_of(const TrainRequest& request);
/// Share of the largest weight at the beginning and at the end; 0 and 0 without --noise-sigma.
[[nodiscard]] std::pair<double, double> noise_sigma_of(const TrainRequest& request);
/// Share of the teachers' answers in what is learned.
[[nodiscard]] double teacher_share_of(const TrainRequest& request);
[[nodiscard]] double checkpoint_seconds_of(const TrainRequest& request);
[[nodiscard]] std::int64_t num_synthetic_images_of(const TrainRequest& request);

/// The images of --data. Throws UserError as load_images.
[[nodiscard]] ImageData training_data(const TrainRequest& request, std::uint64_t seed);

/// `option: value, allowed: a number, least to most`; both ends are allowed.
[[nodiscard]] double real_option(std::string_view option, const std::string& text, double least, double most);

}  // namespace crossloom
