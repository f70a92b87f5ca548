#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "compiler/ir/network.h"
#include "training/network_parameters.h"
#include "training/training_images.h"
#include "training/variable.h"

namespace crossloom {

/// Trained networks whose answers another network learns beside the labels (distillation: Hinton, Vinyals, Dean, arXiv
/// 1503.02531, at temperature 1). Threads may use one object together.
class Teachers {
 public:
  /// `share` of each target, above 0 to 1, is the mean of the networks' probabilities.
  Teachers(std::vector<TrainableNetwork> networks, double share, Device device);
  ~Teachers();
  Teachers(const Teachers&) = delete;
  Teachers(Teachers&&) = delete;
  Teachers& operator=(const Teachers&) = delete;
  Teachers& operator=(Teachers&&) = delete;

  /// Why images of this shape and number of classes cannot be answered; empty: they can.
  [[nodiscard]] std::string problem(const TensorShape& shape, std::int64_t num_classes) const;
  /// Replaces the share of the targets. The images must be such that `problem` is empty.
  void teach(LabelledBatch& batch) const;
  /// Differs for other networks, weights or share.
  [[nodiscard]] std::string identity() const;

 private:
  struct Teacher;
  double share_;
  std::vector<std::unique_ptr<Teacher>> teachers_;
};

/// `teachers` as part of what a run is about.
[[nodiscard]] std::pair<std::string, std::string> teachers_identity(const Teachers* teachers);

}  // namespace crossloom
