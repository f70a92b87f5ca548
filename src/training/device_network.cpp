#include "training/device_network.h"

namespace crossloom {

DeviceNetwork::DeviceNetwork(const Network& network, const ModuleArrays& arrays, DepthwiseGradient depthwise)
    : DeviceNetwork(network, ParameterLayout(network), arrays, depthwise) {}

DeviceNetwork::DeviceNetwork(const Network& network, const ParameterLayout& layout, const ModuleArrays& arrays,
                             DepthwiseGradient depthwise)
    : parameters_(arrays.parameters, layout.num_parameters(), arrays.device),
      gradients_(arrays.gradients, arrays.gradients == nullptr ? 0 : layout.num_parameters(), arrays.device),
      statistics_(arrays.statistics, layout.range_of(0), arrays.device),
      module_(network,
              {.parameters = parameters_.data(),
               .gradients = arrays.gradients == nullptr ? nullptr : gradients_.data(),
               .statistics = statistics_.data(),
               .device = arrays.device},
              depthwise) {}

void DeviceNetwork::to_device() const {
  parameters_.to_device();
  gradients_.to_device();
  statistics_.to_device();
}

void DeviceNetwork::from_device() const {
  parameters_.from_device();
  gradients_.from_device();
  statistics_.from_device();
}

}  // namespace crossloom
