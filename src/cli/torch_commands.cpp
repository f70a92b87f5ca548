#include <array>

#include "cli/command.h"

namespace crossloom {

/// The table of crossloom-torch: the commands that need LibTorch, under the names by which crossloom calls them.
std::span<const Command> commands() {
  static constexpr std::array<Command, 1> kCommands = {{
      {"train", "train a network with LibTorch", define_train},
  }};
  return kCommands;
}

}  // namespace crossloom
