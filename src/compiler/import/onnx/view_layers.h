#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "compiler/import/onnx/draft_network.h"
#include "compiler/import/onnx/tensor_view.h"

namespace crossloom {

/// Makes layers of looks: what a consumer needs as an image of its own becomes a channel slice, crop, shuffle, flatten or
/// reorder layer, once for each look.
class ViewLayers {
 public:
  explicit ViewLayers(DraftNetwork& draft) : draft_(draft) {}

  /// The layer whose output is the view as an image, shaped as `image_shape` of its extents says. New layers are called `name`,
  /// made unique. Throws UserError for extents that are no image of one sample.
  [[nodiscard]] std::int64_t image(const TensorView& view, const std::string& name);

  /// The layer whose values, in CHW order, are those of the view in the view's order; its shape is as may be.
  [[nodiscard]] std::int64_t in_order(const TensorView& view, const std::string& name);

  /// A layer that puts the values of a look of all of a layer in order, of shape `shape`.
  [[nodiscard]] std::int64_t reordered(const TensorView& view, const TensorShape& shape, const std::string& name);

  /// `name`, or with a number behind it when a layer is called so already.
  [[nodiscard]] std::string unique_name(const std::string& name);

 private:
  using Look = std::tuple<std::int64_t, std::vector<std::int64_t>, std::vector<std::int64_t>, std::int64_t>;

  [[nodiscard]] const TensorShape& shape_of(std::int64_t layer) const;
  [[nodiscard]] std::int64_t add(Layer layer, const std::string& name);
  [[nodiscard]] std::int64_t made_in_order(const TensorView& view, const std::string& name);
  [[nodiscard]] std::int64_t made_image(const TensorView& view, const TensorShape& shape, const std::string& name);
  [[nodiscard]] std::int64_t read_as(std::int64_t layer, const TensorShape& shape, const std::string& name);
  /// Part of an image cut out along channels, rows and columns; -1 when the view is no such part.
  [[nodiscard]] std::int64_t cut_out(const TensorView& view, const TensorShape& shape, const std::string& name);
  [[nodiscard]] std::int64_t channels_of(std::int64_t layer, std::int64_t first, std::int64_t count, const std::string& name);

  DraftNetwork& draft_;
  std::map<Look, std::int64_t> images_;   ///< made so far
  std::map<Look, std::int64_t> ordered_;  ///< likewise, of `in_order`
  std::set<std::string> names_;
  std::map<std::string, std::int64_t> last_number_;  ///< put behind each name asked for twice
};

}  // namespace crossloom
