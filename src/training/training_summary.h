#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "compiler/compile.h"
#include "compiler/ir/network.h"
#include "compiler/ir/weight_store.h"
#include "simulator/hardware/chip_config.h"
#include "simulator/program/tile_map.h"

namespace crossloom {

/// A network on the chip before or after it was pruned, one copy of each layer.
struct PruningStage {
  std::string stage;                 ///< "before" or "after"
  std::int64_t num_crossbars = 0;    ///< that the default packer needs
  std::int64_t num_weights = 0;      ///< in crossbars
  std::int64_t num_model_bytes = 0;  ///< of the weights as a file (model_bytes)
  double energy_pj = 0.0;            ///< of one image
  double dynamic_energy_pj = 0.0;    ///< likewise, static power left out
  double latency_ns = 0.0;
  double test_accuracy_fraction = 0.0;
  friend bool operator==(const PruningStage&, const PruningStage&) = default;
};

/// training.json.
struct TrainingSummary {
  std::string network;
  std::string data;
  std::int64_t num_training_images = 0;
  std::int64_t num_test_images = 0;
  std::int64_t num_epochs = 0;
  std::int64_t batch_size = 0;
  std::int64_t num_threads = 0;
  std::int64_t seed = 0;
  std::int64_t best_epoch = 0;
  double validation_accuracy_fraction = 0.0;
  double test_accuracy_fraction = 0.0;
  double seconds = 0.0;
  std::vector<PruningStage> pruning = {};  ///< before and after; empty without pruning
  friend bool operator==(const TrainingSummary&, const TrainingSummary&) = default;
};

/// Bytes of the weights of all matrices, `weight_bits` each, as a file that a reader can rebuild them from: the weights in
/// crossbars, a bit for each row and column of each full matrix and for each block of what is left of it, and in 4 bytes each
/// the scale and the bias of every output channel.
[[nodiscard]] std::int64_t model_bytes(const TileMap& tile_map, std::int64_t weight_bits);

/// Compiles and simulates a network. Its accuracy is not set. Throws UserError when it does not fit on the chip.
[[nodiscard]] PruningStage pruning_stage(const std::string& stage, const Network& network, const ChipConfig& chip,
                                         const CompileOptions& options);

[[nodiscard]] std::string training_to_json(const TrainingSummary& summary);
[[nodiscard]] std::string training_schema();

}  // namespace crossloom
