#include "cli/torch_device.h"

#include <fmt/format.h>

#include "support/error.h"
#include "training/variable.h"

namespace crossloom {

TrainingOptions training_options_here(const TrainRequest& request) {
  TrainingOptions options = training_options_of(request);
  const DeviceChoice choice = device_choice_of(request);
  const std::string problem = device_problem(Device::kCuda);
  if (choice == DeviceChoice::kCuda && !problem.empty())
    throw UserError(fmt::format("--device: cuda, allowed here: auto, cpu ({})", problem));
  const bool has_other_threads = !request.threads.empty() && options.num_workers != 1;
  if (choice == DeviceChoice::kCpu || !problem.empty() || (choice == DeviceChoice::kAuto && has_other_threads)) return options;
  options.device = Device::kCuda;
  options.num_workers = 1;
  return options;
}

}  // namespace crossloom
