#include <fmt/format.h>

#include <filesystem>
#include <string>

#include "cli/console.h"
#include "cli/nas_search.h"
#include "cli/output_folder.h"
#include "cli/shared_work.h"
#include "compiler/option_values.h"
#include "nas/candidate/network_samples.h"
#include "simulator/hardware/chip_yaml.h"
#include "support/data_folder.h"
#include "support/document.h"
#include "support/error.h"
#include "support/json.h"

namespace crossloom {
namespace {

constexpr std::string_view kDefaultSpace = "mobilenet_v3_small";

/// In place of samples: those that come with the space are not wanted either.
constexpr std::string_view kNoSamples = "none";

/// The samples that are asked for or, unless there are none, come with the space; empty without any.
std::string samples_of(const NasQuickRequest& request, const std::string& space) {
  if (request.samples == kNoSamples) return "";
  if (!request.samples.empty()) return trained_samples_path(request.samples);
  const std::string path = trained_samples_path(data_folder() + "/models/accuracy_samples/" + space);
  return std::filesystem::exists(path) ? path : "";
}

/// The search as a file would describe it.
std::string quick_search(const NasQuickRequest& request) {
  if (!request.samples.empty() && request.samples != kNoSamples && !request.space.empty())
    throw UserError("--space: has no effect with --samples, whose search.yaml says it");
  const std::string space = request.space.empty() ? std::string(kDefaultSpace) : request.space;
  const std::string samples = samples_of(request, space);
  std::string text = "space: " + Json(space).dump(-1) + '\n';
  if (!samples.empty()) {
    static_cast<void>(read_text_file(samples));
    const std::string search = (std::filesystem::path(samples).parent_path() / kSearchFile).string();
    if (!std::filesystem::exists(search))
      throw UserError("--samples: " + samples + ": needs search.yaml of nas sample beside it");
    text = space_lines(read_text_file(search), search);
  }
  constexpr std::int64_t kMostCrossbars = std::int64_t{1} << 40;
  std::string crossbars;
  if (!request.crossbars.empty())
    crossbars = fmt::format(", crossbars: {}", integer_option("--crossbars", request.crossbars, {1, kMostCrossbars}));
  text += fmt::format("chip: {}\nhardware: {{effort: fast{}}}\nobjectives: [{}, latency]\n", Json(request.chip).dump(-1),
                      crossbars, samples.empty() ? "nn_degree" : "predicted_accuracy");
  if (!samples.empty()) text += fmt::format("accuracy: {{samples: {}}}\n", Json(samples).dump(-1));
  return text + "search: {population: 50, evaluations: 1000, generations: 1000}\n";
}

}  // namespace

ExitCode nas_quick_command(const NasQuickRequest& request, Console& console) {
  WorkSharing& sharing = shared_work("nas quick", request.search.jobs);
  static_cast<void>(load_chip(request.chip));
  const std::string text = quick_search(request);
  const SearchFile file = parse_search_yaml(text, "nas quick");
  if (sharing.is_leader() && !needs_prediction(file)) {
    console.print(
        fmt::format("without trained samples of {} NN-Degree stands for accuracy, by which networks can be compared but no "
                    "accuracy is known;\n"
                    "`crossloom nas sample` and bench/nas/train_alone.sh make samples for --samples\n",
                    file.space.name));
  }
  return run_search(sharing, text, file, request.search, console);
}

}  // namespace crossloom
