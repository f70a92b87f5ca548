#include <algorithm>
#include <cstdlib>
#include <string_view>
#include <thread>

#include "cli/shared_work.h"
#include "cli/sibling_program.h"
#include "compiler/option_values.h"

namespace crossloom {
namespace {

/// Whether a launcher started this process as one of several: Open MPI's mpirun, or those of MPICH and its like.
bool is_rank() {
  for (const char* variable : {"OMPI_COMM_WORLD_SIZE", "PMI_SIZE"}) {
    const char* size = std::getenv(variable);
    if (size != nullptr && std::string_view(size) != "1") return true;
  }
  return false;
}

}  // namespace

WorkSharing& shared_work(const std::string& command, const std::string& jobs) {
  if (is_rank()) {
    become_sibling("crossloom-mpi", command, "MPI",
                   "install libopenmpi-dev on Debian or Ubuntu, then build with -DCROSSLOOM_MPI=ON");
  }
  constexpr std::int64_t kMaxThreads = 1024;
  static ThreadSharing sharing(jobs.empty() ? std::max<std::int64_t>(std::thread::hardware_concurrency(), 1)
                                            : integer_option("--jobs", jobs, {1, kMaxThreads}));
  return sharing;
}

}  // namespace crossloom
