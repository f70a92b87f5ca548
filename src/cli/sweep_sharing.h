#pragma once

#include <string>

#include "sweep/point_sharing.h"

namespace crossloom {

/// How this program shares the points of a sweep: crossloom among threads, crossloom-mpi among the ranks of its job. `jobs`:
/// the value of --jobs, empty when it was not given. Under mpirun crossloom becomes crossloom-mpi. Throws UserError: a value
/// out of its range, crossloom-mpi is missing.
[[nodiscard]] PointSharing& sweep_sharing(const std::string& jobs);

}  // namespace crossloom
