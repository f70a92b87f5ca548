// Speed of analog products on two threads: whole 8-bit products (a matrix times a vector, all passes) a second of CPU time of
// the process, so what one core does beside other programs.
#include <benchmark/benchmark.h>

#include <string>

#include "simulator/analog/analog_matrix.h"
#include "support/random_stream.h"

namespace crossloom {
namespace {

constexpr std::int64_t kThreads = 2;

RealMatrix random_matrix(std::int64_t rows, std::int64_t cols, double low) {
  RandomStream random(1, {});
  RealMatrix matrix(rows, cols);
  for (double& value : matrix.values) value = low + (1.0 - low) * random.next_uniform();
  return matrix;
}

ArrayConfig array_of(std::int64_t bits_per_phase, std::int64_t num_slices) {
  ArrayConfig array;
  array.cell = {.g_min_siemens = 1e-5, .g_max_siemens = 1e-4, .num_levels = num_slices == 1 ? 128 : 4};
  array.weights.num_slices = num_slices;
  array.inputs = {.bits = 8, .bits_per_phase = bits_per_phase};
  array.adc = {.model = AdcModel::kUniform, .bits = 8, .range = AdcRange::kFixed, .fixed_ranges = {{-16.0, 16.0}}};
  return array;
}

void multiply(benchmark::State& state, const ArrayConfig& array, const DeviceNoise& noise) {
  const std::int64_t rows = state.range(0);
  const std::int64_t cols = state.range(1);
  const std::int64_t batch = state.range(2);
  const AnalogMatrix matrix(random_matrix(cols, rows, -1.0), array, noise, {}, kThreads);
  const RealMatrix inputs = random_matrix(batch, rows, 0.0);
  for (auto _ : state) benchmark::DoNotOptimize(matrix.multiply(inputs, 0, kThreads));
  state.SetItemsProcessed(state.iterations() * batch);
}

DeviceNoise programming_noise() {
  DeviceNoise noise;
  noise.programming = {.model = ProgrammingModel::kNormalProportional, .magnitude = 0.05};
  return noise;
}

DeviceNoise read_noise(ReadNoiseModel model) {
  DeviceNoise noise;
  noise.read = {.model = model, .magnitude = 0.02};
  return noise;
}

ArrayConfig with_wires(ArrayConfig array) {
  array.wires = {.row_ohm = 1.0, .col_ohm = 1.0};
  return array;
}

void one_pass(benchmark::State& state) { multiply(state, array_of(0, 1), {}); }
void one_pass_programmed(benchmark::State& state) { multiply(state, array_of(0, 1), programming_noise()); }
void bit_serial(benchmark::State& state) { multiply(state, array_of(1, 1), {}); }
void bit_serial_programmed(benchmark::State& state) { multiply(state, array_of(1, 1), programming_noise()); }
void sliced_bit_serial(benchmark::State& state) { multiply(state, array_of(1, 4), {}); }
void sliced_bit_serial_programmed(benchmark::State& state) { multiply(state, array_of(1, 4), programming_noise()); }
void read_noise_one_pass(benchmark::State& state) {
  multiply(state, array_of(0, 1), read_noise(ReadNoiseModel::kNormalProportional));
}
void wires_after_solve(benchmark::State& state) { multiply(state, with_wires(array_of(0, 1)), {}); }

/// Programming and solving the wires included, once a batch.
void wires_with_solve(benchmark::State& state) {
  const std::int64_t rows = state.range(0);
  const RealMatrix weights = random_matrix(state.range(1), rows, -1.0);
  const RealMatrix inputs = random_matrix(state.range(2), rows, 0.0);
  const ArrayConfig array = with_wires(array_of(0, 1));
  for (auto _ : state) {
    benchmark::DoNotOptimize(AnalogMatrix(weights, array, {}, {}, kThreads).multiply(inputs, 0, kThreads));
  }
  state.SetItemsProcessed(state.iterations() * state.range(2));
}

BENCHMARK(one_pass)
    ->Args({128, 128, 1})
    ->Args({128, 128, 1024})
    ->Args({1152, 256, 1})
    ->Args({1152, 256, 1024})
    ->MeasureProcessCPUTime();
BENCHMARK(one_pass_programmed)->Args({128, 128, 1024})->Args({1152, 256, 1024})->MeasureProcessCPUTime();
BENCHMARK(bit_serial)
    ->Args({128, 128, 1})
    ->Args({128, 128, 1024})
    ->Args({1152, 256, 1})
    ->Args({1152, 256, 1024})
    ->MeasureProcessCPUTime();
BENCHMARK(bit_serial_programmed)->Args({128, 128, 1024})->Args({1152, 256, 1024})->MeasureProcessCPUTime();
BENCHMARK(sliced_bit_serial)->Args({128, 128, 256})->Args({1152, 256, 256})->MeasureProcessCPUTime();
BENCHMARK(sliced_bit_serial_programmed)->Args({128, 128, 256})->Args({1152, 256, 256})->MeasureProcessCPUTime();
BENCHMARK(read_noise_one_pass)->Args({128, 128, 32})->Args({1152, 256, 32})->MeasureProcessCPUTime();
BENCHMARK(wires_after_solve)->Args({128, 128, 1024})->Args({256, 256, 1024})->MeasureProcessCPUTime();
BENCHMARK(wires_with_solve)->Args({128, 128, 1024})->Args({256, 256, 1024})->MeasureProcessCPUTime();

}  // namespace
}  // namespace crossloom

BENCHMARK_MAIN();
