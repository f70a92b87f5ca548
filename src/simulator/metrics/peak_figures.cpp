#include "simulator/metrics/peak_figures.h"

#include "simulator/hardware/activation_timing.h"
#include "simulator/hardware/chip_budget.h"
#include "simulator/hardware/chip_geometry.h"
#include "simulator/metrics/cost_model.h"
#include "simulator/metrics/count_run.h"

namespace crossloom {

namespace {

constexpr double kOperationsPerMac = 2.0;
constexpr double kUm2PerMm2 = 1e6;

ActivationShape whole_crossbar(const ChipConfig& chip) { return {.rows = chip.crossbar.rows, .cols = num_weight_cols(chip)}; }

/// 0 where there is nothing to divide by.
double quotient(double dividend, double divisor) { return divisor > 0.0 ? dividend / divisor : 0.0; }

}  // namespace

ComponentFigures full_activation_energy_pj(const ChipConfig& chip) {
  EventCounts counts;
  set_crossbar_events(counts, activation_events(chip, whole_crossbar(chip)));
  return energy_of(chip, counts, 0.0);
}

double macro_energy_pj(const ComponentFigures& activation_pj) {
  return activation_pj.cell + activation_pj.dac + activation_pj.adc + activation_pj.sample_hold + activation_pj.shift_add;
}

PeakFigures peak_figures(const ChipConfig& chip) {
  const ActivationShape whole = whole_crossbar(chip);
  const double operations = kOperationsPerMac * static_cast<double>(whole.rows) * static_cast<double>(whole.cols);
  const double interval_ns = fs_to_ns(activation_timing(chip, whole).interval_fs);
  const ComponentBudget budget = total(chip_budget(chip));
  const double power_w = (budget.active_power_mw + budget.static_power_mw) / 1e3;
  PeakFigures peak;
  // Operations a nanosecond are 10^9 a second; operations a picojoule are 10^12 a joule.
  peak.tops = quotient(static_cast<double>(num_crossbars(chip)) * operations, interval_ns) / 1e3;
  peak.tops_per_mm2 = quotient(peak.tops, budget.area_um2 / kUm2PerMm2);
  peak.tops_per_w = quotient(peak.tops, power_w);
  peak.macro_tops_per_w = quotient(operations, macro_energy_pj(full_activation_energy_pj(chip)));
  return peak;
}

}  // namespace crossloom
