#pragma once

#include "training/network_module.h"
#include "training/network_parameters.h"
#include "training/variable.h"

namespace crossloom {

/// A network whose numbers lie on the CPU, computed on a device, which has a copy of them where it is another one.
class DeviceNetwork {
 public:
  /// `arrays` lie on the CPU and must outlive it, whatever device they name. Ranges of layers are not copied: hooks work on
  /// them where they are.
  DeviceNetwork(const Network& network, const ModuleArrays& arrays, DepthwiseGradient depthwise);

  /// Before the module computes.
  void to_device() const;
  /// After it: parameters, gradients, statistics.
  void from_device() const;
  [[nodiscard]] const NetworkModule& module() const { return module_; }

 private:
  DeviceNetwork(const Network& network, const ParameterLayout& layout, const ModuleArrays& arrays, DepthwiseGradient depthwise);

  DeviceArray parameters_;
  DeviceArray gradients_;
  DeviceArray statistics_;
  NetworkModule module_;
};

}  // namespace crossloom
