#include "simulator/simulate.h"

#include <array>
#include <string>

#include "simulator/engine/buffer_sizing.h"
#include "simulator/engine/run_plan.h"
#include "simulator/metrics/collect_metrics.h"
#include "simulator/metrics/resource_times.h"
#include "simulator/program/verify_program.h"
#include "support/error.h"

namespace crossloom {

std::span<const std::string_view> enum_names(TileBuffers) {
  static constexpr std::array<std::string_view, 2> kNames = {"unbounded", "bounded"};
  return kNames;
}

RunMetrics simulate(const PlacedProgram& program, const SimulationOptions& options) {
  constexpr std::int64_t kMaxBatch = 1 << 20;
  if (options.batch < 1 || options.batch > kMaxBatch) {
    throw UserError("--batch: " + std::to_string(options.batch) + ", allowed 1 to " + std::to_string(kMaxBatch));
  }
  const std::vector<std::string> findings = verify_program(program);
  if (!findings.empty()) throw UserError("program: " + findings.front());
  RunPlan plan = plan_run(program);
  if (options.tile_buffers == TileBuffers::kBounded) bound_line_buffers(program.chip, plan);
  const RunRecord record = run_engine(program.chip, plan, options.batch, options.progress, options.observer);
  if (options.resources) options.resources(resource_times(program, plan, record));
  RunMetrics metrics = collect_metrics(program, plan, record, options.batch);
  if (options.activity) set_energy(metrics, program.chip, activity_energy(program, plan, options.batch, *options.activity));
  return metrics;
}

}  // namespace crossloom
