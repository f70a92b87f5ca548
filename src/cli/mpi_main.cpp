#include <csignal>

#include "cli/command_line.h"
#include "cli/shared_work.h"
#include "support/error.h"
#include "sweep/mpi_sharing.h"

namespace crossloom {
namespace {

/// The job this process is a rank of; begins at the first call and ends with the process.
MpiSharing& current_job() {
  static MpiSharing job;
  return job;
}

/// Runs this rank's part of the command.
int run_rank(int argc, char** argv) {
  MpiSharing& job = current_job();
  if (!job.is_leader() && !job.wait_for_leader()) return 0;
  const int status = static_cast<int>(run_command_line(argc, argv));
  // The others would wait for ever.
  if (status != 0 && job.has_begun()) MpiSharing::abort(status);
  if (job.is_leader()) job.end();
  return status;
}

}  // namespace

WorkSharing& shared_work(const std::string& /*command*/, const std::string& jobs) {
  if (!jobs.empty()) {
    throw UserError("--jobs: " + jobs + ", allowed only without mpirun: each rank does one thing at a time");
  }
  return current_job();
}

}  // namespace crossloom

int main(int argc, char** argv) {
  // A closed pipe and a file size limit come back as errors of write(), which have a message and an exit code.
  static_cast<void>(std::signal(SIGPIPE, SIG_IGN));
  static_cast<void>(std::signal(SIGXFSZ, SIG_IGN));
  return crossloom::run_rank(argc, argv);
}
