#include "cli/command_line.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <exception>
#include <string>
#include <string_view>
#include <vector>

#include "cli/console.h"
#include "support/config_reader.h"
#include "support/error.h"
#include "support/version.h"

namespace crossloom {
namespace {

constexpr std::string_view kProgram = "crossloom";

/// The parser with all its subcommands, and what each of them does.
class CommandLine {
 public:
  CommandLine() {
    app_.name(std::string(kProgram));
    app_.set_version_flag("--version", fmt::format("{} {}", kProgram, kVersion), "print the version");
    app_.set_help_flag("-h,--help", "print this help");
    app_.require_subcommand(1);
    app_.footer(
        "Exit status: 0 done, 1 internal error, 2 something to fix in the input, 3 the network does not fit.\n"
        "Example: crossloom run squeezenet1_1 --chip rnc-mnsim-128 --crossbars 1.5x");
    for (const Command& command : commands()) {
      CLI::App* subcommand = app_.add_subcommand(std::string(command.name), std::string(command.meaning));
      actions_.push_back(command.define(*subcommand));
      add_output_options(*subcommand);
      // `nas search ... --quiet` means the same as `nas --quiet search ...`.
      for (CLI::App* nested : subcommand->get_subcommands([](CLI::App*) { return true; })) nested->fallthrough();
      subcommands_.push_back(subcommand);
    }
  }

  /// Parses; throws CLI::ParseError (also for --help and --version) or UserError.
  void parse(int argc, const char* const* argv) {
    check_first_argument(argc > 1 ? argv[1] : "");
    try {
      app_.parse(argc, argv);
    } catch (const CLI::ExtrasError&) {
      refuse_extras();
    }
  }

  [[nodiscard]] ExitCode run() {
    if (output_.quiet && output_.verbose) throw UserError("--quiet: contradicts --verbose");
    Console console(output_);
    ExitCode code = ExitCode::kDone;
    for (std::size_t i = 0; i < subcommands_.size(); ++i) {
      if (subcommands_[i]->parsed()) code = actions_[i](console);
    }
    console.flush();
    return code;
  }

  /// Prints help or version, or turns what the parser refuses into a UserError.
  [[nodiscard]] ExitCode finish(const CLI::ParseError& error) {
    if (error.get_exit_code() != 0) throw UserError(fmt::format("{} ({} --help explains)", error.what(), parsed_name()));
    Console console({});
    console.print(text_of(error));
    console.flush();
    return ExitCode::kDone;
  }

 private:
  void add_output_options(CLI::App& subcommand) {
    subcommand.add_flag("--json", output_.json, "print one JSON document instead of text")->group("Output");
    subcommand.add_flag("-q,--quiet", output_.quiet, "print nothing but errors")->group("Output");
    subcommand.add_flag("-v,--verbose", output_.verbose, "print everything there is")->group("Output");
  }

  /// The parser would report an unknown command as a missing one, and a missing one without saying which there are.
  static void check_first_argument(std::string_view argument) {
    std::vector<std::string_view> names;
    for (const Command& command : commands()) names.push_back(command.name);
    if (std::ranges::find(names, argument) != names.end()) return;
    if (argument.starts_with('-')) {
      names = {"--help", "--version", "-h"};
      if (std::ranges::find(names, argument) != names.end()) return;
      throw UserError(
          fmt::format("{}: unknown option{}; options of a command stand behind it", argument, hint(argument, names)));
    }
    const std::string problem =
        argument.empty() ? "a command is missing" : fmt::format("{}: unknown command{}", argument, hint(argument, names));
    throw UserError(fmt::format("{}, allowed: {} (crossloom --help explains)", problem, fmt::join(names, ", ")));
  }

  [[nodiscard]] static std::string hint(std::string_view word, const std::vector<std::string_view>& candidates) {
    const std::string meant = did_you_mean(word, candidates);
    return meant.empty() ? "" : fmt::format(" (did you mean {}?)", meant);
  }

  [[nodiscard]] const CLI::App& parsed_app() const {
    for (const CLI::App* subcommand : subcommands_) {
      if (subcommand->parsed()) return *subcommand;
    }
    return app_;
  }

  [[nodiscard]] std::string parsed_name() const {
    const CLI::App& app = parsed_app();
    return &app == &app_ ? app.get_name() : app_.get_name() + ' ' + app.get_name();
  }

  [[noreturn]] void refuse_extras() const {
    const std::string extra = parsed_app().remaining(true).front();
    if (!extra.starts_with('-'))
      throw UserError(fmt::format("{}: not expected here ({} --help explains)", extra, parsed_name()));
    const std::string name = extra.substr(0, extra.find('='));
    std::vector<std::string> names;
    for (const CLI::Option* option : parsed_app().get_options()) {
      for (const std::string& long_name : option->get_lnames()) names.push_back("--" + long_name);
    }
    const std::vector<std::string_view> candidates(names.begin(), names.end());
    throw UserError(fmt::format("{}: unknown option{} ({} --help explains)", name, hint(name, candidates), parsed_name()));
  }

  /// What the parser would print for --help or --version.
  [[nodiscard]] std::string text_of(const CLI::ParseError& error) const {
    if (dynamic_cast<const CLI::CallForHelp*>(&error) != nullptr) return app_.help();
    return std::string(error.what()) + '\n';
  }

  CLI::App app_{"Maps neural networks onto RRAM crossbar chips and simulates them cycle by cycle."};
  OutputOptions output_;
  std::vector<CLI::App*> subcommands_;
  std::vector<Action> actions_;
};

ExitCode parse_and_run(int argc, const char* const* argv) {
  CommandLine command_line;
  try {
    command_line.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return command_line.finish(error);
  }
  return command_line.run();
}

}  // namespace

ExitCode run_command_line(int argc, const char* const* argv) {
  try {
    return parse_and_run(argc, argv);
  } catch (const DoesNotFitError& error) {
    fmt::print(stderr, "{}: {}\n", kProgram, error.what());
    return ExitCode::kDoesNotFit;
  } catch (const UserError& error) {
    fmt::print(stderr, "{}: error: {}\n", kProgram, error.what());
    return ExitCode::kUserError;
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}: internal error, please report: {}\n", kProgram, error.what());
    return ExitCode::kInternalError;
  }
}

}  // namespace crossloom
