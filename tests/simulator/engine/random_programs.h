#pragma once

#include "support/random_stream.h"
#include "tests/simulator/program/test_programs.h"

namespace crossloom {

/// A chip with every knob that changes timing drawn at random; one column a weight, offset polarity.
[[nodiscard]] ChipConfig random_chip(RandomStream& random);

/// A network of up to four layers on a random chip: convolutions (some grouped), pooling, element-wise layers (some with a
/// second input from an earlier layer of the same shape), copies, blocks that share crossbars. It passes verify_program.
[[nodiscard]] TestProgram random_program(RandomStream& random);

/// Gives a chip the parts that random_chip leaves out, each in about half of all cases: accumulation trees, several memory
/// ports and banks, a global buffer (of at least one row of random_program's images) and DRAM.
void add_random_parts(ChipConfig& chip, RandomStream& random);

}  // namespace crossloom
