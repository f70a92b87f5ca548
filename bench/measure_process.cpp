// measure_process REPEATS COMMAND ARGUMENT...: runs a command several times and prints, on one line, the least wall time and
// CPU time (user and system) of the runs in milliseconds and the largest resident set of any of them in megabytes (10^6 bytes).

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <vector>

namespace {

struct Usage {
  double wall_ms = std::numeric_limits<double>::max();
  double cpu_ms = std::numeric_limits<double>::max();
  double peak_mb = 0.0;
};

double milliseconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_usec) / 1e3;
}

/// Runs the command once; exits with 1 when it fails.
Usage run_once(char* const* command) {
  using Clock = std::chrono::steady_clock;
  const Clock::time_point start = Clock::now();
  const pid_t child = ::fork();
  if (child == 0) {
    ::execvp(*command, command);
    ::_exit(127);
  }
  int status = 0;
  rusage usage{};
  if (child < 0 || ::wait4(child, &status, 0, &usage) != child || !WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    static_cast<void>(std::fprintf(stderr, "%s failed\n", *command));
    std::exit(1);
  }
  const std::chrono::duration<double, std::milli> wall = Clock::now() - start;
  constexpr double kBytesAKibibyte = 1024.0;
  return {.wall_ms = wall.count(),
          .cpu_ms = milliseconds(usage.ru_utime) + milliseconds(usage.ru_stime),
          .peak_mb = static_cast<double>(usage.ru_maxrss) * kBytesAKibibyte / 1e6};
}

}  // namespace

int main(int argc, char** argv) {
  const int repeats = argc > 1 ? std::atoi(argv[1]) : 0;
  if (argc < 3 || repeats < 1) {
    static_cast<void>(std::fprintf(stderr, "usage: measure_process REPEATS COMMAND ARGUMENT...\n"));
    return 2;
  }
  Usage best;
  for (int i = 0; i < repeats; ++i) {
    const Usage usage = run_once(argv + 2);
    best.wall_ms = std::min(best.wall_ms, usage.wall_ms);
    best.cpu_ms = std::min(best.cpu_ms, usage.cpu_ms);
    best.peak_mb = std::max(best.peak_mb, usage.peak_mb);
  }
  static_cast<void>(std::printf("%.1f %.1f %.1f\n", best.wall_ms, best.cpu_ms, best.peak_mb));
  return 0;
}
