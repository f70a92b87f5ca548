#pragma once

#include "simulator/hardware/chip_config.h"
#include "simulator/metrics/run_metrics.h"

namespace crossloom {

/// What a chip could do at most, with every crossbar full of weights and always busy; one MAC is two operations. Nothing but
/// crossbars limits it: no buffer, bus, mesh or port, as in the peak figures that papers print.
struct PeakFigures {
  double tops = 0.0;            ///< 10^12 operations a second: 2 rows x weight columns x crossbars / interval of an activation
  double tops_per_mm2 = 0.0;    ///< over the area of the whole chip
  double tops_per_w = 0.0;      ///< over the published active power and the static power of the whole chip; 0 without power
  double macro_tops_per_w = 0;  ///< of one crossbar alone: operations of an activation over the energy of its cells, DACs,
                                ///< ADCs, sample & holds and shift-adds; 0 when these take no energy
  friend bool operator==(const PeakFigures&, const PeakFigures&) = default;
};

/// Figures for unsigned inputs.
[[nodiscard]] PeakFigures peak_figures(const ChipConfig& chip);

/// Energy in pJ of one activation of a whole crossbar with unsigned inputs, by component; buffers, buses, digital units, mesh,
/// port and static power are 0.
[[nodiscard]] ComponentFigures full_activation_energy_pj(const ChipConfig& chip);

/// The part of it that a macro spends: without input and output registers.
[[nodiscard]] double macro_energy_pj(const ComponentFigures& activation_pj);

}  // namespace crossloom
