#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "accuracy/image_set.h"
#include "compiler/ir/network.h"
#include "training/network_module.h"
#include "training/network_parameters.h"
#include "training/pruning.h"
#include "training/teachers.h"
#include "training/training_loop.h"
#include "training/training_options.h"

namespace crossloom {

/// Everything that a step changes. Together with the options and the number of steps done it settles all later steps.
struct TrainerState {
  NetworkValues values;
  std::vector<float> velocity;             ///< of the parameters (momentum)
  NetworkValues average;                   ///< moving average of the values
  std::vector<float> range_velocity = {};  ///< of the range of each layer's output
  std::vector<float> copies = {};          ///< of pruning by ADMM (PrunedValues)
  std::vector<float> duals = {};           ///< likewise
  friend bool operator==(const TrainerState&, const TrainerState&) = default;
};

/// What a worker's module does to numbers in a forward pass: its hooks may read the parameters and read and write the
/// statistics it is given.
struct WorkerView {
  std::span<const float> parameters;
  std::span<float> statistics;
  std::span<float> range_gradients = {};  ///< of the range of each layer's output, for ranges that are learned
  std::int64_t worker = 0;
  std::int64_t step = 0;
  std::int64_t num_steps = 1;
  bool is_training = false;
};
/// Makes the hooks of one forward pass; empty: none.
using HookMaker = std::function<ForwardHooks(const WorkerView& view)>;

/// What else happens while a network is trained.
struct TrainingAids {
  HookMaker hooks = {};
  std::shared_ptr<const Pruning> pruning = nullptr;    ///< null: none
  std::shared_ptr<const Teachers> teachers = nullptr;  ///< null: labels alone
};

/// Trains a network step by step. A batch is shared out evenly among workers of one thread each, which normalize by their own
/// share, as data-parallel training does (Goyal et al., arXiv 1706.02677, section 3); their gradients and statistics are
/// averaged in the order of the workers, so the result depends on the number of workers and on nothing else of the machine's
/// load.
class Trainer {
 public:
  /// `network` and its values as `trainable` gives them; `images` must outlive the trainer.
  Trainer(const TrainableNetwork& start, const ImageSet& images, const TrainingOptions& options, TrainingAids aids = {});
  ~Trainer();
  Trainer(const Trainer&) = delete;
  Trainer(Trainer&&) = delete;
  Trainer& operator=(const Trainer&) = delete;
  Trainer& operator=(Trainer&&) = delete;

  [[nodiscard]] const TrainerState& state() const { return state_; }
  /// Goes on from a state of the same network.
  void set_state(TrainerState state);

  /// One step on the images at these places, at least two a worker; its loss. Throws UserError when the loss is no finite
  /// number or the batch does not fit into memory.
  double step(std::span<const std::int64_t> places, const TrainingStep& step);

  /// Classifies images that are not moved.
  [[nodiscard]] ClassificationScore score(const NetworkValues& values, const ImageSet& images,
                                          std::span<const std::int64_t> places);

 private:
  struct Worker;
  double run_worker(std::size_t index, std::span<const std::int64_t> places, const TrainingStep& step);
  void update(std::int64_t num_images, const TrainingStep& step);
  /// The first step that learns ranges gives each set of layers with one format one range in place of theirs: the moving
  /// average begins anew with it.
  void begin_average_of_ranges();
  void update_ranges(std::int64_t num_images, double rate);
  void limit_weights();
  [[nodiscard]] PrunedValues pruned_values();

  Network network_;
  ParameterLayout layout_;
  const ImageSet* images_;
  TrainingOptions options_;
  TrainingAids aids_;
  std::vector<float> decays_;  ///< of the parameters
  TrainerState state_;
  std::vector<std::unique_ptr<Worker>> workers_;
};

}  // namespace crossloom
