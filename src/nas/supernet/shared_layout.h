#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "nas/space/search_space.h"
#include "training/network_parameters.h"

namespace crossloom {

/// A tensor that all networks of a space share: those with fewer channels or smaller kernels take a part of it.
struct SharedTensor {
  std::string layer;
  ParameterRole role = ParameterRole::kWeights;
  std::vector<std::int64_t> dims;  ///< the largest of each axis over all networks
  std::size_t first = 0;           ///< in the flat array
  std::size_t count = 0;
  /// Scale of the last normalization before a residual is added, in every network that has the layer.
  bool ends_residual = false;
  friend bool operator==(const SharedTensor&, const SharedTensor&) = default;
};

/// Makes a smaller kernel of a larger one: the centre of the larger, as a vector, times a learned matrix of
/// to^2 x to^2 numbers, one for all channels of a layer (Cai et al., Once-for-All, ICLR 2020, section 3.3).
struct KernelTransform {
  std::int64_t from = 0;  ///< side of the larger kernel
  std::int64_t to = 0;
  std::size_t first = 0;  ///< of the matrix, row-major, in the flat array
  friend bool operator==(const KernelTransform&, const KernelTransform&) = default;
};

/// The numbers that the networks of a space share, in one flat array: a tensor for each role of each named layer, then the
/// matrices of the kernel transforms.
class SharedLayout {
 public:
  /// Throws UserError when an input of the space is too small for its strides.
  explicit SharedLayout(const SearchSpace& space);

  [[nodiscard]] const std::vector<SharedTensor>& tensors() const { return tensors_; }
  [[nodiscard]] std::size_t num_parameters() const { return num_parameters_; }
  /// Null when no network has it.
  [[nodiscard]] const SharedTensor* find(std::string_view layer, ParameterRole role) const;
  /// From a layer's largest kernel downwards, each from the next larger; empty for a layer whose kernel is fixed.
  [[nodiscard]] std::span<const KernelTransform> transforms(std::string_view layer) const;
  /// Most channels that a layer puts out. Throws InternalError for a layer that no network has.
  [[nodiscard]] std::int64_t num_channels(std::string_view layer) const;

  /// Weights as initial_weights draws them for the largest layers, biases and shifts 0, scales 1 but 0 where `ends_residual`
  /// (Goyal et al., arXiv 1706.02677, section 5.1); transforms that take the centre as it is.
  [[nodiscard]] std::vector<float> initial_values(std::uint64_t seed) const;
  /// 1 for each number that is a weight, 0 for all others: what decays.
  [[nodiscard]] std::vector<float> weight_mask() const;

 private:
  void include(const Network& network);
  void place_all();

  std::vector<SharedTensor> tensors_;
  std::map<std::pair<std::string, ParameterRole>, std::size_t, std::less<>> places_;
  std::map<std::string, std::vector<KernelTransform>, std::less<>> transforms_;
  std::map<std::string, std::vector<std::int64_t>, std::less<>> kernels_;  ///< of each convolution
  std::map<std::string, std::int64_t, std::less<>> num_channels_;
  std::size_t num_parameters_ = 0;
};

/// What one network takes of the shared numbers, and where its gradients go.
class WeightSharing {
 public:
  /// Channels are taken from the first on; behind a concatenation those of each operand. Blocks beyond a stage's depth are
  /// not there. Throws LayerError for a layer whose channels cannot be followed: a grouped convolution, a slice or a shuffle
  /// of channels of which some are left out, a linear layer of images of several sizes.
  WeightSharing(const SharedLayout& layout, const Network& network);

  /// The network's parameters in the order of its ParameterLayout.
  [[nodiscard]] std::vector<float> gathered(std::span<const float> shared) const;
  /// Adds the gradients of the network's parameters to those of the shared numbers.
  void scatter(std::span<const float> shared, std::span<const float> gradients, std::span<float> shared_gradients) const;

 private:
  /// A tensor of the network: rows (first axis) and columns (second axis) of a shared one, and how its kernels come about.
  struct Part {
    std::size_t first = 0;         ///< in the network's parameters
    std::size_t shared_first = 0;  ///< in the shared ones
    std::size_t row_stride = 1;    ///< between rows of the shared tensor
    std::size_t col_stride = 1;
    std::size_t area = 1;         ///< numbers of a kernel; of a whole row where its kernels are copied one behind the other
    std::size_t shared_area = 1;  ///< likewise, before the transforms
    std::vector<std::size_t> rows;
    std::vector<std::size_t> cols;
    std::vector<KernelTransform> transforms;
  };
  static void merge_columns(Part& part);
  /// Calls `visit(part, place, shared_place)` for each kernel.
  template <class Visit>
  void for_each_kernel(const Visit& visit) const;

  std::vector<Part> parts_;
  std::size_t num_parameters_ = 0;
};

}  // namespace crossloom
