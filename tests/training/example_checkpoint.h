#pragma once

#include "training/checkpoint.h"

namespace crossloom {

inline Checkpoint example_checkpoint() {
  return {
      .identity = {{"network", "lenet5"}, {"batch size", "64"}},
      .num_steps = 42,
      .epoch_loss = 1.0 / 3.0,
      .seconds = 2.5,
      .best_epoch = 1,
      .records = {{.epoch = 1, .learning_rate = 0.1, .training_loss = 2.0, .validation_accuracy_fraction = 0.25, .seconds = 2}},
      .arrays = {{"weights", {1.0F, -2.5F, 1e-30F}}, {"empty", {}}}};
}

}  // namespace crossloom
