#pragma once

#include <cstdint>

#include "accuracy/image_set.h"
#include "training/variable.h"

namespace crossloom {

/// How a network is trained: stochastic gradient descent with Nesterov momentum (Sutskever et al., ICML 2013).
struct TrainingOptions {
  std::int64_t num_epochs = 30;
  std::int64_t batch_size = 64;
  double learning_rate = 0.1;     ///< the highest; falls to 0 along a cosine (Loshchilov, Hutter, ICLR 2017)
  double warmup_epochs = 1.0;     ///< until then it rises linearly from 0 (Goyal et al., arXiv 1706.02677)
  double momentum = 0.9;          ///< 0 to below 1
  double weight_decay = 3e-4;     ///< of weights, not of biases and normalizations
  double label_smoothing = 0.1;   ///< 0 to below 1
  double largest_gradient = 5.0;  ///< norm to which longer gradients are cut
  /// After each step weights beyond this many standard deviations of their layer are cut back, so that conductances use their
  /// range well; 0: none.
  double weight_limit_deviations = 0.0;
  double average_decay = 0.999;      ///< of the moving average of all values, which is what is scored and exported
  double validation_fraction = 0.1;  ///< of the training images, held out; above 0, below 1
  std::int64_t crop_padding = 4;     ///< pixels an image is moved at most, zeros behind it; 0: none
  bool flips = true;                 ///< half of the images are mirrored
  std::int64_t cutout = 0;           ///< side of a square of zeros in each image (DeVries, Taylor, arXiv 1708.04552); 0: none
  /// Two images of a batch are mixed with a share drawn from Beta(mixup, mixup), and their labels likewise (Zhang et al., ICLR
  /// 2018); 0 (none) to 1.
  double mixup = 0.0;
  std::int64_t num_workers = 1;  ///< threads that each take a share of every batch; part of the result
  std::uint64_t seed = 0;
  PixelNormalization normalization;
  DepthwiseGradient depthwise = DepthwiseGradient::kOwn;  ///< on the CPU
  Device device = Device::kCpu;                           ///< kCuda: with one worker
};

}  // namespace crossloom
