#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <string>
#include <thread>

#include "cli/command.h"
#include "cli/console.h"
#include "compiler/option_values.h"
#include "report/quantity.h"
#include "simulator/analog/matrix_file.h"
#include "simulator/analog/trials.h"
#include "simulator/device/array_files.h"
#include "simulator/device/programming_models.h"
#include "support/error.h"

namespace crossloom {
namespace {

struct MvmRequest {
  std::string weights;
  std::string inputs;
  std::string array;
  std::string noise;
  std::string out;
  std::string trials = "1";
  std::string seed = "0";
  std::string threads;
};

/// "Y.csv" with "mean" gives "Y_mean.csv".
std::string beside(const std::string& path, const std::string& word) {
  const std::size_t dot = path.find_last_of("./");
  const bool has_ending = dot != std::string::npos && path[dot] == '.';
  return has_ending ? path.substr(0, dot) + '_' + word + path.substr(dot) : path + '_' + word;
}

double rms_difference(const RealMatrix& a, const RealMatrix& b) {
  double squares = 0.0;
  for (std::size_t i = 0; i < a.values.size(); ++i) squares += (a.values[i] - b.values[i]) * (a.values[i] - b.values[i]);
  return std::sqrt(squares / static_cast<double>(std::max<std::size_t>(a.values.size(), 1)));
}

/// W X without any analog effect, vectors x outputs.
RealMatrix exact_products(const RealMatrix& weights, const RealMatrix& inputs) {
  RealMatrix result(inputs.rows, weights.rows);
  for (std::int64_t vector = 0; vector < inputs.rows; ++vector) {
    for (std::int64_t output = 0; output < weights.rows; ++output) {
      for (std::int64_t i = 0; i < weights.cols; ++i) result.at(vector, output) += weights.at(output, i) * inputs.at(vector, i);
    }
  }
  return result;
}

std::int64_t num_threads(const MvmRequest& request) {
  constexpr std::int64_t kMostThreads = 256;
  if (!request.threads.empty()) return integer_option("--threads", request.threads, {1, kMostThreads});
  return std::clamp<std::int64_t>(std::thread::hardware_concurrency(), 1, kMostThreads);
}

Json summary(const TrialResults& results, const RealMatrix& exact, std::int64_t num_trials) {
  return Json(Json::Object{{"num_outputs", exact.cols},
                           {"num_vectors", exact.rows},
                           {"num_trials", num_trials},
                           {"num_arrays", results.num_arrays},
                           {"clipped_weights_fraction", results.range_use.clipped_fraction},
                           {"used_weight_range_fraction", results.range_use.used_fraction},
                           {"g_low_siemens", results.range_use.g_low_siemens},
                           {"g_high_siemens", results.range_use.g_high_siemens},
                           {"num_write_pulses", results.write_effort.num_pulses},
                           {"num_cells_off_target", results.write_effort.num_cells_off_target},
                           {"write_time_ns", results.write_effort.time_ns},
                           {"write_energy_pj", results.write_effort.energy_pj},
                           {"rms_exact", rms_difference(exact, RealMatrix(exact.rows, exact.cols))},
                           {"rms_error_without_noise", rms_difference(results.ideal, exact)},
                           {"rms_error_of_first_trial", rms_difference(results.outputs, exact)}});
}

ExitCode mvm_command(const MvmRequest& request, Console& console) {
  constexpr std::int64_t kMostTrials = 1'000'000;
  const std::int64_t trials = integer_option("--trials", request.trials, {1, kMostTrials});
  const std::int64_t seed = integer_option("--seed", request.seed, {0, std::numeric_limits<std::int64_t>::max()});
  const RealMatrix weights = read_matrix(request.weights);
  const RealMatrix columns = read_matrix(request.inputs);
  if (columns.rows != weights.cols) {
    throw UserError(fmt::format("{}: {} rows, allowed: {}, the columns of {} (a column a vector)", request.inputs, columns.rows,
                                weights.cols, request.weights));
  }
  const ArrayConfig array = load_array(request.array);
  const DeviceNoise noise = request.noise.empty() ? DeviceNoise{} : load_noise(request.noise);
  const std::string problem = programming_problem(noise.programming, array.cell);
  if (!problem.empty()) throw UserError(request.noise + ": " + problem);
  const RealMatrix inputs = transposed(columns);
  const TrialResults results =
      run_trials(weights, inputs, array, noise, static_cast<std::uint64_t>(seed), trials, num_threads(request));

  std::string written = request.out;
  write_matrix(request.out, transposed(results.outputs));
  if (trials > 1) {
    const std::string mean_path = beside(request.out, "mean");
    const std::string deviation_path = beside(request.out, "std");
    write_matrix(mean_path, transposed(results.mean));
    write_matrix(deviation_path, transposed(results.deviation));
    written += ", " + mean_path + ", " + deviation_path;
  }
  const RealMatrix exact = exact_products(weights, inputs);
  const RangeUse& use = results.range_use;
  console.print(
      fmt::format("{} outputs x {} inputs in {} arrays, {} vectors, {} trials\n"
                  "  weights clipped       {:.4g} (largest weight uses {:.4g} of weight_max)\n"
                  "  conductances used     {:.4g} to {:.4g} S\n"
                  "  rms of W X            {:.6g}\n"
                  "  rms error, no noise   {:.6g}\n"
                  "  rms error, 1st trial  {:.6g}\n"
                  "wrote {}\n",
                  weights.rows, weights.cols, results.num_arrays, inputs.rows, trials, use.clipped_fraction, use.used_fraction,
                  use.g_low_siemens, use.g_high_siemens, rms_difference(exact, RealMatrix(exact.rows, exact.cols)),
                  rms_difference(results.ideal, exact), rms_difference(results.outputs, exact), written));
  if (results.write_effort.num_pulses > 0) {
    console.print(fmt::format("  write-verify: {} pulses, {} cells off target, {}, {}\n", results.write_effort.num_pulses,
                              results.write_effort.num_cells_off_target, time_text(results.write_effort.time_ns),
                              energy_text(results.write_effort.energy_pj)));
  }
  console.print_json(summary(results, exact, trials));
  return ExitCode::kDone;
}

}  // namespace

Action define_mvm(CLI::App& app) {
  auto request = std::make_shared<MvmRequest>();
  app.add_option("--weights", request->weights, "matrix W, outputs x inputs (.csv or .npy)")->type_name("FILE")->required();
  app.add_option("--inputs", request->inputs, "matrix X, inputs x vectors (.csv or .npy)")->type_name("FILE")->required();
  app.add_option("--array", request->array, "the array: cells, weights, inputs, converters, wires (.yaml)")
      ->type_name("FILE")
      ->required();
  app.add_option("--noise", request->noise, "device noise (.yaml; default: none)")->type_name("FILE");
  app.add_option("--trials", request->trials, "how often to program and read (default 1)")->type_name("T");
  app.add_option("--seed", request->seed, "seed of all draws (default 0)")->type_name("N");
  app.add_option("--threads", request->threads, "threads (default: all cores); the result is the same")->type_name("N");
  app.add_option("--out", request->out, "where Y goes, outputs x vectors of the first trial (.csv or .npy)")
      ->type_name("FILE")
      ->required();
  app.footer(
      "With several trials, FILE_mean and FILE_std beside it hold mean and standard deviation over them.\n"
      "docs/devices.md explains the array and noise files.");
  return [request](Console& console) { return mvm_command(*request, console); };
}

}  // namespace crossloom
