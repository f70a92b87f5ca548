#include "cli/torch_networks.h"

#include <fmt/format.h>

#include <utility>
#include <vector>

#include "support/error.h"

namespace crossloom {

TrainableNetwork trained_network(std::string_view option, const std::string& name) {
  const NetworkFile file = load_requested_network({.network = name});
  if (file.weights.empty()) throw UserError(fmt::format("{}: {}: has no weights", option, name));
  return trainable(file.network, file.weights);
}

std::shared_ptr<const Teachers> teachers_of(const TrainRequest& request, const TrainingOptions& options) {
  const double share = teacher_share_of(request);
  std::vector<TrainableNetwork> networks;
  for (const std::string& name : request.teachers) {
    networks.push_back(trained_network("--teacher", name));
    networks.back().network.name = name;
  }
  if (networks.empty()) return nullptr;
  return std::make_shared<const Teachers>(std::move(networks), share, options.device);
}

void require_same_task(const Teachers* teachers, const Network& network) {
  if (teachers == nullptr) return;
  const std::string problem = teachers->problem(network.input_shape, network.layers.back().output_shape.num_values());
  if (!problem.empty()) throw UserError("--teacher: " + problem);
}

}  // namespace crossloom
