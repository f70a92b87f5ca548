#pragma once

#include "cli/command.h"

namespace crossloom {

/// Parses the arguments of `main`, runs the command and prints its result. Every exception ends here: a message on standard
/// error and the exit code that goes with it.
[[nodiscard]] ExitCode run_command_line(int argc, const char* const* argv);

}  // namespace crossloom
