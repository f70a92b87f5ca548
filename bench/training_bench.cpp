// One training step of mobilenet_v3_small_w0_5_cifar10 on 64 images: as a plain program with LibTorch does it, and as Trainer
// does. Run it with --benchmark_enable_random_interleaving=true, so that other programs disturb both alike.
#include <benchmark/benchmark.h>

#include <numeric>
#include <vector>

#include "accuracy/synthetic_images.h"
#include "compiler/import/load_network.h"
#include "compiler/ir/initial_weights.h"
#include "training/network_module.h"
#include "training/trainer.h"
#include "training/training_images.h"

namespace crossloom {
namespace {

constexpr std::int64_t kBatch = 64;
constexpr int kThreads = 2;

TrainableNetwork start() {
  const Network network = load_network("mobilenet_v3_small_w0_5_cifar10").network;
  return trainable(network, initial_weights(network, 1));
}

enum class ImageOrder { kChannelsFirst, kChannelsLast };

/// Forward and backward pass with LibTorch's own threads and gradients; the update of the weights is not even counted.
void plain_step(benchmark::State& state, ImageOrder order) {
  TrainableNetwork network = start();
  const ImageSet images = synthetic_images(kBatch, 1, 1).train;
  std::vector<float> gradients(network.values.parameters.size());
  const NetworkModule module(network.network,
                             {.parameters = network.values.parameters.data(),
                              .gradients = gradients.data(),
                              .statistics = network.values.statistics.data()},
                             DepthwiseGradient::kLibTorch);
  std::vector<std::int64_t> places(kBatch);
  std::iota(places.begin(), places.end(), 0);
  std::vector<float> pixels(static_cast<std::size_t>(kBatch * images.shape.num_values()));
  write_batch(images, places, {}, {}, pixels);
  const std::vector<std::int64_t> labels(images.labels.begin(), images.labels.end());
  const std::vector<std::int64_t> dims{kBatch, images.shape.channels, images.shape.height, images.shape.width};
  Variable batch = Variable::images(dims, pixels.data());
  if (order == ImageOrder::kChannelsFirst) batch = Variable::constant(dims, batch.values());
  use_threads(static_cast<int>(state.range(0)));
  for (auto _ : state) backward(cross_entropy(module.logits(batch, BatchNormMode::kBatch), labels), 1.0);
  state.SetItemsProcessed(state.iterations() * kBatch);
}

/// A whole step of a trainer: images moved, forward, backward, update, moving average.
void trainer_step(benchmark::State& state, DepthwiseGradient depthwise) {
  const ImageSet images = synthetic_images(kBatch, 1, 1).train;
  Trainer trainer(start(), images, {.num_workers = state.range(0), .depthwise = depthwise});
  std::vector<std::int64_t> places(kBatch);
  std::iota(places.begin(), places.end(), 0);
  std::int64_t index = 0;
  for (auto _ : state) benchmark::DoNotOptimize(trainer.step(places, {.index = index++, .steps_an_epoch = 1000}));
  state.SetItemsProcessed(state.iterations() * kBatch);
}

void plain_channels_first(benchmark::State& state) { plain_step(state, ImageOrder::kChannelsFirst); }
void plain_channels_last(benchmark::State& state) { plain_step(state, ImageOrder::kChannelsLast); }
void workers_libtorch_gradient(benchmark::State& state) { trainer_step(state, DepthwiseGradient::kLibTorch); }
void workers_own_gradient(benchmark::State& state) { trainer_step(state, DepthwiseGradient::kOwn); }

BENCHMARK(plain_channels_first)->Arg(1)->Arg(kThreads)->Unit(benchmark::kMillisecond)->UseRealTime()->MeasureProcessCPUTime();
BENCHMARK(plain_channels_last)->Arg(1)->Arg(kThreads)->Unit(benchmark::kMillisecond)->UseRealTime()->MeasureProcessCPUTime();
BENCHMARK(workers_libtorch_gradient)
    ->Arg(1)
    ->Arg(kThreads)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime()
    ->MeasureProcessCPUTime();
BENCHMARK(workers_own_gradient)->Arg(1)->Arg(kThreads)->Unit(benchmark::kMillisecond)->UseRealTime()->MeasureProcessCPUTime();

}  // namespace
}  // namespace crossloom

BENCHMARK_MAIN();
