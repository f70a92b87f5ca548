#include "cli/nas_request.h"

#include <CLI/CLI.hpp>
#include <filesystem>

#include "cli/output_folder.h"
#include "nas/supernet/supernet_file.h"
#include "support/data_folder.h"

namespace crossloom {

void add_nas_train_options(CLI::App& app, NasTrainRequest& request) {
  app.add_option("SEARCH", request.file, "space, input and classes as for search: docs/nas.md")->required()->type_name("");
  add_image_options(app, request.training);
  app.get_option("--data")->required();
  app.add_option("--out", request.training.out, "folder for supernet.bin, training.csv and checkpoint.bin")
      ->required()
      ->type_name("DIR");
  add_recipe_options(app, request.training);
  app.add_option(
         "--supernet", request.supernet,
         "supernet.bin to train on, the folder of nas train, or one that comes with crossloom; the same images, --seed and\n"
         "--validation (default: none, weights are drawn)")
      ->type_name("FILE");
  app.add_option("--largest-epochs", request.largest_fraction,
                 "share of the epochs in which the largest network is trained alone (default: 0.25)")
      ->type_name("F");
  app.add_option("--drawn", request.num_random, "networks drawn in each step beside the largest and the smallest (default: 2)")
      ->type_name("N");
  app.add_option(
         "--noise-sigma", request.training.noise_sigma,
         "weights get normal errors of this share of the largest weight in their block of the search's chip, from A at\n"
         "the beginning to B at the end")
      ->type_name("A[:B]");
  app.footer(
      "Trains the weights that all networks of a space share. Needs LibTorch (Debian, Ubuntu: libtorch-dev) when crossloom is\n"
      "built. Example: crossloom nas train search.yaml --data cifar-10-batches-bin --out supernet --epochs 40");
}

void add_nas_retrain_options(CLI::App& app, NasRetrainRequest& request) {
  // Short, and gentle with what has been learned already.
  request.training.epochs = "10";
  request.training.learning_rate = "0.02";
  app.add_option("DIR", request.folder, "folder of a search for accuracy")->required()->type_name("");
  app.add_option("--pick", request.pick, "number of a network of the front, or all")->required()->type_name("K");
  add_image_options(app, request.training);
  app.get_option("--data")->required();
  add_recipe_options(app, request.training);
  app.footer(
      "Trains networks of the front on from the weights they inherit. Writes DIR/retrained_K: network.onnx, training.csv,\n"
      "checkpoint.bin, tilemap.json, program.json, metrics.json, report.html. Held-out images, pixels and seed are the "
      "supernet's.");
}

void add_nas_quick_options(CLI::App& app, NasQuickRequest& request) {
  app.add_option("--chip", request.chip, "a built-in chip (crossloom chips) or a .yaml file")->required()->type_name("CHIP");
  app.add_option("--space", request.space,
                 "a built-in space (crossloom nas spaces) or a .yaml file (default: mobilenet_v3_small)")
      ->type_name("SPACE");
  app.add_option(
         "--samples", request.samples,
         "trained.csv, or its folder, by which accuracy is predicted (default: those that come with the space; none, or\n"
         "where there are none: NN-Degree itself stands for accuracy)")
      ->type_name("FILE");
  app.add_option("--crossbars", request.crossbars, "crossbars that networks must fit (default: the chip's)")->type_name("N");
  app.add_option("--out", request.search.folder, "folder of results, as of nas search")->required()->type_name("DIR");
  app.add_option("-j,--jobs", request.search.jobs, "candidates scored at a time (default: the machine's threads)")
      ->type_name("N");
  app.add_option("--seed", request.search.seed, "selects the draws (default: 1)")->type_name("S");
  app.add_option("--evaluations", request.search.evaluations, "candidates scored at most (default: 1000)")->type_name("N");
  app.footer(
      "Finds networks of high accuracy and low latency; DIR/search.yaml is a search that can be edited and given to nas "
      "search.\n"
      "Trained samples: crossloom nas sample, then bench/nas/train_alone.sh.\n"
      "Example: crossloom nas quick --chip rnc-mnsim-128 --crossbars 211 --out out/quick");
}

void add_nas_sample_options(CLI::App& app, NasSampleRequest& request) {
  app.add_option("SEARCH", request.file, "space, input and classes as for search: docs/nas.md")->required()->type_name("");
  app.add_option("--networks", request.count, "how many (default: 30)")->type_name("N");
  app.add_option("--out", request.folder, "folder for samples.csv, search.yaml and sample_K.onnx")
      ->required()
      ->type_name("DIR");
  app.add_option("--seed", request.seed, "selects the draws (default: 1)")->type_name("S");
  app.footer(
      "Draws different networks, whether they fit on the chip or not, from the fewest MACs to the most at equal distances.\n"
      "bench/nas/train_alone.sh trains them, nas score has their accuracy in a supernet.");
}

void add_nas_score_options(CLI::App& app, NasScoreRequest& request) {
  app.add_option("DIR", request.folder,
                 "folder of nas sample, or of a search, whose front is scored; gets scored.csv and supernet.bin")
      ->required()
      ->type_name("");
  add_image_options(app, request.images);
  app.get_option("--data")->required();
  app.add_option("--supernet", request.supernet,
                 "supernet.bin, the folder of nas train, or one that comes with crossloom (docs/nas.md)")
      ->required()
      ->type_name("FILE");
  app.add_option("-j,--jobs", request.jobs, "networks scored at a time (default: the machine's threads)")->type_name("N");
}

std::string supernet_path(const std::string& file_or_folder) {
  namespace fs = std::filesystem;
  if (fs::is_directory(file_or_folder)) return path_in(file_or_folder, kSupernetFile);
  const std::string builtin = path_in(data_folder() + "/models/supernets/" + file_or_folder, kSupernetFile);
  return !fs::exists(file_or_folder) && fs::exists(builtin) ? builtin : file_or_folder;
}

}  // namespace crossloom
