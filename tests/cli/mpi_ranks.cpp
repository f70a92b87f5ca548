#include "tests/cli/mpi_ranks.h"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>
#include <thread>

namespace crossloom {
namespace {

/// The rank that was started last with these words; 0 when there is none.
pid_t newest_rank(const std::string& words) {
  pid_t newest = 0;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const pid_t process = std::atoi(entry.path().filename().c_str());
    std::ifstream file(entry.path() / "cmdline", std::ios::binary);
    const std::string line{std::istreambuf_iterator<char>(file), {}};
    if (line.starts_with(CROSSLOOM_EXECUTABLE) && line.find(words) != std::string::npos) newest = std::max(newest, process);
  }
  return newest;
}

}  // namespace

// Open MPI keeps what it allocates until its end.
ProcessOptions ranks(const std::string& num_ranks) {
  return {.environment = {{"OMPI_ALLOW_RUN_AS_ROOT", "1"},
                          {"OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1"},
                          {"OMPI_MCA_btl_vader_single_copy_mechanism", "none"},  // which containers forbid
                          {"ASAN_OPTIONS", "detect_leaks=0"}},
          .launcher = {CROSSLOOM_MPIRUN, "--oversubscribe", "--bind-to", "none", "-np", num_ranks}};
}

int exit_code_without_a_rank(const std::vector<std::string>& command, const std::string& file, std::size_t num_bytes) {
  const pid_t child = ::fork();
  if (child < 0) return -1;
  if (child == 0) {
    const ProcessResult result = crossloom_process(command, ranks("3"));
    ::_exit(result.exit_code == 0 ? 0 : 1);
  }
  const auto is_under_way = [&] {
    std::error_code missing;
    const auto size = std::filesystem::file_size(file, missing);
    return !missing && size > num_bytes;
  };
  for (int i = 0; i < 3000 && !is_under_way(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  const pid_t rank = newest_rank(command.back());
  const bool is_killed = rank > 0 && ::kill(rank, SIGKILL) == 0;
  int status = 0;
  if (::waitpid(child, &status, 0) != child || !is_killed) return -1;
  return WEXITSTATUS(status);
}

}  // namespace crossloom
