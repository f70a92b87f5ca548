#include "compiler/lowering/unit_operations.h"

#include "compiler/lowering/lower.h"
#include "support/integer_math.h"

namespace crossloom {
namespace {

constexpr const char* kWhat = "the number of unit operations a window";

/// Operations to make one output value of one window.
std::int64_t operations_an_output_value(const Network& network, const Layer& layer) {
  switch (layer.kind) {
    case LayerKind::kConvolution:
    case LayerKind::kLinear:
      // The sum is scaled to the output's quantization, with the bias added in the same multiply-add (Jacob et al., CVPR 2018).
      return 1;
    case LayerKind::kMaxPool:
    case LayerKind::kAveragePool:
      // One comparison or addition for every value of the kernel; for the mean, the first addition's place is taken by the
      // scaling.
      return checked_mul(layer.window.kernel_height, layer.window.kernel_width, kWhat);
    case LayerKind::kGlobalAveragePool: {
      const TensorShape& image = input_shape_of(network, layer);
      return image.height * image.width;
    }
    case LayerKind::kAdd:
    case LayerKind::kMultiply:
    case LayerKind::kSubtract:
    case LayerKind::kDivide:
      return static_cast<std::int64_t>(layer.inputs.size()) - 1;
    case LayerKind::kConcat:
    case LayerKind::kChannelShuffle:
    case LayerKind::kReorder:
    case LayerKind::kCrop:
    case LayerKind::kVectorOperation:
      // The value is read and written to its new place (most concatenations dissolve and need not even that). assumed: as much
      // for a vector operation, of which nothing else is known.
      return 1;
    case LayerKind::kBatchNorm:
      // Scale and shift, without a crossbar's requantization to take them in.
      return 2;
    case LayerKind::kLocalResponseNorm:
      // x / (k + a S)^b with S the sum of n squares: a square, n - 1 additions, a multiply-add, a power, a division.
      return layer.num_neighbour_channels + 3;
    case LayerKind::kInput:
    case LayerKind::kActivation:
    case LayerKind::kFlatten:
    case LayerKind::kSlice:
    case LayerKind::kPad:
      return 0;
  }
  throw InternalError("LayerKind outside its range");
}

}  // namespace

std::int64_t num_unit_operations(const Network& network, const Layer& layer) {
  return checked_mul(operations_an_output_value(network, layer), layer.output_shape.channels, kWhat);
}

std::int64_t operations_per_value(Activation activation) {
  switch (activation) {
    case Activation::kNone:
      return 0;
    case Activation::kRelu:     // a comparison with zero
    case Activation::kRelu6:    // a clamp to [0, 6]
    case Activation::kSigmoid:  // a look-up, as in ISAAC's sigmoid unit (Shafiee et al., ISCA 2016, section IV)
    case Activation::kTanh:     // likewise
      return 1;
    case Activation::kLeakyRelu:    // a multiplication, a maximum
    case Activation::kHardSigmoid:  // a multiply-add, a clamp
    case Activation::kSilu:         // a sigmoid look-up, a multiplication
      return 2;
    case Activation::kHardSwish:   // a hard sigmoid, a multiplication
    case Activation::kLogSoftmax:  // an exponential look-up, an addition, a subtraction; one logarithm a pixel is left out
    case Activation::kSoftmax:     // an exponential look-up, an addition, a division
      return 3;
  }
  throw InternalError("Activation outside its range");
}

}  // namespace crossloom
