#include "sweep/run_sweep.h"

#include <exception>
#include <optional>
#include <vector>

#include "support/csv.h"
#include "support/error.h"
#include "support/option_message.h"
#include "sweep/point_result.h"

namespace crossloom {
namespace {

/// The row of a point whose number stands in the item.
DoItem row_maker(const Sweep& sweep, const SweepPoints& points, const SweepInputs& inputs) {
  return [&](const std::string& point) { return results_row(sweep, points, inputs, std::stoll(point)); };
}

}  // namespace

std::string results_header(const Sweep& sweep) {
  std::string header = "point,hash";
  for (const std::string& key : keys_of(sweep)) header += ',' + csv_field(key);
  return header + ',' + result_columns();
}

std::string results_row(const Sweep& sweep, const SweepPoints& points, const SweepInputs& inputs, std::int64_t point) {
  const std::optional<std::vector<std::string>> values = points.values_of(point);
  if (!values) return {};
  std::string hash;
  PointResult result;
  try {
    const ResolvedPoint resolved = inputs.resolve(*values);
    hash = resolved.hash;
    result = evaluate_point(resolved, sweep.evaluation, sweep.num_images);
  } catch (const UserError& error) {
    result = {.status = PointStatus::kFailed, .reason = without_option(error.what())};
  } catch (const std::exception& error) {
    // A fault of our own, or too little memory, ends no sweep of thousands of other points.
    result = {.status = PointStatus::kFailed, .reason = std::string("internal error: ") + error.what()};
  }
  std::string row = std::to_string(point) + ',' + hash;
  for (const std::string& value : *values) row += ',' + csv_field(value);
  return row + ',' + result_cells(result);
}

SweepSummary run_sweep(const Sweep& sweep, const std::string& name, const SweepRun& run, WorkSharing& sharing) {
  const SweepPoints points(sweep);
  const SweepInputs inputs(sweep);
  SweepFolder folder(run.folder,
                     {.name = name,
                      .content_hash = inputs.content_hash_of_all(),
                      .num_points = points.size(),
                      .part = run.part,
                      .columns = results_header(sweep)},
                     run.starts_anew);
  const PointRange all{.first = run.part.shard - 1, .end = points.size(), .step = run.part.num_shards};
  PointRange rest = all;
  while (rest.first < folder.first_missing()) rest.first += rest.step;
  SweepSummary summary{.num_points = all.count(), .num_rows_found = folder.num_rows_found()};

  const std::int64_t num_before = all.count() - rest.count();
  std::int64_t num_taken = 0;
  sharing.share(
      rest.count(), [&rest](std::int64_t index) { return std::to_string(rest.at(index)); }, row_maker(sweep, points, inputs),
      [&](std::int64_t, const std::string& row) {
        ++num_taken;
        if (!row.empty()) {
          folder.append(row);
          ++summary.num_rows_added;
        }
        if (run.progress) run.progress(num_before + num_taken, all.count());
      });
  folder.finish();
  return summary;
}

void work_on_sweep(const Sweep& sweep, WorkSharing& sharing) {
  const SweepPoints points(sweep);
  const SweepInputs inputs(sweep);
  sharing.follow(row_maker(sweep, points, inputs));
}

}  // namespace crossloom
