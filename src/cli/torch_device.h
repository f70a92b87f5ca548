#pragma once

#include "cli/train_request.h"

namespace crossloom {

/// training_options_of with the device that --device stands for on this machine. Throws UserError where that is none.
[[nodiscard]] TrainingOptions training_options_here(const TrainRequest& request);

}  // namespace crossloom
