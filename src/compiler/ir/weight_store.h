#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace crossloom {

/// Number format of a stored tensor.
enum class ElementType {
  kOther,  ///< text, complex numbers: never weights
  kFloat32,
  kFloat64,
  kFloat16,
  kBfloat16,  ///< the upper half of a float32
  kInt8,
  kUint8,
  kInt16,
  kUint16,
  kInt32,
  kUint32,
  kInt64,
  kUint64,
  kBool,
};
/// Bytes of one number in fixed-width storage; 0 for kOther.
[[nodiscard]] std::int64_t element_bytes(ElementType type);
[[nodiscard]] bool is_integer(ElementType type);
/// The number that the 16 bits of a kFloat16 (IEEE 754 binary16) or kBfloat16 stand for.
[[nodiscard]] float from_bits16(ElementType type, std::uint32_t bits);

/// A run of bytes of a file.
struct ByteRange {
  std::int64_t offset = 0;
  std::int64_t num_bytes = 0;
  friend bool operator==(const ByteRange&, const ByteRange&) = default;
};

/// A tensor and where its numbers lie: at most one of `ranges`, `fill` and the inline values is there; none of them means that
/// only the shape is known.
struct StoredTensor {
  std::vector<std::int64_t> dims;
  ElementType type = ElementType::kOther;
  std::string path;                    ///< file of the ranges
  std::vector<ByteRange> ranges;       ///< the numbers one after the other, little endian
  bool is_varint = false;              ///< the ranges hold protobuf varints instead of numbers of fixed width
  std::optional<double> fill;          ///< every number
  std::vector<std::int64_t> integers;  ///< inline numbers of an integer type
  std::vector<double> reals;           ///< inline numbers of another type
  friend bool operator==(const StoredTensor&, const StoredTensor&) = default;

  [[nodiscard]] bool has_numbers() const { return !ranges.empty() || fill.has_value() || !integers.empty() || !reals.empty(); }
};

/// Product of the extents. Throws UserError beyond 2^40.
[[nodiscard]] std::int64_t num_elements(const std::vector<std::int64_t>& dims);

/// Reads the numbers. Throws UserError when the file cannot be read or is shorter than the tensor, InternalError for a tensor
/// without numbers.
[[nodiscard]] std::vector<float> load(const StoredTensor& tensor);

/// Hands the bytes of `ranges` on as they are stored, in order and in pieces of at most 1 MiB. Throws UserError like `load`.
void read_stored_bytes(const StoredTensor& tensor, const std::function<void(std::string_view)>& take);

/// A tensor as a layer uses it: the stored one, its axes reordered, its integers scaled.
struct WeightTensor {
  StoredTensor stored;
  std::vector<std::int64_t> permutation;     ///< axis i is axis permutation[i] of the stored tensor; empty: as stored
  std::vector<StoredTensor> dequantization;  ///< empty, or scale and zero point: one number, or one for each index of the axis
  std::int64_t dequantization_axis = 0;      ///< of the stored tensor
  friend bool operator==(const WeightTensor&, const WeightTensor&) = default;
};
[[nodiscard]] std::vector<float> load(const WeightTensor& tensor);

/// Batch normalization that follows a layer: scale * (x - mean) / (divisor * sqrt(variance + epsilon)) + shift, each one number
/// a channel or one for all (Ioffe, Szegedy, ICML 2015; the divisor for quotients that stand alone). A factor or offset that is
/// absent is 1 or 0.
struct NormalizationTensors {
  std::optional<WeightTensor> scale;
  std::optional<WeightTensor> shift;
  std::optional<WeightTensor> mean;
  std::optional<WeightTensor> variance;
  std::optional<WeightTensor> divisor;
  double epsilon = 0;
  friend bool operator==(const NormalizationTensors&, const NormalizationTensors&) = default;
};

/// Learned numbers of one layer. Normalizations apply in order, after the bias.
struct LayerTensors {
  std::optional<WeightTensor> weights;  ///< [output channels][input channels / groups][kernel height][kernel width]
  std::optional<WeightTensor> bias;
  std::vector<NormalizationTensors> normalizations;
  friend bool operator==(const LayerTensors&, const LayerTensors&) = default;
};

/// Weights and bias that do what weights, bias and batch normalization together do.
struct FoldedWeights {
  std::vector<float> weights;  ///< as LayerTensors::weights, row-major
  std::vector<float> bias;     ///< one an output channel
};

/// The learned numbers of a network by layer. It knows where they lie and reads them when asked, a layer at a time.
class WeightStore {
 public:
  /// Replaces what was there.
  void set(const std::string& layer, LayerTensors tensors) { layers_[layer] = std::move(tensors); }
  [[nodiscard]] bool empty() const { return layers_.empty(); }
  /// Null when nothing is known of the layer.
  [[nodiscard]] const LayerTensors* find(const std::string& layer) const;
  /// Whether the weights of the layer can be loaded.
  [[nodiscard]] bool has_weights(const std::string& layer) const;
  /// Weights with batch normalization folded in (in double precision). Throws UserError when the layer has none, or the file is
  /// gone.
  [[nodiscard]] FoldedWeights load_folded(const std::string& layer) const;
  /// A batch normalization that stands alone as one weight and one bias a channel. Throws UserError when nothing is known of
  /// the layer.
  [[nodiscard]] FoldedWeights load_normalization(const std::string& layer, std::int64_t num_channels) const;
  friend bool operator==(const WeightStore&, const WeightStore&) = default;

 private:
  std::map<std::string, LayerTensors> layers_;
};

}  // namespace crossloom
