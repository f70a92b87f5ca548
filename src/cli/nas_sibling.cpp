#include "cli/nas_request.h"
#include "cli/output_folder.h"
#include "cli/sibling_program.h"
#include "nas/candidate/network_samples.h"
#include "support/document.h"

namespace crossloom {
namespace {

[[noreturn]] void become_torch(const std::string& command) {
  become_sibling("crossloom-torch", command, "LibTorch",
                 "install libtorch-dev on Debian or Ubuntu, then build with -DCROSSLOOM_TORCH=ON");
}

}  // namespace

ExitCode nas_train_command(const NasTrainRequest& request, Console&) {
  // What is wrong with the options is said without a start of LibTorch.
  static_cast<void>(parse_search_yaml(read_text_file(request.file), request.file));
  static_cast<void>(training_options_of(request.training));
  static_cast<void>(device_choice_of(request.training));
  static_cast<void>(noise_sigma_of(request.training));
  become_torch("nas train");
}

ExitCode nas_retrain_command(const NasRetrainRequest& request, Console&) {
  static_cast<void>(parse_search_yaml(read_text_file(path_in(request.folder, kSearchFile)), request.folder));
  static_cast<void>(training_options_of(request.training));
  static_cast<void>(device_choice_of(request.training));
  become_torch("nas retrain");
}

ExitCode nas_score_command(const NasScoreRequest& request, Console&) {
  const SearchFile file =
      parse_search_yaml(read_text_file(path_in(request.folder, kSearchFile)), path_in(request.folder, kSearchFile));
  static_cast<void>(read_networks(file.space, request.folder));
  become_torch("nas score");
}

void nas_test_front(const std::string&, const TrainRequest&, const std::string&) { become_torch("nas report --data"); }

AccuracyScorer accuracy_scorer_of(const SearchFile&, const NasSearchRequest&) { become_torch("nas search for accuracy"); }

}  // namespace crossloom
