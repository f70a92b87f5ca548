#pragma once

#include <cstdint>
#include <vector>

#include "simulator/hardware/activation_timing.h"
#include "simulator/metrics/run_metrics.h"
#include "simulator/program/placed_program.h"
#include "support/units.h"

namespace crossloom {

/// How long messages take a link, an image.
struct LinkLoad {
  std::int64_t link = 0;  ///< of the Mesh
  TimeFs busy_fs = 0;
};

/// Messages of an operation, an image: partial sums of its copies and the outputs that it sends on.
struct OperationMessages {
  TimeFs output_fs = 0;         ///< an output to the furthest tile that needs it, on links that are free; of the slowest one
  std::vector<LinkLoad> links;  ///< each link once
};

/// What happens in a run of one image, counted without running it: nothing of it depends on time.
struct RunCounts {
  EventCounts events;                       ///< equal to those of a simulation
  std::vector<OperationMessages> messages;  ///< by operation
};

/// Cost grows with pixels of feature maps times tiles that read them. The program is one that verify_program accepts; throws
/// UserError when sizes overflow.
[[nodiscard]] RunCounts count_run(const PlacedProgram& program);

/// Puts what happened in crossbars into the counts of a run.
void set_crossbar_events(EventCounts& counts, const ActivationEvents& activations);

}  // namespace crossloom
