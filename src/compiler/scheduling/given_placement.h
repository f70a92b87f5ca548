#pragma once

#include <span>
#include <string_view>

#include "compiler/rnc/rnc_layers.h"
#include "simulator/program/placed_program.h"

namespace crossloom {

/// The program with the blocks of its layers where `placements` have them, and as many copies as they make up. Layers count
/// from 0 among those with blocks. Of the blocks of one size of a layer, in the order of placements, the first ones are those
/// of the first copy, and so on; a layer keeps no more copies than windows, as further ones would serve nothing. The budget
/// becomes the crossbars up to the last one used. Throws UserError `source: ...` when the placements are not whole copies of
/// every layer's blocks or lie outside the chip; whether blocks overlap is for verify_program to say.
[[nodiscard]] PlacedProgram with_placements(PlacedProgram program, std::span<const RncPlacement> placements,
                                            std::string_view source_name);

}  // namespace crossloom
