#include <array>

#include "cli/command.h"

namespace crossloom {

/// The table of crossloom-torch: the commands that need LibTorch, under the names by which crossloom calls them.
std::span<const Command> commands() {
  static constexpr std::array<Command, 2> kCommands = {{
      {"train", "train a network with LibTorch", define_train},
      {"nas", "search for networks with LibTorch", define_nas},
  }};
  return kCommands;
}

}  // namespace crossloom
