#include "nas/supernet/shared_layout.h"

#include <algorithm>
#include <cmath>
#include <functional>

#include "support/error.h"
#include "support/random_stream.h"

namespace crossloom {
namespace {

std::size_t square(std::int64_t side) { return static_cast<std::size_t>(side * side); }

}  // namespace

SharedLayout::SharedLayout(const SearchSpace& space) {
  // A layer's extents follow from its own genes and those right before it, so they are largest where one gene at a time
  // changes.
  const Genotype largest = largest_genotype(space);
  include(build_network(space, subnetwork_of(space, largest)));
  for (const Genotype& base : {largest, Genotype{.values = std::vector<double>(largest.values.size())}}) {
    for (const Genotype& changed : single_changes(space, base)) include(build_network(space, subnetwork_of(space, changed)));
  }
  place_all();
}

void SharedLayout::include(const Network& network) {
  const ParameterLayout layout(network);
  const std::vector<bool> ends = residual_ends(network);
  for (const ParameterPlace& place : layout.parameters()) {
    const Layer& layer = network.layers[place.layer];
    const bool is_scale_of_end = place.role == ParameterRole::kScale && ends[place.layer];
    const auto [found, is_new] = places_.try_emplace({layer.name, place.role}, tensors_.size());
    if (is_new) {
      tensors_.push_back({.layer = layer.name, .role = place.role, .dims = place.dims, .ends_residual = is_scale_of_end});
    } else {
      SharedTensor& tensor = tensors_[found->second];
      std::ranges::transform(tensor.dims, place.dims, tensor.dims.begin(),
                             [](std::int64_t a, std::int64_t b) { return std::max(a, b); });
      tensor.ends_residual = tensor.ends_residual && is_scale_of_end;
    }
    if (place.role == ParameterRole::kWeights && layer.kind == LayerKind::kConvolution &&
        layer.window.kernel_height == layer.window.kernel_width)
      kernels_[layer.name].push_back(layer.window.kernel_height);
  }
  for (const Layer& layer : network.layers) {
    std::int64_t& count = num_channels_[layer.name];
    count = std::max(count, layer.output_shape.channels);
  }
}

void SharedLayout::place_all() {
  for (SharedTensor& tensor : tensors_) {
    tensor.first = num_parameters_;
    tensor.count = static_cast<std::size_t>(num_elements(tensor.dims));
    num_parameters_ += tensor.count;
  }
  for (auto& [layer, kernels] : kernels_) {
    std::ranges::sort(kernels, std::greater<>());
    kernels.erase(std::unique(kernels.begin(), kernels.end()), kernels.end());
    for (std::size_t i = 1; i < kernels.size(); ++i) {
      transforms_[layer].push_back({.from = kernels[i - 1], .to = kernels[i], .first = num_parameters_});
      num_parameters_ += square(kernels[i]) * square(kernels[i]);
    }
  }
}

const SharedTensor* SharedLayout::find(std::string_view layer, ParameterRole role) const {
  const auto found = places_.find(std::pair<std::string, ParameterRole>(layer, role));
  return found == places_.end() ? nullptr : &tensors_[found->second];
}

std::span<const KernelTransform> SharedLayout::transforms(std::string_view layer) const {
  const auto found = transforms_.find(layer);
  return found == transforms_.end() ? std::span<const KernelTransform>{} : found->second;
}

std::int64_t SharedLayout::num_channels(std::string_view layer) const {
  const auto found = num_channels_.find(layer);
  if (found == num_channels_.end()) throw InternalError("no network of the space has layer " + std::string(layer));
  return found->second;
}

std::vector<float> SharedLayout::initial_values(std::uint64_t seed) const {
  std::vector<float> values(num_parameters_);
  for (std::size_t i = 0; i < tensors_.size(); ++i) {
    const SharedTensor& tensor = tensors_[i];
    const auto part = std::span<float>(values).subspan(tensor.first, tensor.count);
    if (tensor.role == ParameterRole::kScale && !tensor.ends_residual) std::ranges::fill(part, 1.0F);
    if (tensor.role != ParameterRole::kWeights) continue;
    RandomStream random(seed, {.purpose = RandomPurpose::kInitialWeights, .layer = i});
    const double sigma = std::sqrt(2.0 * static_cast<double>(tensor.dims.front()) / static_cast<double>(tensor.count));
    for (float& value : part) value = static_cast<float>(sigma * random.next_normal());
  }
  for (const auto& [layer, transforms] : transforms_) {
    for (const KernelTransform& transform : transforms) {
      const std::size_t area = square(transform.to);
      for (std::size_t i = 0; i < area; ++i) values[transform.first + i * area + i] = 1.0F;
    }
  }
  return values;
}

std::vector<float> SharedLayout::weight_mask() const {
  std::vector<float> mask(num_parameters_);
  for (const SharedTensor& tensor : tensors_) {
    if (tensor.role == ParameterRole::kWeights)
      std::ranges::fill(std::span<float>(mask).subspan(tensor.first, tensor.count), 1.0F);
  }
  return mask;
}

}  // namespace crossloom
