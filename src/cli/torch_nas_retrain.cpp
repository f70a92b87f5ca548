#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <optional>
#include <variant>

#include "cli/console.h"
#include "cli/nas_request.h"
#include "cli/output_folder.h"
#include "cli/torch_device.h"
#include "cli/torch_networks.h"
#include "compiler/export/network_to_onnx.h"
#include "compiler/import/load_network.h"
#include "nas/candidate/search_results.h"
#include "nas/torch/supernet_accuracy.h"
#include "report/quantity.h"
#include "report/report_page.h"
#include "report/text_table.h"
#include "simulator/metrics/metrics_files.h"
#include "simulator/simulate.h"
#include "support/atomic_file.h"
#include "support/csv.h"
#include "support/document.h"
#include "support/error.h"
#include "support/number_text.h"
#include "sweep/results_table.h"
#include "training/classifier_head.h"
#include "training/training_run.h"

namespace crossloom {
namespace {

constexpr double kPercent = 100.0;
constexpr std::string_view kNetworkFile = "network.onnx";

ResultsTable front_of(const std::string& folder) {
  const std::string path = path_in(folder, kFrontFile);
  return {read_text_file(path), path};
}

/// A finished search with the supernet it scored accuracy by.
struct FinishedSearch {
  FinishedSearch(const std::string& from, const TrainRequest& images)
      : folder(from),
        file(parse_search_yaml(read_text_file(path_in(from, kSearchFile)), path_in(from, kSearchFile))),
        front(front_of(from)),
        supernet(read_supernet(path_in(from, kSupernetFile), file.space)),
        data(training_data(images, static_cast<std::uint64_t>(supernet.seed))),
        accuracy(file, supernet, data),
        evaluator(file) {}

  [[nodiscard]] const std::string& name(std::size_t row) const { return front.cell(row, front.column("candidate")); }
  [[nodiscard]] Genotype genotype(std::size_t row) const {
    std::vector<std::string> texts;
    for (const Gene& gene : evaluator.genes()) texts.push_back(front.cell(row, front.column(gene.name)));
    return evaluator.genotype_of(texts);
  }
  [[nodiscard]] Subnetwork subnetwork(std::size_t row) const { return subnetwork_of(file.space, genotype(row)); }
  [[nodiscard]] std::string retrained_folder(std::size_t row) const { return path_in(folder, "retrained_" + name(row)); }

  std::string folder;
  SearchFile file;
  ResultsTable front;
  Supernet supernet;
  ImageData data;
  SupernetAccuracy accuracy;
  CandidateEvaluator evaluator;
};

std::vector<std::size_t> picked_rows(const FinishedSearch& search, const std::string& pick) {
  std::vector<std::size_t> rows;
  std::string names;
  for (std::size_t row = 0; row < search.front.num_rows(); ++row) {
    if (pick == "all" || pick == search.name(row)) rows.push_back(row);
    names += ", " + search.name(row);
  }
  if (rows.empty()) throw UserError(fmt::format("--pick: {} is not one of all{}", pick, names));
  return rows;
}

/// Trains one network on from its inherited weights; its best held-out accuracy.
double retrain(const FinishedSearch& search, std::size_t row, const TrainingOptions& options, const TrainingAids& aids,
               const TrainRequest& request, Console& console) {
  const TrainableNetwork start = search.accuracy.inherited(search.subnetwork(row));
  require_same_task(aids.teachers.get(), start.network);
  const std::string folder = search.retrained_folder(row);
  std::filesystem::create_directories(folder);
  RunOptions run{.folder = folder,
                 .resumes = request.resumes && std::filesystem::exists(path_in(folder, kCheckpointFile)),
                 .checkpoint_seconds = checkpoint_seconds_of(request),
                 .identity = {}};
  run.progress = [&](const TrainingProgress& progress) {
    console.progress(fmt::format("candidate {}, {:.0f} s left", search.name(row), progress.seconds_left),
                     static_cast<double>(progress.num_steps) / static_cast<double>(progress.num_steps_total));
  };
  const SizedImages images(search.file.space, search.data.train);
  const TrainingResult result = train(start, images.of(start.network.input_shape), options, run, aids);
  console.clear_progress();
  write_onnx_model(to_onnx(start.network, to_store(start.network, result.best)), path_in(folder, kNetworkFile));
  return result.records.at(static_cast<std::size_t>(result.best_epoch - 1)).validation_accuracy_fraction;
}

/// Compiles and simulates a retrained network as its file holds it.
RunMetrics write_run(const FinishedSearch& search, std::size_t row) {
  const std::string folder = search.retrained_folder(row);
  const Network network = load_network(path_in(folder, kNetworkFile)).network;
  const auto compiled = search.evaluator.compiled(network, search.genotype(row));
  if (!std::holds_alternative<CompiledNetwork>(compiled))
    throw UserError(search.name(row) + ": does not fit on the chip any more; it was searched with another crossloom");
  const auto& fitting = std::get<CompiledNetwork>(compiled);
  RunMetrics metrics = simulate(fitting.program, {});
  write_compilation(folder, fitting,
                    {.metrics_json = metrics_to_json(metrics),
                     .report_html = report_page({.tile_map = fitting.tile_map, .metrics = metrics})});
  return metrics;
}

/// Accuracy on all test images of a network that was retrained; nothing when it was not.
std::optional<double> retrained_test_accuracy(const FinishedSearch& search, std::size_t row) {
  const std::string path = path_in(search.retrained_folder(row), kNetworkFile);
  if (!std::filesystem::exists(path)) return std::nullopt;
  const NetworkFile file = load_network(path);
  return search.accuracy.test_accuracy(trainable(file.network, file.weights));
}

}  // namespace

ExitCode nas_retrain_command(const NasRetrainRequest& request, Console& console) {
  const FinishedSearch search(request.folder, request.training);
  TrainingOptions options = training_options_here(request.training);
  // What was held out of the supernet's training stays held out.
  options.validation_fraction = search.supernet.validation_fraction;
  options.seed = static_cast<std::uint64_t>(search.supernet.seed);
  options.normalization = search.supernet.normalization;
  const TrainingAids aids{.teachers = teachers_of(request.training, options)};
  TextTable table({{"candidate"}, {"inherited"}, {"retrained"}, {"crossbars"}, {"latency"}, {"energy"}});
  Json::Array list;
  for (const std::size_t row : picked_rows(search, request.pick)) {
    const double inherited = search.accuracy.held_out_score(search.subnetwork(row)).accuracy_fraction;
    const double retrained = retrain(search, row, options, aids, request.training, console);
    const RunMetrics metrics = write_run(search, row);
    table.add_row({search.name(row), fmt::format("{:.2f} %", kPercent * inherited),
                   fmt::format("{:.2f} %", kPercent * retrained), count_text(metrics.num_crossbars_used),
                   time_text(metrics.latency_ns), energy_text(metrics.energy_pj.total)});
    list.emplace_back(Json::Object{{"candidate", search.name(row)},
                                   {"folder", search.retrained_folder(row)},
                                   {"inherited_accuracy_fraction", inherited},
                                   {"retrained_accuracy_fraction", retrained}});
  }
  console.print(fmt::format("accuracy on held-out images, {} epochs\n{}wrote {} to {}, {}, {} and others\n", options.num_epochs,
                            table.text(), kNetworkFile, path_in(request.folder, "retrained_N"), kTileMapFile, kMetricsFile));
  console.print_json(Json(std::move(list)));
  return ExitCode::kDone;
}

void nas_test_front(const std::string& folder, const TrainRequest& images, const std::string& baseline) {
  const FinishedSearch search(folder, images);
  std::string text = fmt::format("candidate,{},{}\n", kInheritedColumn, kRetrainedColumn);
  for (std::size_t row = 0; row < search.front.num_rows(); ++row) {
    const double inherited = search.accuracy.test_accuracy(search.accuracy.inherited(search.subnetwork(row)));
    const std::optional<double> retrained = retrained_test_accuracy(search, row);
    text += fmt::format("{},{},{}\n", search.name(row), shortest_text(inherited), retrained ? shortest_text(*retrained) : "");
  }
  if (!baseline.empty()) {
    const TrainableNetwork network = trained_network("--baseline", baseline);
    const ImageSet& tested = search.data.test;
    const std::string problem = classifier_problem(network.network, tested.shape, tested.num_classes);
    if (!problem.empty()) throw UserError("--baseline: " + problem);
    text += fmt::format("{},,{}\n", kTestedBaseline, shortest_text(search.accuracy.test_accuracy(network)));
  }
  write_file_atomically(path_in(folder, kTestFile), text);
}

}  // namespace crossloom
