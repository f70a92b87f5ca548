#include "tests/cli/crossloom_process.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <stdexcept>

#include "support/document.h"
#include "tests/support/scratch_folder.h"

namespace crossloom {
namespace {

constexpr int kCannotStart = 127;

void redirect(int descriptor, const std::string& path) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
  if (file < 0 || ::dup2(file, descriptor) < 0) ::_exit(kCannotStart);
}

/// The child's part: never returns.
[[noreturn]] void become_crossloom(std::vector<char*>& argv, const ProcessOptions& options, const std::string& out_path,
                                   const std::string& err_path) {
  redirect(STDOUT_FILENO, out_path);
  redirect(STDERR_FILENO, err_path);
  if (!options.folder.empty() && ::chdir(options.folder.c_str()) != 0) ::_exit(kCannotStart);
  for (const auto& [name, value] : options.environment) ::setenv(name.c_str(), value.c_str(), 1);
  if (options.max_file_bytes) {
    const auto bytes = static_cast<rlim_t>(*options.max_file_bytes);
    const rlimit limit{.rlim_cur = bytes, .rlim_max = bytes};
    if (::setrlimit(RLIMIT_FSIZE, &limit) != 0) ::_exit(kCannotStart);
  }
  ::execvp(argv.front(), argv.data());
  ::_exit(kCannotStart);
}

}  // namespace

ProcessResult crossloom_process(const std::vector<std::string>& arguments, const ProcessOptions& options) {
  const ScratchFolder scratch;
  const std::string out_path = options.standard_output.empty() ? scratch.path("out") : options.standard_output;
  const std::string err_path = scratch.path("err");
  std::vector<std::string> words = options.launcher;
  words.emplace_back(CROSSLOOM_EXECUTABLE);
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  argv.reserve(words.size() + 1);
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);

  const pid_t child = ::fork();
  if (child < 0) throw std::runtime_error("cannot fork");
  if (child == 0) become_crossloom(argv, options, out_path, err_path);
  int status = 0;
  if (::waitpid(child, &status, 0) != child) throw std::runtime_error("cannot wait for the program");
  return {.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1,
          .out = options.standard_output.empty() ? read_text_file(out_path) : "",
          .err = read_text_file(err_path)};
}

}  // namespace crossloom
