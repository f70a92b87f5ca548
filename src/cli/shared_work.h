#pragma once

#include <string>

#include "sweep/work_sharing.h"

namespace crossloom {

/// How this program shares the work of a command: crossloom among threads, crossloom-mpi among the ranks of its job. `jobs`:
/// the value of --jobs, empty when it was not given. Under mpirun crossloom becomes crossloom-mpi. Throws UserError: a value
/// out of its range, crossloom-mpi is missing.
[[nodiscard]] WorkSharing& shared_work(const std::string& command, const std::string& jobs);

}  // namespace crossloom
