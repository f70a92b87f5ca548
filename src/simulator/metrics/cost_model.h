#pragma once

#include "simulator/hardware/chip_config.h"
#include "simulator/metrics/run_metrics.h"

namespace crossloom {

/// Energy in pJ of what happened, by component: each of `counts` times the chip's energy of one such event; static power of the
/// whole chip times `makespan_ns` (1 mW x 1 ns = 1 pJ). Formulas: docs/model.md.
[[nodiscard]] ComponentFigures energy_of(const ChipConfig& chip, const EventCounts& counts, double makespan_ns);

/// Area in um2 of the whole chip by component.
[[nodiscard]] ComponentFigures area_of(const ChipConfig& chip);

/// Sets `total` to the sum of the components in the order of the fields.
[[nodiscard]] ComponentFigures with_total(ComponentFigures figures);

}  // namespace crossloom
