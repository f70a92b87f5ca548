#pragma once

#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <vector>

#include "tests/cli/crossloom_process.h"

#ifdef CROSSLOOM_MPIRUN

namespace crossloom {

/// Ranks on one machine, as many as asked for, whoever the user is.
[[nodiscard]] ProcessOptions ranks(const std::string& num_ranks);

/// Runs a command on three ranks and kills one as soon as `file` has more than `num_bytes`; the job's exit code, or -1 when
/// that did not come about.
[[nodiscard]] int exit_code_without_a_rank(const std::vector<std::string>& command, const std::string& file,
                                           std::size_t num_bytes);

/// On ranks of an MPI job; skipped where the launcher cannot start any process.
class OnRanks : public testing::Test {
 protected:
  void SetUp() override {
    const ProcessResult result = crossloom_process({"--version"}, ranks("2"));
    if (result.exit_code != 0) GTEST_SKIP() << "mpirun cannot start processes here: " << result.err;
  }
};

}  // namespace crossloom

#endif
