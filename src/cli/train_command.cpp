#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

#include "cli/command.h"
#include "cli/console.h"
#include "cli/train_request.h"
#include "support/error.h"

namespace crossloom {
namespace {

/// The options that were given, as they were given.
std::vector<std::string> arguments_of(const CLI::App& app) {
  std::vector<std::string> arguments;
  for (const CLI::Option* option : app.get_options()) {
    if (option->count() == 0) continue;
    if (option->get_lnames().empty()) {
      arguments.insert(arguments.end(), option->results().begin(), option->results().end());
    } else if (option->get_items_expected_max() == 0) {
      arguments.push_back("--" + option->get_lnames().front());
    } else {
      for (const std::string& value : option->results()) arguments.push_back("--" + option->get_lnames().front() + '=' + value);
    }
  }
  return arguments;
}

/// Becomes crossloom-torch, which starts slowly and exists only where LibTorch does.
[[noreturn]] void run_torch_program(const std::string& command, const std::vector<std::string>& arguments) {
  const std::filesystem::path own = std::filesystem::read_symlink("/proc/self/exe");
  const std::string program = (own.parent_path() / "crossloom-torch").string();
  std::vector<std::string> words{program, command};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> pointers;
  pointers.reserve(words.size() + 1);
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  ::execv(program.c_str(), pointers.data());
  if (errno == ENOENT) {
    throw UserError(command + ": this crossloom was built without LibTorch: there is no " + program +
                    " (install libtorch-dev on Debian or Ubuntu, then build with -DCROSSLOOM_TORCH=ON)");
  }
  throw UserError(program + ": cannot be run: " + std::generic_category().message(errno));
}

}  // namespace

Action define_train(CLI::App& app) {
  auto request = std::make_shared<TrainRequest>();
  add_train_options(app, *request);
  return [request, &app](Console&) -> ExitCode {
    // What is wrong with the options is said without a start of LibTorch.
    static_cast<void>(training_options_of(*request));
    static_cast<void>(chip_request_of(*request));
    static_cast<void>(checkpoint_seconds_of(*request));
    static_cast<void>(num_synthetic_images_of(*request));
    run_torch_program("train", arguments_of(app));
  };
}

}  // namespace crossloom
