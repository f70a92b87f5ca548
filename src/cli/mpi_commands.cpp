#include <array>

#include "cli/command.h"

namespace crossloom {

/// The commands of crossloom-mpi, which crossloom becomes under mpirun.
std::span<const Command> commands() {
  static constexpr std::array<Command, 2> kCommands = {{
      {"sweep", "score points on the ranks of an MPI job", define_sweep},
      {"nas", "search for networks on the ranks of an MPI job", define_nas},
  }};
  return kCommands;
}

}  // namespace crossloom
