#include <csignal>

#include "cli/command_line.h"

int main(int argc, char** argv) {
  // A closed pipe and a file size limit come back as errors of write(), which have a message and an exit code.
  static_cast<void>(std::signal(SIGPIPE, SIG_IGN));
  static_cast<void>(std::signal(SIGXFSZ, SIG_IGN));
  return static_cast<int>(crossloom::run_command_line(argc, argv));
}
