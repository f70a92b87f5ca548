#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "cli/train_request.h"
#include "compiler/ir/network.h"
#include "training/network_parameters.h"
#include "training/teachers.h"
#include "training/training_options.h"

namespace crossloom {

/// A network that has weights, as `option` names it. Throws UserError: it has none, and as load_requested_network.
[[nodiscard]] TrainableNetwork trained_network(std::string_view option, const std::string& name);

/// The networks of --teacher; null when there are none. Throws UserError as trained_network.
[[nodiscard]] std::shared_ptr<const Teachers> teachers_of(const TrainRequest& request, const TrainingOptions& options);

/// Throws UserError when a teacher takes other images than `network`, or tells other classes apart.
void require_same_task(const Teachers* teachers, const Network& network);

}  // namespace crossloom
