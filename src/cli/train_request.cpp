#include "cli/train_request.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <thread>
#include <tuple>

#include "accuracy/load_images.h"
#include "accuracy/synthetic_images.h"
#include "compiler/option_values.h"
#include "support/error.h"
#include "support/number_text.h"

namespace crossloom {
namespace {

constexpr std::int64_t kMostThreads = 256;
constexpr double kLargest = 1e6;
constexpr double kLeastLimit = 1.0;

template <class Enum>
Enum named_option(std::string_view option, const std::string& text) {
  const std::span<const std::string_view> names = enum_names(Enum{});
  const auto found = std::ranges::find(names, text);
  if (found == names.end()) throw UserError(fmt::format("{}: {} is not one of {}", option, text, fmt::join(names, ", ")));
  return static_cast<Enum>(found - names.begin());
}

/// Adds options of one value, whose default their help says.
class OptionAdder {
 public:
  explicit OptionAdder(CLI::App& app) : app_(app) {}
  void operator()(const char* name, std::string& value, const char* meaning, const char* type) const {
    app_.add_option(name, value, fmt::format("{} (default: {})", meaning, value))->type_name(type);
  }

 private:
  CLI::App& app_;
};

}  // namespace

double real_option(std::string_view option, const std::string& text, double least, double most) {
  const std::optional<double> value = parse_number(text);
  if (!value || *value < least || *value > most)
    throw UserError(fmt::format("{}: {}, allowed: a number, {} to {}", option, text, least, most));
  return *value;
}

void add_image_options(CLI::App& app, TrainRequest& request) {
  app.add_option(
         "--data", request.data,
         "folder of CIFAR-10 (binary), MNIST (IDX, plain or .gz) or PNG images by class (train/CLASS/*.png, test/...),\n"
         "or `synthetic`: made-up images of CIFAR-10's shape")
      ->type_name("DIR");
  const OptionAdder add(app);
  add("--synthetic-images", request.synthetic_images, "training images that are made up", "N");
}

void add_recipe_options(CLI::App& app, TrainRequest& request) {
  app.add_flag("--resume", request.resumes, "go on from the checkpoint in --out, to the same weights as without interruption");
  const OptionAdder add(app);
  add("--epochs", request.epochs, "passes over the training images", "N");
  add("--batch", request.batch, "images of a step", "N");
  add("--learning-rate", request.learning_rate, "the highest learning rate", "R");
  add("--warmup-epochs", request.warmup_epochs, "epochs in which the learning rate rises", "E");
  add("--weight-decay", request.weight_decay, "decay of the weights", "D");
  add("--label-smoothing", request.label_smoothing, "share of a label that lies on all classes", "F");
  add("--average-decay", request.average_decay, "decay of the moving average of the weights", "F");
  add("--validation", request.validation_fraction, "share of the training images held out to choose the best epoch", "F");
  add("--crop-padding", request.crop_padding, "pixels by which images are moved at most", "N");
  app.add_flag("--no-flip", request.no_flip, "mirror no images");
  add("--cutout", request.cutout, "side of a square of zeros somewhere in each image", "N");
  add("--mixup", request.mixup, "mix each image and its label with another's by a share of Beta(A, A), A from 0 (not) to 1",
      "A");
  app.add_option("--teacher", request.teachers,
                 "trained network (as NET) whose answers are learned beside the labels; repeatable: their mean")
      ->type_name("NET")
      ->allow_extra_args(false);
  app.add_option("--teacher-share", request.teacher_share, "share of those answers in what is learned (default: 0.5)")
      ->type_name("F");
  add("--checkpoint-seconds", request.checkpoint_seconds, "seconds between checkpoints", "S");
  app.add_option("--threads", request.threads,
                 "threads that share each batch (default: all cores); the result depends on their number")
      ->type_name("N");
  add("--device", request.device, "auto (a GPU where LibTorch finds one), cpu, cuda; the result depends on it", "NAME");
  add("--seed", request.seed, "seed of all draws", "S");
  app.add_option("--pixel-scale", request.normalization.scale, "pixels are 0 to this before --mean and --std (default: 1)")
      ->type_name("S");
  app.add_option("--mean", request.normalization.mean, "subtracted from pixels, one or one a channel (default: 0)")
      ->delimiter(',')
      ->type_name("M[,M...]");
  app.add_option("--std", request.normalization.deviation, "divides pixels, one or one a channel (default: 1)")
      ->delimiter(',')
      ->check(CLI::PositiveNumber)
      ->type_name("S[,S...]");
}

void add_train_options(CLI::App& app, TrainRequest& request) {
  const OptionAdder add(app);
  add_network_options(app, request.network);
  add_image_options(app, request);
  app.get_option("--data")->required();
  app.add_option("--out", request.out, "folder for network.onnx, training.csv, training.json and checkpoint.bin")
      ->required()
      ->type_name("DIR");
  add_recipe_options(app, request);
  app.add_flag("--zero-residuals", request.zero_residuals,
               "the last scale of each residual begins at 0, so that deep networks learn sooner; needs a NET without weights");
  app.add_option("--quantize", request.quantize, "round weights and activations to this many bits while training")
      ->type_name("BITS");
  add("--ranges", request.ranges,
      "ranges of the outputs that are rounded: percentile (of the last batches) or learned (by gradient)", "NAME");
  add("--range-fraction", request.range_fraction, "share of a layer's outputs within the range they are rounded to", "F");
  app.add_option("--chip", request.chip,
                 "a built-in chip (crossloom chips) or a .yaml file, for --noise, --noise-sigma, --adc-start, --prune")
      ->type_name("CHIP");
  app.add_option("--set", request.overrides, "replace one value of the chip, such as crossbar.rows=64; repeatable")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false);
  app.add_option("--noise", request.noise,
                 "noise file (docs/devices.md): weights get errors of its programmed cells; needs --quantize and --chip")
      ->type_name("FILE");
  app.add_option(
         "--noise-sigma", request.noise_sigma,
         "weights get normal errors of this share of the largest weight in their block, from A at the beginning to B\nat the "
         "end; needs --chip")
      ->type_name("A[:B]");
  app.add_option(
         "--adc-start", request.adc_start,
         "from this share of the steps on round and clip partial sums as the chip's converters do (adc section of --noise "
         "or\nof the chip); needs --quantize and --chip")
      ->type_name("F");
  app.add_option("--weight-limit", request.weight_limit, "cut weights beyond this many standard deviations of their layer")
      ->type_name("K");
  app.add_option("--prune,--prune-blocks", request.prune,
                 "share of the weights that is removed in whole rows, columns or blocks of the mapped matrices; needs --chip")
      ->type_name("F");
  add("--prune-shape", request.prune_shape, "what is removed at once: rows, columns, blocks (of a crossbar)", "NAME");
  add("--prune-method", request.prune_method, "how it is chosen: magnitude, admm", "NAME");
  add("--prune-steps", request.prune_steps, "share of the steps until all is removed; the rest retrains", "F");
  add("--max-blocks-per-crossbar", request.max_blocks_per_crossbar,
      "for --prune: most blocks that share a crossbar when crossbars are counted before and after, 0 = any", "N");
  app.add_flag("--keep-zeros", request.keep_zeros, "weights of NET that are zero stay zero");
  app.footer(
      "docs/training.md explains what is done. Needs LibTorch (Debian, Ubuntu: libtorch-dev) when crossloom is built.\n"
      "Example: crossloom train resnet8_cifar10 --data cifar-10-batches-bin --out trained --epochs 40");
}

TrainingOptions training_options_of(const TrainRequest& request) {
  constexpr std::int64_t kMostEpochs = 1'000'000;
  constexpr std::int64_t kMostImages = 10'000'000;
  constexpr std::int64_t kMostPadding = 1024;
  TrainingOptions options;
  options.num_epochs = integer_option("--epochs", request.epochs, {1, kMostEpochs});
  options.num_workers = request.threads.empty() ? std::clamp<std::int64_t>(std::thread::hardware_concurrency(), 1, kMostThreads)
                                                : integer_option("--threads", request.threads, {1, kMostThreads});
  // Two images at least are needed for the statistics of a batch.
  options.batch_size = integer_option("--batch", request.batch, {2 * options.num_workers, kMostImages});
  options.learning_rate = real_option("--learning-rate", request.learning_rate, 0.0, kLargest);
  options.warmup_epochs = real_option("--warmup-epochs", request.warmup_epochs, 0.0, kLargest);
  options.weight_decay = real_option("--weight-decay", request.weight_decay, 0.0, 1.0);
  constexpr double kBelowOne = 0.999999;
  options.label_smoothing = real_option("--label-smoothing", request.label_smoothing, 0.0, kBelowOne);
  options.average_decay = real_option("--average-decay", request.average_decay, 0.0, kBelowOne);
  options.validation_fraction = real_option("--validation", request.validation_fraction, 0.0, kBelowOne);
  options.crop_padding = integer_option("--crop-padding", request.crop_padding, {0, kMostPadding});
  options.flips = !request.no_flip;
  options.cutout = integer_option("--cutout", request.cutout, {0, kMostPadding});
  options.mixup = real_option("--mixup", request.mixup, 0.0, 1.0);
  static_cast<void>(teacher_share_of(request));
  constexpr std::int64_t kMostSeed = std::numeric_limits<std::int64_t>::max();
  options.seed = static_cast<std::uint64_t>(integer_option("--seed", request.seed, {0, kMostSeed}));
  options.normalization = request.normalization;
  if (!request.weight_limit.empty())
    options.weight_limit_deviations = real_option("--weight-limit", request.weight_limit, kLeastLimit, kLargest);
  return options;
}

std::span<const std::string_view> enum_names(DeviceChoice) {
  static constexpr auto kNames = std::to_array<std::string_view>({"auto", "cpu", "cuda"});
  static_assert(kNames.size() == static_cast<std::size_t>(DeviceChoice::kCuda) + 1);
  return kNames;
}

DeviceChoice device_choice_of(const TrainRequest& request) {
  const auto choice = named_option<DeviceChoice>("--device", request.device);
  if (choice == DeviceChoice::kCuda && !request.threads.empty() && request.threads != "1")
    throw UserError(fmt::format("--threads: {}, allowed with --device cuda: 1", request.threads));
  return choice;
}

ChipRequest chip_request_of(const TrainRequest& request) {
  constexpr std::int64_t kMostBits = 16;
  constexpr double kLeastShare = 0.5;
  ChipRequest result;
  if (!request.quantize.empty()) result.bits = integer_option("--quantize", request.quantize, {2, kMostBits});
  result.ranges = named_option<RangeChoice>("--ranges", request.ranges);
  if (result.ranges == RangeChoice::kLearned && result.bits == 0)
    throw UserError("--ranges: learned, allowed without --quantize: percentile");
  result.range_fraction = real_option("--range-fraction", request.range_fraction, kLeastShare, 1.0);
  std::tie(result.first_sigma_fraction, result.last_sigma_fraction) = noise_sigma_of(request);
  if (!request.noise.empty() && result.bits == 0) throw UserError("--noise: needs --quantize, whose codes it is about");
  if (!request.adc_start.empty()) {
    result.adc_start_fraction = real_option("--adc-start", request.adc_start, 0.0, 1.0);
    if (result.bits == 0) throw UserError("--adc-start: needs --quantize, whose codes make the sums");
  }
  constexpr double kLeastPruned = 0.001;
  constexpr double kMostPruned = 0.9;
  constexpr double kMostSteps = 0.95;
  if (!request.prune.empty()) result.pruning.fraction = real_option("--prune", request.prune, kLeastPruned, kMostPruned);
  result.prune_shape = named_option<PruneShape>("--prune-shape", request.prune_shape);
  result.pruning.method = named_option<PruneMethod>("--prune-method", request.prune_method);
  result.pruning.active_fraction = real_option("--prune-steps", request.prune_steps, 0.0, kMostSteps);
  result.pruning.keeps_zeros = request.keep_zeros;
  static_cast<void>(pruning_compilation_of(request));
  const bool needs_chip =
      !request.noise.empty() || !request.noise_sigma.empty() || !request.adc_start.empty() || !request.prune.empty();
  if (needs_chip && request.chip.empty()) throw UserError("--noise, --noise-sigma, --adc-start, --prune: need --chip");
  if (!needs_chip && !request.chip.empty())
    throw UserError("--chip: has no effect without --noise, --noise-sigma, --adc-start or --prune");
  return result;
}

CompileOptions pruning_compilation_of(const TrainRequest& request) {
  CompileOptions options;
  options.duplicate = false;
  set_compile_option(options, "max_blocks_per_crossbar", request.max_blocks_per_crossbar);
  return options;
}

std::pair<double, double> noise_sigma_of(const TrainRequest& request) {
  if (request.noise_sigma.empty()) return {0.0, 0.0};
  const std::size_t colon = std::min(request.noise_sigma.find(':'), request.noise_sigma.size());
  const std::string first = request.noise_sigma.substr(0, colon);
  const std::string last = colon == request.noise_sigma.size() ? first : request.noise_sigma.substr(colon + 1);
  const double first_sigma = real_option("--noise-sigma", first, 0.0, 1.0);
  return {first_sigma, real_option("--noise-sigma", last, 0.0, 1.0)};
}

double teacher_share_of(const TrainRequest& request) {
  if (!request.teacher_share.empty() && request.teachers.empty())
    throw UserError("--teacher-share: has no effect without --teacher");
  constexpr double kUsual = 0.5;  // assumed: as much of the answers as of the labels
  constexpr double kLeast = 1e-6;
  return request.teacher_share.empty() ? kUsual : real_option("--teacher-share", request.teacher_share, kLeast, 1.0);
}

double checkpoint_seconds_of(const TrainRequest& request) {
  return real_option("--checkpoint-seconds", request.checkpoint_seconds, 0.0, kLargest);
}

std::int64_t num_synthetic_images_of(const TrainRequest& request) {
  constexpr std::int64_t kFewest = 20;
  constexpr std::int64_t kMost = 1'000'000;
  return integer_option("--synthetic-images", request.synthetic_images, {kFewest, kMost});
}

ImageData training_data(const TrainRequest& request, std::uint64_t seed) {
  const std::int64_t num_synthetic = num_synthetic_images_of(request);
  if (request.data == "synthetic") return synthetic_images(num_synthetic, num_synthetic, seed);
  return load_images(request.data, num_synthetic, seed);
}

}  // namespace crossloom
