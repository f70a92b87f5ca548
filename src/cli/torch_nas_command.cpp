#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <utility>

#include "cli/console.h"
#include "cli/nas_request.h"
#include "cli/output_folder.h"
#include "cli/shared_work.h"
#include "cli/torch_device.h"
#include "cli/torch_networks.h"
#include "compiler/option_values.h"
#include "nas/candidate/network_samples.h"
#include "nas/torch/supernet_accuracy.h"
#include "nas/torch/supernet_training.h"
#include "report/text_table.h"
#include "simulator/hardware/chip_yaml.h"
#include "support/atomic_file.h"
#include "support/document.h"
#include "support/error.h"
#include "support/number_text.h"

namespace crossloom {
namespace {

constexpr double kPercent = 100.0;

/// Noise of the weights, for the blocks of each network on the search's chip; empty without it.
std::function<HookMaker(const Network&)> noise_hooks(const SearchFile& file, const NasTrainRequest& request,
                                                     std::uint64_t seed) {
  const auto [first, last] = noise_sigma_of(request.training);
  if (first == 0.0 && last == 0.0) return {};
  return [chip = load_chip(file.chip), first = first, last = last, seed](const Network& network) {
    auto awareness = std::make_shared<ChipAwareness>();
    awareness->first_sigma_fraction = first;
    awareness->last_sigma_fraction = last;
    awareness->blocks = layer_blocks(network, chip);
    awareness->seed = seed;
    return chip_hooks(network, awareness);
  };
}

/// Held-out accuracy of the largest, the smallest and some drawn networks.
std::string sample_table(const SearchFile& file, const SupernetAccuracy& accuracy, std::uint64_t seed) {
  constexpr int kNumDrawn = 4;
  TextTable table({{"network", TextTable::Align::kLeft}, {"MACs"}, {"held-out images"}});
  const auto add = [&](const std::string& name, const Genotype& genotype) {
    const Subnetwork subnetwork = subnetwork_of(file.space, genotype);
    table.add_row({name, std::to_string(num_macs(build_network(file.space, subnetwork))),
                   fmt::format("{:.2f} %", kPercent * accuracy.held_out_score(subnetwork).accuracy_fraction)});
  };
  const Genotype largest = largest_genotype(file.space);
  add("largest", largest);
  add("smallest", {.values = std::vector<double>(largest.values.size())});
  RandomStream random(seed, {.purpose = RandomPurpose::kSearch});
  const std::vector<Gene> genes = genes_of(file.space);
  for (int i = 0; i < kNumDrawn && !genes.empty(); ++i) add("drawn", random_genotype(genes, random));
  return table.text();
}

/// What an AccuracyScorer refers to.
struct ScoredSupernet {
  ScoredSupernet(const SearchFile& file, const std::string& path, const TrainRequest& images)
      : supernet(read_supernet(supernet_path(path), file.space)),
        data(training_data(images, static_cast<std::uint64_t>(supernet.seed))),
        accuracy(file, supernet, data) {}

  Supernet supernet;
  ImageData data;
  SupernetAccuracy accuracy;
};

}  // namespace

ExitCode nas_train_command(const NasTrainRequest& request, Console& console) {
  const SearchFile file = parse_search_yaml(read_text_file(request.file), request.file);
  const TrainingOptions options = training_options_here(request.training);
  constexpr std::int64_t kMostDrawn = 64;
  std::optional<Supernet> start;
  if (!request.supernet.empty()) start = read_supernet(supernet_path(request.supernet), file.space);
  const SupernetOptions supernet{.largest_fraction = real_option("--largest-epochs", request.largest_fraction, 0.0, 1.0),
                                 .num_random = integer_option("--drawn", request.num_random, {0, kMostDrawn}),
                                 .teachers = teachers_of(request.training, options),
                                 .start = std::move(start),
                                 .hooks = noise_hooks(file, request, options.seed)};
  require_same_task(supernet.teachers.get(),
                    build_network(file.space, subnetwork_of(file.space, largest_genotype(file.space))));
  const ImageData data = training_data(request.training, options.seed);
  const std::string& folder = request.training.out;
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) throw UserError(fmt::format("--out: {}: cannot be created: {}", folder, error.message()));

  RunOptions run{.folder = folder,
                 .resumes = request.training.resumes,
                 .checkpoint_seconds = checkpoint_seconds_of(request.training),
                 .identity = {{"weight noise", request.training.noise_sigma}}};
  run.progress = [&](const TrainingProgress& progress) {
    console.progress(fmt::format("training, {:.0f} s left", progress.seconds_left),
                     static_cast<double>(progress.num_steps) / static_cast<double>(progress.num_steps_total));
  };
  run.epoch_done = [&](const EpochRecord& record) {
    console.clear_progress();
    if (!console.wants_text()) return;
    fmt::print(stderr, "epoch {}/{}: training loss {:.4f}, largest network {:.2f} %, {:.0f} s\n", record.epoch,
               options.num_epochs, record.training_loss, kPercent * record.validation_accuracy_fraction, record.seconds);
  };
  const SupernetResult result = train_supernet(file.space, data.train, options, supernet, run);
  const std::string path = path_in(folder, kSupernetFile);
  write_supernet(path, result.supernet);

  const Supernet written = read_supernet(path, file.space);
  const SupernetAccuracy accuracy(file, written, data);
  console.print(fmt::format("{} networks of {} share {} numbers, trained on {}\n{}wrote {} ({} bytes)\n",
                            fmt::format("{:.3g}", num_subnetworks(file.space)), file.space.name, written.values.size(),
                            data.train.source, sample_table(file, accuracy, options.seed), path,
                            std::filesystem::file_size(path)));
  console.print_json(Json::Object{{"file", path},
                                  {"num_epochs", options.num_epochs},
                                  {"largest_validation_accuracy_fraction", result.records.back().validation_accuracy_fraction},
                                  {"seconds", result.records.back().seconds}});
  return ExitCode::kDone;
}

ExitCode nas_score_command(const NasScoreRequest& request, Console& console) {
  const std::string search = path_in(request.folder, kSearchFile);
  SearchFile file = parse_search_yaml(read_text_file(search), search);
  file.accuracy.num_images = 0;  // all held-out images, as those that are trained alone are scored on
  // Few networks are scored, so that it can be done well.
  constexpr std::int64_t kFewestCalibrated = 2000;
  file.accuracy.num_calibration_images = std::max(file.accuracy.num_calibration_images, kFewestCalibrated);
  const NamedNetworks networks = read_networks(file.space, request.folder);
  const ScoredSupernet scored(file, request.supernet, request.images);
  std::string text = fmt::format("{},supernet_accuracy_fraction,supernet_loss\n", networks.column);
  shared_work("nas score", request.jobs)
      .share(
          std::ssize(networks.networks), [](std::int64_t index) { return std::to_string(index); },
          [&](const std::string& index) {
            const auto& [name, genotype] = networks.networks[std::stoul(index)];
            const ClassificationScore score = scored.accuracy.held_out_score(subnetwork_of(file.space, genotype));
            return fmt::format("{},{},{}\n", name, shortest_text(score.accuracy_fraction), shortest_text(score.loss));
          },
          [&](std::int64_t, const std::string& row) { text += row; });
  constexpr std::int64_t kMostBytes = std::int64_t{1} << 40;
  write_files_atomically(request.folder,
                         {{std::string(kScoredSamplesFile), text},
                          {std::string(kSupernetFile), read_text_file(supernet_path(request.supernet), kMostBytes)}});
  const std::string path = path_in(request.folder, kScoredSamplesFile);
  console.print(fmt::format("{} networks scored on held-out images with the weights they inherit\nwrote {}\n",
                            networks.networks.size(), path));
  console.print_json(Json::Object{{"file", path}, {"num_networks", std::ssize(networks.networks)}});
  return ExitCode::kDone;
}

AccuracyScorer accuracy_scorer_of(const SearchFile& file, const NasSearchRequest& request) {
  const auto scored = std::make_shared<ScoredSupernet>(file, request.supernet, request.images);
  AccuracyScorer scorer = scored->accuracy.scorer();
  scorer.score = [scored, score = scorer.score](const Subnetwork& subnetwork, const ChipConfig& chip) {
    return score(subnetwork, chip);
  };
  return scorer;
}

}  // namespace crossloom
