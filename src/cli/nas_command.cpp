#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "cli/command.h"
#include "cli/console.h"
#include "cli/nas_request.h"
#include "cli/nas_search.h"
#include "cli/shared_work.h"
#include "nas/space/search_space_yaml.h"
#include "report/quantity.h"
#include "report/text_table.h"
#include "support/document.h"

namespace crossloom {
namespace {

using Align = TextTable::Align;

ExitCode search_command(const NasSearchRequest& request, Console& console) {
  WorkSharing& sharing = shared_work("nas search", request.jobs);
  const std::string text = read_text_file(request.file);
  return run_search(sharing, text, parse_search_yaml(text, request.file), request, console);
}

ExitCode list_spaces(Console& console) {
  TextTable table({{"space", Align::kLeft}, {"networks"}, {"genes"}, {"most MACs"}, {"source", Align::kLeft}});
  Json::Array list;
  for (const std::string& name : builtin_search_space_names()) {
    const SearchSpace space = load_search_space(name);
    const std::int64_t macs = num_macs(build_network(space, subnetwork_of(space, largest_genotype(space))));
    const auto num_genes = static_cast<std::int64_t>(genes_of(space).size());
    table.add_row({name, fmt::format("{:.3g}", num_subnetworks(space)), count_text(num_genes), count_text(macs), space.source});
    list.emplace_back(Json::Object{{"name", name},
                                   {"num_networks", num_subnetworks(space)},
                                   {"num_genes", num_genes},
                                   {"largest_num_macs", macs},
                                   {"source", space.source}});
  }
  console.print(table.text());
  console.print_json(Json(std::move(list)));
  return ExitCode::kDone;
}

}  // namespace

Action define_nas(CLI::App& app) {
  auto request = std::make_shared<NasSearchRequest>();
  CLI::App* searching = app.add_subcommand("search", "search a space for the best networks on a chip (NSGA-II)");
  searching->add_option("SEARCH", request->file, "space, chip, objectives, constraints: docs/nas.md")
      ->required()
      ->type_name("");
  searching->add_option("--out", request->folder, "folder of results; a search that was interrupted there is gone on with")
      ->required()
      ->type_name("DIR");
  searching->add_option("-j,--jobs", request->jobs, "candidates scored at a time (default: the machine's threads)")
      ->type_name("N");
  searching
      ->add_option("--algorithm", request->algorithm, "nsga2, rnc (its scheme of variation) or random, instead of the file's")
      ->type_name("NAME");
  searching->add_option("--seed", request->seed, "selects the draws, instead of the file's")->type_name("S");
  searching->add_option("--generations", request->generations, "generations after the first, instead of the file's")
      ->type_name("N");
  searching->add_option("--evaluations", request->evaluations, "candidates scored at most, instead of the file's")
      ->type_name("N");
  searching->footer(
      "Objectives accuracy, loss and noisy_accuracy need --data and --supernet, which `nas train` makes.\n"
      "Writes candidates.csv, front.csv (scored by the simulator), front.json, a network file each member of the front,\n"
      "log.jsonl and checkpoint.json. Interrupted, the same command goes on with the generation it was in.\n"
      "Under mpirun the ranks share the candidates.");
  add_image_options(*searching, request->images);
  searching
      ->add_option("--supernet", request->supernet,
                   "for accuracy: supernet.bin, the folder of nas train, or one that comes with crossloom (docs/nas.md)")
      ->type_name("FILE");
  auto train_request = std::make_shared<NasTrainRequest>();
  CLI::App* training = app.add_subcommand("train", "train the weights that all networks of a space share (LibTorch)");
  add_nas_train_options(*training, *train_request);
  auto retrain_request = std::make_shared<NasRetrainRequest>();
  CLI::App* retraining = app.add_subcommand("retrain", "train networks of a front on from their inherited weights (LibTorch)");
  add_nas_retrain_options(*retraining, *retrain_request);
  CLI::App* spaces = app.add_subcommand("spaces", "list the built-in search spaces");
  CLI::App* reporting = app.add_subcommand("report", "draw a search: one page with every figure, or one figure as SVG");
  const Action report = define_report(*reporting);
  auto test_images = std::make_shared<TrainRequest>();
  add_image_options(*reporting, *test_images);
  reporting->get_option("--data")->description(
      "run the front on the test images of this folder (`synthetic`: made-up ones) and show its accuracy");
  auto tested_baseline = std::make_shared<std::string>();
  reporting->add_option("--baseline", *tested_baseline, "a trained network that the front is compared with on the test images")
      ->type_name("NET")
      ->needs("--data");
  auto quick_request = std::make_shared<NasQuickRequest>();
  CLI::App* quick = app.add_subcommand("quick", "search a space in seconds, without any training (after FLASH)");
  add_nas_quick_options(*quick, *quick_request);
  auto sample_request = std::make_shared<NasSampleRequest>();
  CLI::App* sampling = app.add_subcommand("sample", "draw networks of a space, to be trained alone");
  add_nas_sample_options(*sampling, *sample_request);
  auto score_request = std::make_shared<NasScoreRequest>();
  CLI::App* scoring =
      app.add_subcommand("score", "accuracy of networks drawn or of a front with the weights of a supernet (LibTorch)");
  add_nas_score_options(*scoring, *score_request);
  app.require_subcommand(1);
  return [=](Console& console) {
    if (training->parsed()) return nas_train_command(*train_request, console);
    if (spaces->parsed()) return list_spaces(console);
    if (quick->parsed()) return nas_quick_command(*quick_request, console);
    if (sampling->parsed()) return nas_sample_command(*sample_request, console);
    if (scoring->parsed()) return nas_score_command(*score_request, console);
    if (retraining->parsed()) return nas_retrain_command(*retrain_request, console);
    if (reporting->parsed()) {
      if (!test_images->data.empty())
        nas_test_front(reporting->get_option("DIR")->as<std::string>(), *test_images, *tested_baseline);
      return report(console);
    }
    return search_command(*request, console);
  };
}

}  // namespace crossloom
