#include <gtest/gtest.h>

#include "compiler/import/network_yaml.h"
#include "tests/compiler/import/network_text.h"
#include "tests/support/error_message.h"

namespace crossloom {
namespace {

std::string error_of_text(const std::string& text) {
  return user_error([&] { return parse_network_yaml(text, "net.yaml"); });
}

std::string error_of(const std::string& layers) { return error_of_text(network_text(layers)); }

/// Head of a file with one layer, each key of which a test may replace.
std::string error_of_head(const std::string& name, const std::string& input, const std::string& rest) {
  return error_of_text(name + input + rest + "layers:\n  - {name: flat, type: flatten}\n");
}
constexpr const char* kName = "name: example\nsource: test\n";
constexpr const char* kInput = "input: {shape: [3, 8, 8], signed: true}\n";

TEST(NetworkYamlErrors, EmptyFile) { EXPECT_EQ(error_of_text(""), "net.yaml:1: is empty"); }

TEST(NetworkYamlErrors, SyntaxError) { EXPECT_EQ(error_of_text("name: [a\nsource: b\n").substr(0, 11), "net.yaml:2:"); }

TEST(NetworkYamlErrors, MissingSource) {
  EXPECT_EQ(error_of_head("name: example\n", kInput, ""), "net.yaml:1: source: is missing, allowed: text");
}

TEST(NetworkYamlErrors, MissingLayers) {
  EXPECT_EQ(error_of_text(std::string(kName) + kInput), "net.yaml:1: layers: is missing, allowed: a list of mappings");
}

TEST(NetworkYamlErrors, NoLayers) {
  EXPECT_EQ(error_of_text(std::string(kName) + kInput + "layers: []\n"),
            "net.yaml:4: layers: is empty, allowed: a list of at least one layer");
}

TEST(NetworkYamlErrors, UnknownKeyOfTheFile) {
  EXPECT_EQ(error_of_head(kName, kInput, "sorce: again\n"), "net.yaml:4: sorce: unknown key (did you mean source?)");
}

TEST(NetworkYamlErrors, RepeatedKeyOfTheFile) {
  EXPECT_EQ(error_of_head(kName, kInput, "name: again\n"), "net.yaml:4: name: repeated key, allowed once (first on line 1)");
}

TEST(NetworkYamlErrors, ShapeOfTwoNumbers) {
  EXPECT_EQ(error_of_head(kName, "input: {shape: [8, 8], signed: true}\n", ""),
            "net.yaml:3: input.shape: a list of 2, allowed: [channels, height, width] or [1, channels, height, width]");
}

TEST(NetworkYamlErrors, ShapeWithABatch) {
  EXPECT_EQ(error_of_head(kName, "input: {shape: [2, 3, 8, 8], signed: true}\n", ""),
            "net.yaml:3: input.shape: a batch of 2, allowed: [channels, height, width] or [1, channels, height, width]");
}

TEST(NetworkYamlErrors, ShapeWithoutRows) {
  EXPECT_EQ(error_of_head(kName, "input: {shape: [3, 0, 8], signed: true}\n", ""),
            "net.yaml:3: input.shape[1]: 0, allowed: an integer from 1 to 1048576");
}

TEST(NetworkYamlErrors, ShapeThatIsNotANumber) {
  EXPECT_EQ(error_of_head(kName, "input: {shape: [3, .nan, 8], signed: true}\n", ""),
            "net.yaml:3: input.shape[1]: .nan, allowed: an integer from 1 to 1048576");
}

TEST(NetworkYamlErrors, ShapeTooLargeForATensor) {
  EXPECT_EQ(error_of_head(kName, "input: {shape: [3, 1048576, 1048576], signed: true}\n", ""),
            "net.yaml:3: input.shape: 3x1048576x1048576, allowed: at most 2147483648 values");
}

TEST(NetworkYamlErrors, OverridingShapeTooLargeForATensor) {
  EXPECT_EQ(user_error([] {
              return parse_network_yaml(network_text("  - {name: flat, type: flatten}\n"), "net.yaml",
                                        TensorShape{3, 1048576, 1048576});
            }),
            "layer input: output 3x1048576x1048576, allowed: at most 2147483648 values");
}

TEST(NetworkYamlErrors, SignednessNotStated) {
  EXPECT_EQ(error_of_head(kName, "input: {shape: [3, 8, 8]}\n", ""),
            "net.yaml:3: input.signed: is missing, allowed: true or false");
}

TEST(NetworkYamlErrors, ExpectedParametersThatAreNotThoseOfTheLayers) {
  EXPECT_EQ(error_of_head(kName, kInput, "expected: {parameters: 7, macs: 0}\n"),
            "net.yaml:4: expected: parameters 7, but those of the layers are 0 (correct the one that is wrong)");
}

TEST(NetworkYamlErrors, ExpectedMacsThatAreNotThoseOfTheLayers) {
  EXPECT_EQ(error_of_head(kName, kInput, "expected: {parameters: 0, macs: 9}\n"),
            "net.yaml:4: expected: macs 9, but those of the layers are 0 (correct the one that is wrong)");
}

TEST(NetworkYamlErrors, LayerWithoutName) {
  EXPECT_EQ(error_of("  - {type: flatten}\n"), "net.yaml:5: layers[0].name: is missing, allowed: text");
}

TEST(NetworkYamlErrors, LayerWithAnEmptyName) {
  EXPECT_EQ(error_of("  - {name: '', type: flatten}\n"), "net.yaml:5: layers[0].name: is empty, allowed: text");
}

TEST(NetworkYamlErrors, UnknownType) {
  const std::string message = error_of("  - {name: conv, type: convolutoin}\n");
  EXPECT_TRUE(message.starts_with("net.yaml:5: layers[0].type: convolutoin is not one of convolution, linear, ")) << message;
  EXPECT_TRUE(message.ends_with(", depthwise_convolution, squeeze_excite (did you mean convolution?)")) << message;
}

TEST(NetworkYamlErrors, TheImageIsNotALayerOfTheList) {
  EXPECT_TRUE(error_of("  - {name: image, type: input}\n").starts_with("net.yaml:5: layers[0].type: input is not one of "));
}

TEST(NetworkYamlErrors, UnknownActivation) {
  EXPECT_EQ(
      error_of("  - {name: act, type: activation, activation: relo}\n"),
      "net.yaml:5: layers[0].activation: relo is not one of none, relu, relu6, leaky_relu, hard_swish, hard_sigmoid, sigmoid, "
      "silu, tanh, softmax, log_softmax (did you mean relu?)");
}

TEST(NetworkYamlErrors, UnknownKeyOfALayer) {
  EXPECT_EQ(error_of("  - {name: conv, type: convolution, channels: 4, kernel: 3, bias: true, strides: 2}\n"),
            "net.yaml:5: layers[0].strides: unknown key (did you mean stride?)");
}

TEST(NetworkYamlErrors, KeyOfAnotherKind) {
  EXPECT_EQ(error_of("  - {name: flat, type: flatten, kernel: 2}\n"), "net.yaml:5: layers[0].kernel: unknown key");
}

TEST(NetworkYamlErrors, ChannelsOfADepthwiseConvolution) {
  EXPECT_EQ(error_of("  - {name: conv, type: depthwise_convolution, channels: 3, kernel: 3, bias: true}\n"),
            "net.yaml:5: layers[0].channels: unknown key");
}

TEST(NetworkYamlErrors, RepeatedKeyOfALayer) {
  EXPECT_EQ(error_of("  - name: flat\n    type: flatten\n    name: again\n"),
            "net.yaml:7: layers[0].name: repeated key, allowed once (first on line 5)");
}

TEST(NetworkYamlErrors, BiasNeitherStatedNorFollowingFromBatchNorm) {
  EXPECT_EQ(error_of("  - {name: conv, type: convolution, channels: 4, kernel: 3}\n"),
            "net.yaml:5: layers[0].bias: is missing, allowed: true or false");
}

TEST(NetworkYamlErrors, PoolingWithoutStride) {
  EXPECT_EQ(error_of("  - {name: pool, type: max_pool, kernel: 2}\n"),
            "net.yaml:5: layers[0].stride: is missing, allowed: an integer from 1 to 1048576");
}

TEST(NetworkYamlErrors, MissingKernel) {
  EXPECT_EQ(error_of("  - {name: conv, type: convolution, channels: 4, bias: true}\n"),
            "net.yaml:5: layers[0].kernel: is missing, allowed: an integer from 1 to 1048576");
}

TEST(NetworkYamlErrors, KernelOfThreeNumbers) {
  EXPECT_EQ(error_of("  - {name: conv, type: convolution, channels: 4, kernel: [3, 3, 3], bias: true}\n"),
            "net.yaml:5: layers[0].kernel: a list of 3, allowed: an integer or [vertical, horizontal]");
}

TEST(NetworkYamlErrors, KernelOutOfRange) {
  EXPECT_EQ(error_of("  - {name: conv, type: convolution, channels: 4, kernel: 0, bias: true}\n"),
            "net.yaml:5: layers[0].kernel: 0, allowed: an integer from 1 to 1048576");
}

TEST(NetworkYamlErrors, KernelThatIsNotANumber) {
  EXPECT_EQ(error_of("  - {name: conv, type: convolution, channels: 4, kernel: .nan, bias: true}\n"),
            "net.yaml:5: layers[0].kernel: .nan, allowed: an integer from 1 to 1048576");
}

TEST(NetworkYamlErrors, ChannelsBeyond64Bits) {
  EXPECT_EQ(error_of("  - {name: fc, type: linear, channels: 99999999999999999999, bias: true}\n"),
            "net.yaml:5: layers[0].channels: 99999999999999999999, allowed: an integer from 1 to 1048576");
}

TEST(NetworkYamlErrors, PaddingOfThreeNumbers) {
  EXPECT_EQ(
      error_of("  - {name: conv, type: convolution, channels: 4, kernel: 3, padding: [1, 1, 1], bias: true}\n"),
      "net.yaml:5: layers[0].padding: a list of 3, allowed: an integer, [vertical, horizontal] or [top, left, bottom, right]");
}

TEST(NetworkYamlErrors, PaddingOfOneNumberInAList) {
  EXPECT_EQ(
      error_of("  - {name: wide, type: pad, padding: [1]}\n"),
      "net.yaml:5: layers[0].padding: a list of 1, allowed: an integer, [vertical, horizontal] or [top, left, bottom, right]");
}

TEST(NetworkYamlErrors, PaddingByName) {
  EXPECT_EQ(error_of("  - {name: conv, type: convolution, channels: 4, kernel: 3, padding: valid, bias: true}\n"),
            "net.yaml:5: layers[0].padding: valid, allowed: an integer from 0 to 1048576");
}

TEST(NetworkYamlErrors, SamePaddingOfAPadLayer) {
  EXPECT_EQ(error_of("  - {name: wide, type: pad, padding: same}\n"),
            "net.yaml:5: layers[0].padding: same, allowed: an integer from 0 to 1048576");
}

TEST(NetworkYamlErrors, InputBesideInputs) {
  EXPECT_EQ(error_of("  - {name: sum, type: add, input: input, inputs: [input, input]}\n"),
            "net.yaml:5: layers[0].inputs: beside input, allowed: one of them");
}

TEST(NetworkYamlErrors, NameUsedTwice) {
  EXPECT_EQ(error_of("  - {name: flat, type: flatten}\n  - {name: flat, type: flatten}\n"),
            "net.yaml:6: layers[1].name: flat, which is the name of layers[0] already");
}

TEST(NetworkYamlErrors, NameOfTheImage) {
  EXPECT_EQ(error_of("  - {name: input, type: flatten}\n"),
            "net.yaml:5: layers[0].name: input, which is the name of the image already");
}

TEST(NetworkYamlErrors, NameOfAPartOfASqueezeExcite) {
  EXPECT_EQ(error_of("  - {name: se, type: squeeze_excite, squeeze_channels: 2, bias: true, activation: relu, gate: sigmoid}\n"
                     "  - {name: se_pool, type: flatten}\n"),
            "net.yaml:6: layers[1].name: se_pool, which is the name of layers[0] already");
}

TEST(NetworkYamlErrors, DanglingInput) {
  EXPECT_EQ(error_of("  - {name: conv1, type: flatten}\n  - {name: flat, type: flatten, input: conv2}\n"),
            "net.yaml:6: layers[1].input: conv2 is not a layer (did you mean conv1?)");
}

TEST(NetworkYamlErrors, DanglingOperand) {
  EXPECT_EQ(error_of("  - {name: sum, type: add, inputs: [input, elsewhere]}\n"),
            "net.yaml:5: layers[0].inputs: elsewhere is not a layer");
}

TEST(NetworkYamlErrors, Cycle) {
  EXPECT_EQ(error_of("  - {name: a, type: add, inputs: [input, c]}\n"
                     "  - {name: b, type: flatten, input: a}\n"
                     "  - {name: c, type: flatten, input: b}\n"),
            "net.yaml:5: layers[0]: a cycle of layers: a reads c reads b reads a");
}

TEST(NetworkYamlErrors, LayerThatReadsItself) {
  EXPECT_EQ(error_of("  - {name: a, type: flatten, input: a}\n"), "net.yaml:5: layers[0]: a cycle of layers: a reads a");
}

TEST(NetworkYamlErrors, LayerNobodyReads) {
  EXPECT_EQ(error_of("  - {name: lost, type: flatten}\n  - {name: flat, type: flatten, input: input}\n"),
            "net.yaml:5: layers[0]: lost: nothing reads its output, and the output of the network is flat");
}

TEST(NetworkYamlErrors, WrongNumberOfInputs) {
  EXPECT_EQ(error_of("  - {name: sum, type: add}\n"), "net.yaml:5: layers[0]: sum: 1 input, allowed for add: 2 or more");
  EXPECT_EQ(error_of("  - {name: conv, type: depthwise_convolution, inputs: [], kernel: 3, bias: true}\n"),
            "net.yaml:5: layers[0]: conv: 0 inputs, allowed for convolution: 1");
  EXPECT_EQ(error_of("  - {name: se, type: squeeze_excite, inputs: [input, input], squeeze_channels: 2, bias: true, "
                     "activation: relu, gate: sigmoid}\n"),
            "net.yaml:5: layers[0].inputs: 2 inputs, allowed: 1");
}

TEST(NetworkYamlErrors, ShapesThatDoNotFit) {
  EXPECT_EQ(error_of("  - {name: conv, type: convolution, channels: 4, kernel: 9, bias: true}\n"),
            "net.yaml:5: layers[0]: conv: kernel 9x9 is larger than the padded input 8x8");
}

TEST(NetworkYamlErrors, CountsThatOverflow) {
  EXPECT_EQ(error_of_text("name: huge\n"
                          "source: test\n"
                          "input: {shape: [1048576, 1, 1], signed: true}\n"
                          "layers:\n"
                          "  - {name: conv, type: convolution, channels: 1048576, kernel: 4096, padding: [4095, 4095, 0, 0], "
                          "bias: false}\n"),
            "net.yaml:5: layers[0]: conv: number of parameters overflows 64 bits");
}

TEST(NetworkYamlErrors, SumOfCountsThatOverflows) {
  std::string layers;
  for (const char* name : {"a", "b"})
    layers += std::string("  - {name: ") + name +
              ", type: convolution, channels: 1048576, kernel: 2048, padding: [2047, 2047, 0, 0], bias: false}\n";
  EXPECT_EQ(error_of_text("name: huge\nsource: test\ninput: {shape: [1048576, 1, 1], signed: true}\nlayers:\n" + layers),
            "net.yaml:4: layers: number of parameters overflows 64 bits");
}

}  // namespace
}  // namespace crossloom
