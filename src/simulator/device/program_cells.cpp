#include "simulator/device/program_cells.h"

#include <algorithm>
#include <cmath>

#include "simulator/device/programming_models.h"

namespace crossloom {
namespace {

/// One cell written: pulses until it is within the tolerance, at most `max_pulses`.
double write_cell(double target, const DeviceNoise& noise, const ArrayCell& cell, RandomStream& random, WriteEffort& effort) {
  const ProgrammingModelInfo& model = info_of(noise.programming.model);
  double conductance = model.draw_siemens(target, noise.programming, cell, random);
  if (noise.write_verify.max_pulses == 0) return conductance;
  const double tolerance = noise.write_verify.tolerance_fraction * (cell.g_max_siemens - cell.g_min_siemens);
  std::int64_t num_pulses = 1;
  while (std::abs(conductance - target) > tolerance && num_pulses < noise.write_verify.max_pulses) {
    conductance = model.draw_siemens(target, noise.programming, cell, random);
    ++num_pulses;
  }
  if (std::abs(conductance - target) > tolerance) ++effort.num_cells_off_target;
  effort.num_pulses += num_pulses;
  return conductance;
}

double stuck_or(double conductance, const StuckAt& stuck, const ArrayCell& cell, RandomStream& random) {
  const double draw = random.next_uniform();
  if (draw < stuck.hrs_fraction) return cell.g_min_siemens;
  if (draw < stuck.hrs_fraction + stuck.lrs_fraction) return cell.g_max_siemens;
  return conductance;
}

double drifted(double conductance, const Drift& drift, RandomStream& random) {
  const double nu = std::max(drift.nu_mean + drift.nu_sigma * random.next_normal(), 0.0);
  return conductance * std::pow(drift.time_s / drift.reference_time_s, -nu);
}

}  // namespace

RealMatrix program_cells(const RealMatrix& targets, const DeviceNoise& noise, const ArrayCell& cell, RandomStream random,
                         WriteEffort& effort) {
  const bool is_written = noise.programming.model != ProgrammingModel::kNone || noise.write_verify.max_pulses > 0;
  const bool may_stick = noise.stuck_at.hrs_fraction > 0.0 || noise.stuck_at.lrs_fraction > 0.0;
  const bool drifts = noise.drift.time_s > noise.drift.reference_time_s;
  RealMatrix result = targets;
  if (!is_written && !may_stick && !drifts) return result;
  const std::int64_t pulses_before = effort.num_pulses;
  for (double& value : result.values) {
    const double target = value * cell.g_max_siemens;
    double conductance = target;
    if (is_written) conductance = write_cell(conductance, noise, cell, random, effort);
    if (drifts) conductance = drifted(conductance, noise.drift, random);
    if (may_stick) conductance = stuck_or(conductance, noise.stuck_at, cell, random);
    // An untouched cell keeps its exact value.
    if (conductance != target) value = conductance / cell.g_max_siemens;
  }
  const auto num_pulses = static_cast<double>(effort.num_pulses - pulses_before);
  effort.time_ns += num_pulses * noise.write_verify.pulse_ns;
  effort.energy_pj += num_pulses * noise.write_verify.pulse_energy_pj;
  return result;
}

}  // namespace crossloom
