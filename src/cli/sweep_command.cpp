#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <filesystem>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "cli/command.h"
#include "cli/console.h"
#include "cli/shared_work.h"
#include "compiler/option_values.h"
#include "report/quantity.h"
#include "support/document.h"
#include "support/error.h"
#include "sweep/run_sweep.h"

namespace crossloom {
namespace {

/// Above so many points before filters a sweep runs only when asked for with --yes.
constexpr std::int64_t kManyPoints = 1'000'000;

struct SweepRequest {
  std::string file;
  std::string folder;
  std::string jobs;
  std::string shard;
  bool force = false;
  bool yes = false;
};

struct MergeRequest {
  std::vector<std::string> parts;
  std::string folder;
};

/// "2/8".
Shard shard_option(const std::string& text) {
  if (text.empty()) return {};
  const std::size_t slash = text.find('/');
  if (slash == std::string::npos) throw UserError("--shard: " + text + ", allowed: I/N with I from 1 to N");
  const Shard part{.shard = integer_option("--shard", text.substr(0, slash), {1, std::numeric_limits<std::int64_t>::max()}),
                   .num_shards = integer_option("--shard", text.substr(slash + 1), {1, kManyPoints})};
  if (part.shard > part.num_shards) throw UserError("--shard: " + text + ", allowed: I/N with I from 1 to N");
  return part;
}

/// "3 min 20 s".
std::string duration_text(double seconds) {
  const auto whole = static_cast<std::int64_t>(seconds);
  constexpr std::int64_t kMinute = 60;
  constexpr std::int64_t kHour = 3600;
  if (whole < kMinute) return fmt::format("{} s", whole);
  if (whole < kHour) return fmt::format("{} min {} s", whole / kMinute, whole % kMinute);
  return fmt::format("{} h {} min", whole / kHour, whole % kHour / kMinute);
}

ExitCode sweep_command(const SweepRequest& request, Console& console) {
  WorkSharing& sharing = shared_work("sweep", request.jobs);
  SweepRun run{.folder = request.folder, .part = shard_option(request.shard), .starts_anew = request.force};
  const Sweep sweep = parse_sweep_yaml(read_text_file(request.file), request.file);
  if (!sharing.is_leader()) {
    work_on_sweep(sweep, sharing);
    return ExitCode::kDone;
  }
  const std::int64_t num_points = SweepPoints(sweep).size();
  if (num_points > kManyPoints && !request.yes) {
    throw UserError(fmt::format("{}: has {} points before filters; --yes runs them", request.file, count_text(num_points)));
  }
  using Clock = std::chrono::steady_clock;
  const Clock::time_point start = Clock::now();
  std::int64_t num_at_start = -1;
  run.progress = [&](std::int64_t num_done, std::int64_t num_all) {
    if (num_at_start < 0) num_at_start = num_done - 1;
    const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
    const double left = seconds / static_cast<double>(num_done - num_at_start) * static_cast<double>(num_all - num_done);
    console.progress(fmt::format("{} of {} points, {} left ", num_done, num_all, duration_text(left)),
                     static_cast<double>(num_done) / static_cast<double>(num_all));
  };
  const SweepSummary summary = run_sweep(sweep, std::filesystem::path(request.file).filename().string(), run, sharing);
  const std::string results = request.folder + '/' + std::string(kResultsFile);
  console.print(fmt::format("{}: {} points, {} rows: {} were there, {} added\n", results, summary.num_points,
                            summary.num_rows_found + summary.num_rows_added, summary.num_rows_found, summary.num_rows_added));
  console.print_json(Json(Json::Object{{"results", results},
                                       {"num_points", summary.num_points},
                                       {"num_rows_found", summary.num_rows_found},
                                       {"num_rows_added", summary.num_rows_added}}));
  return ExitCode::kDone;
}

ExitCode merge_command(const MergeRequest& request, Console& console) {
  merge_sweeps(request.parts, request.folder);
  const std::string results = request.folder + '/' + std::string(kResultsFile);
  console.print(fmt::format("{}: {} parts put together\n", results, request.parts.size()));
  console.print_json(Json(Json::Object{{"results", results}, {"num_parts", static_cast<std::int64_t>(request.parts.size())}}));
  return ExitCode::kDone;
}

}  // namespace

Action define_sweep(CLI::App& app) {
  auto request = std::make_shared<SweepRequest>();
  app.add_option("SWEEP", request->file, "what to vary: docs/sweeps.md")->type_name("");
  app.add_option("--out", request->folder, "folder of results.csv; one that holds a part of this sweep is gone on with")
      ->type_name("DIR");
  app.add_option("-j,--jobs", request->jobs, "points worked on at a time (default: the machine's threads)")->type_name("N");
  app.add_option("--shard", request->shard, "only every N-th point, from the I-th on, for jobs on several machines")
      ->type_name("I/N");
  app.add_flag("--force", request->force, "remove the results of a sweep in the folder and begin anew");
  app.add_flag("--yes", request->yes, fmt::format("run even more than {} points", count_text(kManyPoints)));
  app.footer(
      "Writes results.csv, a row a point, and sweep.json. Interrupted, the same command goes on where it ended.\n"
      "A point that does not fit or cannot be is a row with its reason. Under mpirun the ranks share the points.");
  auto merge = std::make_shared<MergeRequest>();
  CLI::App* merging = app.add_subcommand("merge", "put the folders of all shards together");
  merging->add_option("PART", merge->parts, "folders of the shards")->required()->type_name("");
  merging->add_option("--out", merge->folder, "folder of the whole results.csv")->required()->type_name("DIR");
  return [request, merge, merging](Console& console) {
    if (merging->parsed()) return merge_command(*merge, console);
    if (request->file.empty()) throw UserError("sweep: SWEEP is missing (crossloom sweep --help)");
    if (request->folder.empty()) throw UserError("sweep: --out is missing (crossloom sweep --help)");
    return sweep_command(*request, console);
  };
}

}  // namespace crossloom
