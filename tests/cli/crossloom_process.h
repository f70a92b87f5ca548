#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace crossloom {

/// What the program under test left behind.
struct ProcessResult {
  int exit_code = -1;  ///< -1 when a signal ended it
  std::string out;     ///< standard output
  std::string err;     ///< standard error
};

/// The surroundings it runs in.
struct ProcessOptions {
  std::string folder = {};                                            ///< working folder; empty: that of the test
  std::optional<std::int64_t> max_file_bytes = {};                    ///< no file may grow beyond this (RLIMIT_FSIZE)
  std::string standard_output = {};                                   ///< path to write standard output to; empty: captured
  std::vector<std::pair<std::string, std::string>> environment = {};  ///< variables to set
  std::vector<std::string> launcher = {};                             ///< such as mpirun with its options
};

/// Runs the built `crossloom`, behind the words of a launcher if there are any, with these arguments and waits for its end.
[[nodiscard]] ProcessResult crossloom_process(const std::vector<std::string>& arguments, const ProcessOptions& options = {});

}  // namespace crossloom
