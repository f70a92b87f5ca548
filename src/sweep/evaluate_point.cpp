#include <fmt/format.h>

#include <variant>

#include "compiler/compile.h"
#include "compiler/map_figures.h"
#include "simulator/estimate/network_estimate.h"
#include "simulator/hardware/chip_geometry.h"
#include "simulator/metrics/cost_model.h"
#include "simulator/simulate.h"
#include "sweep/sweep_inputs.h"

namespace crossloom {
namespace {

constexpr double kNsPerS = 1e9;
constexpr double kOperationsPerMac = 2.0;

void set_estimate(PointResult& result, const PlacedProgram& program) {
  const auto [figures, events] = quick_estimate(program);
  result.latency_ns = figures.latency_ns;
  result.interval_ns = figures.interval_ns;
  result.throughput_inferences_per_s = kNsPerS / figures.interval_ns;
  result.area_um2 = area_of(program.chip).total;
  // Only static power depends on time.
  result.energy_per_inference_pj = energy_of(program.chip, events, figures.latency_ns).total;
  constexpr double kOpsPerNsInTops = 1e-3;
  result.tops = kOperationsPerMac * result.num_macs / figures.interval_ns * kOpsPerNsInTops;
  if (result.energy_per_inference_pj > 0.0)
    result.tops_per_w = kOperationsPerMac * result.num_macs / result.energy_per_inference_pj;
  constexpr double kUm2PerMm2 = 1e6;
  if (result.area_um2 > 0.0) result.tops_per_mm2 = result.tops / result.area_um2 * kUm2PerMm2;
  result.bottleneck = figures.interval_limit;
}

void set_simulated(PointResult& result, const PlacedProgram& program, std::int64_t num_images) {
  const RunMetrics metrics = simulate(program, {.batch = num_images});
  result.time_utilization_fraction = metrics.time_utilization_fraction;
  result.latency_ns = metrics.latency_ns;
  result.interval_ns = metrics.interval_ns;
  result.throughput_inferences_per_s = metrics.throughput_inferences_per_s;
  result.energy_per_inference_pj = metrics.energy_per_inference_pj;
  result.area_um2 = metrics.area_um2.total;
  result.tops = metrics.tops;
  result.tops_per_w = metrics.tops_per_w;
  result.tops_per_mm2 = metrics.tops_per_mm2;
  result.bottleneck = metrics.bottleneck;
}

}  // namespace

PointResult evaluate_point(const ResolvedPoint& point, EvaluationKind evaluation, std::int64_t num_images) {
  PointResult result;
  result.num_macs = static_cast<double>(point.network->num_macs);
  const std::variant<CompiledNetwork, DoesNotFit> outcome = compile(point.network->network, point.chip, point.options);
  if (const auto* misfit = std::get_if<DoesNotFit>(&outcome)) {
    result.status = PointStatus::kDoesNotFit;
    result.reason =
        fmt::format("needs {} crossbars, there are {}", misfit->num_crossbars_needed, misfit->num_crossbars_available);
    result.num_crossbars_available = static_cast<double>(misfit->num_crossbars_available);
    result.num_crossbars_fewest = static_cast<double>(misfit->num_crossbars_needed);
    result.crossbar_lower_bound = static_cast<double>(misfit->crossbar_lower_bound);
    return result;
  }
  const auto& compiled = std::get<CompiledNetwork>(outcome);
  const MapFigures figures = figures_of(compiled.tile_map);
  result.num_crossbars_available = static_cast<double>(compiled.tile_map.crossbar_budget);
  result.num_crossbars_used = static_cast<double>(figures.num_crossbars_used);
  result.num_crossbars_fewest = static_cast<double>(compiled.num_crossbars_fewest);
  result.crossbar_lower_bound = static_cast<double>(compiled.fewest_bound.num_crossbars);
  result.num_physical_arrays = static_cast<double>(figures.num_crossbars_used * arrays_per_crossbar(point.chip));
  result.num_tiles_used = static_cast<double>(figures.num_tiles_used);
  result.num_copies = static_cast<double>(figures.num_copies);
  result.cell_utilization_fraction = figures.cell_utilization_fraction;
  if (evaluation == EvaluationKind::kEstimate) {
    set_estimate(result, compiled.program);
  } else {
    set_simulated(result, compiled.program, num_images);
  }
  return result;
}

}  // namespace crossloom
