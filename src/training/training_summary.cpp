#include "training/training_summary.h"

#include <fmt/format.h>

#include <variant>

#include "compiler/compile.h"
#include "simulator/program/file_schema.h"
#include "simulator/simulate.h"
#include "support/error.h"
#include "support/integer_math.h"

namespace crossloom {
namespace {

constexpr std::string_view kSchema = "crossloom/training";
constexpr IntegerRange kCount{0};
constexpr NumberRange kFraction{0.0, 1.0};
constexpr NumberRange kPositive{0.0, 1e300};

}  // namespace

template <class Self, class Visitor>
requires SameStruct<Self, PruningStage>
void visit_fields(Self& self, Visitor&& visit) {
  visit(Field{"stage", "before: the network that training began with, all of it mapped; after: the one written, without zeros"},
        self.stage);
  visit(Field{"num_crossbars", "crossbars of one copy of each layer", kCount}, self.num_crossbars);
  visit(Field{"num_weights", "weights in crossbars", kCount}, self.num_weights);
  visit(Field{"num_model_bytes", "weights, index, scales and biases as a file (docs/training.md)", kCount},
        self.num_model_bytes);
  visit(Field{"energy_pj", "energy of an image", kPositive}, self.energy_pj);
  visit(Field{"dynamic_energy_pj", "energy of an image without static power", kPositive}, self.dynamic_energy_pj);
  visit(Field{"latency_ns", "latency of an image", kPositive}, self.latency_ns);
  visit(Field{"test_accuracy_fraction", "accuracy on the test images", kFraction}, self.test_accuracy_fraction);
}

template <class Self, class Visitor>
requires SameStruct<Self, TrainingSummary>
void visit_fields(Self& self, Visitor&& visit) {
  visit(Field{"network", "network"}, self.network);
  visit(Field{"data", "where the images come from"}, self.data);
  visit(Field{"num_training_images", "training images, those held out among them", kCount}, self.num_training_images);
  visit(Field{"num_test_images", "test images", kCount}, self.num_test_images);
  visit(Field{"num_epochs", "passes over the training images", kCount}, self.num_epochs);
  visit(Field{"batch_size", "images of a step", kCount}, self.batch_size);
  visit(Field{"num_threads", "threads that shared each batch", kCount}, self.num_threads);
  visit(Field{"seed", "seed of every draw", kCount}, self.seed);
  visit(Field{"best_epoch", "epoch whose weights were written", kCount}, self.best_epoch);
  visit(Field{"validation_accuracy_fraction", "accuracy on the held-out images", kFraction}, self.validation_accuracy_fraction);
  visit(Field{"test_accuracy_fraction", "accuracy on the test images", kFraction}, self.test_accuracy_fraction);
  visit(Field{"seconds", "time of training, interruptions left out", kPositive}, self.seconds);
  visit(Field{"pruning", "the network on the chip before and after; empty when nothing was pruned"}, self.pruning);
}

std::int64_t model_bytes(const TileMap& tile_map, std::int64_t weight_bits) {
  constexpr std::int64_t kByteBits = 8;
  constexpr std::int64_t kBytesAChannel = 8;
  std::int64_t num_bytes = 0;
  std::vector<std::int64_t> num_blocks(tile_map.matrices.size());
  for (const CrossbarContents& contents : tile_map.crossbars) {
    for (const PlacedBlock& block : contents.blocks) {
      if (block.copy == 0) ++num_blocks[static_cast<std::size_t>(block.matrix)];
    }
  }
  for (std::size_t i = 0; i < tile_map.matrices.size(); ++i) {
    const WeightMatrix& matrix = tile_map.matrices[i];
    const std::int64_t num_index_bits = num_all_rows(matrix) + matrix.num_output_channels + num_blocks[i] +
                                        static_cast<std::int64_t>(matrix.dropped_blocks.size());
    num_bytes += ceil_div(num_kept_weights(matrix) * weight_bits, kByteBits) + ceil_div(num_index_bits, kByteBits) +
                 kBytesAChannel * matrix.num_output_channels;
  }
  return num_bytes;
}

PruningStage pruning_stage(const std::string& stage, const Network& network, const ChipConfig& chip,
                           const CompileOptions& options) {
  const std::variant<CompiledNetwork, DoesNotFit> result = compile(network, chip, options);
  if (const auto* misfit = std::get_if<DoesNotFit>(&result)) {
    throw UserError(fmt::format("{} does not fit on {}: it needs {} crossbars, there are {}", network.name, chip.name,
                                misfit->num_crossbars_needed, misfit->num_crossbars_available));
  }
  const auto& compiled = std::get<CompiledNetwork>(result);
  const RunMetrics metrics = simulate(compiled.program);
  PruningStage figures{.stage = stage, .num_crossbars = compiled.num_crossbars_fewest};
  for (const WeightMatrix& matrix : compiled.tile_map.matrices) figures.num_weights += num_kept_weights(matrix);
  figures.num_model_bytes = model_bytes(compiled.tile_map, chip.arithmetic.weight_bits);
  figures.energy_pj = metrics.energy_pj.total;
  figures.dynamic_energy_pj = metrics.energy_pj.total - metrics.energy_pj.static_power;
  figures.latency_ns = metrics.latency_ns;
  return figures;
}

std::string training_to_json(const TrainingSummary& summary) { return file_text(kSchema, write_fields(summary)); }

std::string training_schema() {
  return file_schema<TrainingSummary>(kSchema, "training.json: what was trained on what, and how well it does");
}

}  // namespace crossloom
