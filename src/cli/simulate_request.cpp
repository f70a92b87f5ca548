#include "cli/simulate_request.h"

#include <CLI/CLI.hpp>

#include "cli/console.h"
#include "cli/option_values.h"
#include "simulator/simulate.h"

namespace crossloom {
namespace {

constexpr IntegerRange kBatch{1, std::int64_t{1} << 20};

}  // namespace

void add_batch_option(CLI::App& app, std::string& batch) {
  app.add_option("--batch", batch, "images that enter one after another, 1 to 1048576 (default: 1)")->type_name("N");
}

std::int64_t batch_option(const std::string& batch) { return integer_option("--batch", batch, kBatch); }

RunMetrics simulate_with_progress(const PlacedProgram& program, std::int64_t batch, Console& console) {
  const ProgressCallback progress = [&console](double fraction) { console.progress("simulating", fraction); };
  return simulate(program, {.batch = batch, .progress = progress});
}

}  // namespace crossloom
