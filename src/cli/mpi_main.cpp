#include <csignal>
#include <memory>

#include "cli/command_line.h"
#include "cli/sweep_sharing.h"
#include "support/error.h"
#include "sweep/mpi_sharing.h"

namespace crossloom {
namespace {

std::unique_ptr<MpiSharing> mpi_job;

/// Runs this rank's part of the command.
int run_rank(int argc, char** argv) {
  if (!mpi_job->is_leader() && !mpi_job->wait_for_leader()) return 0;
  const int status = static_cast<int>(run_command_line(argc, argv));
  // The others would wait for ever.
  if (status != 0 && mpi_job->has_begun()) MpiSharing::abort(status);
  if (mpi_job->is_leader()) mpi_job->end_without_points();
  return status;
}

}  // namespace

PointSharing& sweep_sharing(const std::string& jobs) {
  if (!jobs.empty())
    throw UserError("--jobs: " + jobs + ", allowed only without mpirun: each rank works on one point at a time");
  return *mpi_job;
}

}  // namespace crossloom

int main(int argc, char** argv) {
  // A closed pipe and a file size limit come back as errors of write(), which have a message and an exit code.
  static_cast<void>(std::signal(SIGPIPE, SIG_IGN));
  static_cast<void>(std::signal(SIGXFSZ, SIG_IGN));
  crossloom::mpi_job = std::make_unique<crossloom::MpiSharing>(&argc, &argv);
  const int status = crossloom::run_rank(argc, argv);
  crossloom::mpi_job.reset();
  return status;
}
