#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <numeric>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "accuracy/accuracy_sweep.h"
#include "accuracy/activation_ranges.h"
#include "accuracy/analog_settings.h"
#include "cli/command.h"
#include "cli/console.h"
#include "cli/output_folder.h"
#include "cli/torch_device.h"
#include "cli/torch_networks.h"
#include "cli/train_request.h"
#include "compiler/export/network_to_onnx.h"
#include "compiler/ir/initial_weights.h"
#include "report/quantity.h"
#include "report/text_table.h"
#include "simulator/hardware/chip_fields.h"
#include "simulator/hardware/chip_file.h"
#include "simulator/hardware/chip_yaml.h"
#include "support/atomic_file.h"
#include "support/error.h"
#include "support/json.h"
#include "training/chip_awareness.h"
#include "training/classifier_head.h"
#include "training/pruning.h"
#include "training/training_run.h"
#include "training/training_summary.h"

namespace crossloom {
namespace {

constexpr std::string_view kNetworkFile = "network.onnx";
constexpr std::string_view kTrainingFile = "training.json";
constexpr std::string_view kRangesFile = "activation_ranges.json";

/// The network for the data's shape and classes, with its stored weights if it has some and random ones otherwise.
TrainableNetwork start_of(const TrainRequest& request, const ImageData& data, std::uint64_t seed) {
  NetworkRequest wanted = request.network;
  const TensorShape& shape = data.train.shape;
  if (wanted.input.empty()) wanted.input = fmt::format("1x{}x{}x{}", shape.channels, shape.height, shape.width);
  const NetworkFile file = load_requested_network(wanted);
  if (file.network.input_shape != shape) {
    const TensorShape& input = file.network.input_shape;
    throw UserError(fmt::format("{} takes images of {}x{}x{}, those of {} are {}x{}x{}", file.network.name, input.channels,
                                input.height, input.width, data.train.source, shape.channels, shape.height, shape.width));
  }
  const Network network = with_num_classes(file.network, data.train.num_classes);
  const bool goes_on = !file.weights.empty() && network == file.network;
  if (goes_on && request.zero_residuals) throw UserError("--zero-residuals: has no effect: the network has weights already");
  TrainableNetwork start = trainable(network, goes_on ? file.weights : initial_weights(network, seed));
  if (request.zero_residuals) zero_last_scales_of_residuals(start);
  return start;
}

/// Draws of each code's error that training chooses from.
constexpr std::int64_t kErrorSamples = 256;

/// The chip that is asked for, if one is.
std::optional<ChipConfig> chip_of(const TrainRequest& request) {
  if (request.chip.empty()) return std::nullopt;
  return with_overrides(load_chip(request.chip), request.overrides);
}

ChipAwareness awareness_of(const TrainRequest& request, const std::optional<ChipConfig>& chip, const Network& network,
                           std::uint64_t seed) {
  const ChipRequest wanted = chip_request_of(request);
  ChipAwareness awareness{.weight_bits = wanted.bits,
                          .activation_bits = wanted.bits,
                          .ranges = wanted.ranges,
                          .range_fraction = wanted.range_fraction,
                          .first_sigma_fraction = wanted.first_sigma_fraction,
                          .last_sigma_fraction = wanted.last_sigma_fraction,
                          .drops_zeros = wanted.pruning.fraction > 0.0 || wanted.pruning.keeps_zeros,
                          .seed = seed};
  if (!chip) return awareness;
  awareness.blocks = layer_blocks(network, *chip);
  const auto require_bits = [&](std::string_view option, std::string_view key, std::int64_t bits) {
    if (bits == wanted.bits) return;
    throw UserError(
        fmt::format("--quantize: {}, allowed with {}: {}, the chip's arithmetic.{}", wanted.bits, option, bits, key));
  };
  if (!request.noise.empty()) {
    require_bits("--noise", "weight_bits", chip->arithmetic.weight_bits);
    awareness.errors = sample_code_errors(*chip, load_settings(request.noise, *chip).device, kErrorSamples, seed);
  }
  if (wanted.adc_start_fraction) {
    require_bits("--adc-start", "weight_bits", chip->arithmetic.weight_bits);
    require_bits("--adc-start", "activation_bits", chip->arithmetic.activation_bits);
    const std::vector<SweepPoint> settings =
        sweep_points(*chip, {.chip_file = chip_file(request.chip), .noise_file = request.noise}, {});
    awareness.converters = {.chip = *chip, .adc = settings.front().settings.adc, .start_fraction = *wanted.adc_start_fraction};
    require_trainable(*awareness.converters, network);
  }
  return awareness;
}

std::shared_ptr<const Pruning> pruning_of(const ChipRequest& wanted, const std::optional<ChipConfig>& chip,
                                          const TrainableNetwork& start) {
  std::vector<PruneGroup> groups;
  if (wanted.pruning.fraction > 0.0) {
    groups = prune_groups(start.network, ParameterLayout(start.network), *chip, wanted.prune_shape);
    if (groups.empty()) {
      throw UserError(fmt::format("--prune-shape: {}: no layer of {} has several of them on {}",
                                  enum_names(wanted.prune_shape)[static_cast<std::size_t>(wanted.prune_shape)],
                                  start.network.name, chip->name));
    }
  } else if (!wanted.pruning.keeps_zeros) {
    return nullptr;
  }
  return std::make_shared<const Pruning>(std::move(groups), wanted.pruning, start.values.parameters);
}

std::string pruning_text(const std::vector<PruningStage>& stages) {
  if (stages.empty()) return {};
  constexpr double kPercent = 100.0;
  TextTable table({{"pruning", TextTable::Align::kLeft},
                   {"crossbars"},
                   {"weights"},
                   {"model"},
                   {"energy"},
                   {"dynamic energy"},
                   {"latency"},
                   {"test images"}});
  for (const PruningStage& stage : stages) {
    table.add_row({stage.stage, count_text(stage.num_crossbars), count_text(stage.num_weights),
                   fmt::format("{:.1f} kB", static_cast<double>(stage.num_model_bytes) / 1e3), energy_text(stage.energy_pj),
                   energy_text(stage.dynamic_energy_pj), time_text(stage.latency_ns),
                   fmt::format("{:.2f} %", kPercent * stage.test_accuracy_fraction)});
  }
  return '\n' + table.text();
}

std::string converters_text(const ChipAwareness& awareness) {
  if (!awareness.converters) return "none";
  const SumConverters& converters = *awareness.converters;
  return fmt::format("from {}, {} of {} levels, coverage {}, chip {}", converters.start_fraction,
                     enum_names(converters.adc.range)[static_cast<std::size_t>(converters.adc.range)],
                     converters.adc.largest_levels, converters.adc.coverage_fraction,
                     content_hash(write_fields(converters.chip).dump(-1)));
}

std::vector<std::pair<std::string, std::string>> identity_of(const ChipAwareness& awareness) {
  std::string numbers;
  for (const float error : awareness.errors.errors) numbers += fmt::format("{} ", error);
  for (const std::vector<WeightBlock>& blocks : awareness.blocks) {
    for (const WeightBlock& block : blocks)
      numbers += fmt::format("{} {} {} {} ", block.matrix_row0, block.matrix_col0, block.rows, block.cols);
  }
  return {{"quantization",
           fmt::format("{} bits, {} ranges, fraction {}", awareness.weight_bits,
                       enum_names(awareness.ranges)[static_cast<std::size_t>(awareness.ranges)], awareness.range_fraction)},
          {"converters", converters_text(awareness)},
          {"weight noise", fmt::format("sigma {} to {}, errors and blocks {}", awareness.first_sigma_fraction,
                                       awareness.last_sigma_fraction, content_hash(numbers))}};
}

void show_epoch(const EpochRecord& record, std::int64_t num_epochs) {
  constexpr double kPercent = 100.0;
  fmt::print(stderr, "epoch {}/{}: training loss {:.4f}, validation {:.2f} %, {:.0f} s\n", record.epoch, num_epochs,
             record.training_loss, kPercent * record.validation_accuracy_fraction, record.seconds);
}

ClassificationScore test_score(const TrainableNetwork& start, const NetworkValues& best, const ImageSet& images,
                               const TrainingOptions& options, const HookMaker& hooks) {
  std::vector<std::int64_t> places(static_cast<std::size_t>(images.size()));
  std::iota(places.begin(), places.end(), 0);
  return Trainer(start, images, options, {.hooks = hooks}).score(best, images, places);
}

ExitCode train_command(const TrainRequest& request, Console& console) {
  const TrainingOptions options = training_options_here(request);
  const ImageData data = training_data(request, options.seed);
  const TrainableNetwork start = start_of(request, data, options.seed);
  const std::shared_ptr<const Teachers> teachers = teachers_of(request, options);
  require_same_task(teachers.get(), start.network);
  std::error_code error;
  std::filesystem::create_directories(request.out, error);
  if (error) throw UserError(fmt::format("--out: {}: cannot be created: {}", request.out, error.message()));

  RunOptions run{.folder = request.out, .resumes = request.resumes, .checkpoint_seconds = checkpoint_seconds_of(request)};
  run.progress = [&](const TrainingProgress& progress) {
    console.progress(fmt::format("training, {:.0f} s left", progress.seconds_left),
                     static_cast<double>(progress.num_steps) / static_cast<double>(progress.num_steps_total));
  };
  run.epoch_done = [&](const EpochRecord& record) {
    console.clear_progress();
    if (console.wants_text()) show_epoch(record, options.num_epochs);
  };
  const ChipRequest wanted = chip_request_of(request);
  const std::optional<ChipConfig> chip = chip_of(request);
  const auto awareness = std::make_shared<const ChipAwareness>(awareness_of(request, chip, start.network, options.seed));
  run.identity = identity_of(*awareness);
  std::vector<PruningStage> stages;
  CompileOptions compilation = pruning_compilation_of(request);
  if (wanted.pruning.fraction > 0.0) stages.push_back(pruning_stage("before", start.network, *chip, compilation));
  const HookMaker hooks = chip_hooks(start.network, awareness);
  const TrainingResult result = train(start, data.train, options, run,
                                      {.hooks = hooks, .pruning = pruning_of(wanted, chip, start), .teachers = teachers});
  const ClassificationScore test = test_score(start, result.best, data.test, options, hooks);
  const WeightStore best = to_store(start.network, result.best);
  const std::string path = path_in(request.out, kNetworkFile);
  write_onnx_model(to_onnx(start.network, best), path);
  if (wanted.bits > 0) {
    const std::vector<double> ranges = ParameterLayout(start.network).ranges(result.best.statistics);
    const ActivationRanges used = activation_ranges(start.network, code_formats(start.network, ranges, wanted.bits));
    write_file_atomically(path_in(request.out, kRangesFile), activation_ranges_to_json(used));
  } else {
    // Of an earlier network in this folder.
    std::filesystem::remove(path_in(request.out, kRangesFile));
  }
  if (!stages.empty()) {
    stages.front().test_accuracy_fraction = test_score(start, start.values, data.test, options, hooks).accuracy_fraction;
    compilation.zeros_of = &best;
    stages.push_back(pruning_stage("after", start.network, *chip, compilation));
    stages.back().test_accuracy_fraction = test.accuracy_fraction;
  }

  const double validation = result.records.at(static_cast<std::size_t>(result.best_epoch - 1)).validation_accuracy_fraction;
  const TrainingSummary summary{.network = start.network.name,
                                .data = data.train.source,
                                .num_training_images = data.train.size(),
                                .num_test_images = data.test.size(),
                                .num_epochs = options.num_epochs,
                                .batch_size = options.batch_size,
                                .num_threads = options.num_workers,
                                .seed = static_cast<std::int64_t>(options.seed),
                                .best_epoch = result.best_epoch,
                                .validation_accuracy_fraction = validation,
                                .test_accuracy_fraction = test.accuracy_fraction,
                                .seconds = result.records.back().seconds,
                                .pruning = stages};
  write_file_atomically(path_in(request.out, kTrainingFile), training_to_json(summary));
  constexpr double kPercent = 100.0;
  console.print(
      fmt::format("{} on {}: best epoch {} of {}\n  held-out images  {:.2f} %\n  test images      {:.2f} %\n{}wrote {}\n",
                  start.network.name, data.train.source, result.best_epoch, options.num_epochs, kPercent * validation,
                  kPercent * test.accuracy_fraction, pruning_text(stages), path));
  console.print_json_text(training_to_json(summary));
  return ExitCode::kDone;
}

}  // namespace

Action define_train(CLI::App& app) {
  auto request = std::make_shared<TrainRequest>();
  add_train_options(app, *request);
  return [request](Console& console) { return train_command(*request, console); };
}

}  // namespace crossloom
