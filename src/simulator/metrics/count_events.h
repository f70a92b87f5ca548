#pragma once

#include "simulator/hardware/activation_timing.h"
#include "simulator/metrics/run_metrics.h"
#include "simulator/program/placed_program.h"

namespace crossloom {

/// What happens in a run of one image, counted without running it: none of these counts depends on time. Equal to those of a
/// simulation. Cost grows with pixels of feature maps times tiles that read them. The program is one that verify_program
/// accepts; throws UserError when sizes overflow.
[[nodiscard]] EventCounts count_events(const PlacedProgram& program);

/// Puts what happened in crossbars into the counts of a run.
void set_crossbar_events(EventCounts& counts, const ActivationEvents& activations);

}  // namespace crossloom
