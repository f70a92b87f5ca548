#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "compiler/ir/network.h"

namespace crossloom {

/// One image's values in CHW order.
struct Tensor {
  TensorShape shape;
  std::vector<double> values = {};

  Tensor() = default;
  explicit Tensor(const TensorShape& tensor_shape)
      : shape(tensor_shape), values(static_cast<std::size_t>(tensor_shape.num_values())) {}
  Tensor(const TensorShape& tensor_shape, std::vector<double> tensor_values)
      : shape(tensor_shape), values(std::move(tensor_values)) {}

  [[nodiscard]] double& at(std::int64_t channel, std::int64_t row, std::int64_t col) {
    return values[static_cast<std::size_t>((channel * shape.height + row) * shape.width + col)];
  }
  [[nodiscard]] double at(std::int64_t channel, std::int64_t row, std::int64_t col) const {
    return values[static_cast<std::size_t>((channel * shape.height + row) * shape.width + col)];
  }
  friend bool operator==(const Tensor&, const Tensor&) = default;
};

}  // namespace crossloom
