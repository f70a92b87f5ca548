#pragma once

#include <functional>
#include <span>
#include <string_view>

namespace CLI {
class App;
}

namespace crossloom {

class Console;

/// Exit status of the program.
enum class ExitCode {
  kDone = 0,
  kInternalError = 1,  ///< our own fault
  kUserError = 2,      ///< something the user must fix
  kDoesNotFit = 3,     ///< the network needs more crossbars, or larger tile buffers, than there are
};

/// What a command does once its options are parsed. Throws UserError for what the user must fix.
using Action = std::function<ExitCode(Console&)>;

/// A subcommand: `define` adds its options to the parser and returns what to do with their values.
struct Command {
  std::string_view name;
  std::string_view meaning;
  Action (*define)(CLI::App& app);
};

/// Table of all commands, in the order of the help; a new one is a file and a line.
[[nodiscard]] std::span<const Command> commands();

[[nodiscard]] Action define_models(CLI::App& app);
[[nodiscard]] Action define_chips(CLI::App& app);
[[nodiscard]] Action define_inspect(CLI::App& app);
[[nodiscard]] Action define_export(CLI::App& app);
[[nodiscard]] Action define_compile(CLI::App& app);
[[nodiscard]] Action define_simulate(CLI::App& app);
[[nodiscard]] Action define_run(CLI::App& app);
[[nodiscard]] Action define_accuracy(CLI::App& app);
[[nodiscard]] Action define_train(CLI::App& app);
[[nodiscard]] Action define_mvm(CLI::App& app);
[[nodiscard]] Action define_sweep(CLI::App& app);
[[nodiscard]] Action define_nas(CLI::App& app);
[[nodiscard]] Action define_report(CLI::App& app);
[[nodiscard]] Action define_compare(CLI::App& app);
[[nodiscard]] Action define_verify(CLI::App& app);
[[nodiscard]] Action define_docs(CLI::App& app);

}  // namespace crossloom
