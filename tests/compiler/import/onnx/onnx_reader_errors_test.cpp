#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <string>

#include "compiler/import/load_network.h"
#include "support/document.h"
#include "support/random_stream.h"
#include "tests/compiler/import/onnx/model_builder.h"
#include "tests/compiler/import/onnx/wire_text.h"
#include "tests/support/error_message.h"
#include "tests/support/scratch_folder.h"

namespace crossloom {
namespace {

/// Message after the path.
std::string error_of(const std::string& path) {
  const std::string message = user_error([&] { return read_onnx_model(path); });
  return message.starts_with(path + ": ") ? message.substr(path.size() + 2) : "not after the path: " + message;
}

std::string error_of_bytes(const std::string& bytes) {
  const ScratchFolder scratch;
  return error_of(scratch.file("m.onnx", bytes));
}

std::string error_of_tensor(const std::string& tensor) { return error_of_bytes(wire::model(wire::graph(2, tensor))); }

/// A whole model of a convolution, batch normalization and shape arithmetic, of some hundred bytes.
std::string small_model() {
  const ScratchFolder scratch;
  ModelBuilder builder = ModelBuilder({1, 3, 8, 8})
                             .weights("w", {4, 3, 3, 3})
                             .weights("v", {4})
                             .integers("shape", {1, 2, -1})
                             .node("Conv", {"x", "w"}, {"a"}, {integers_attribute("strides", {2, 2})})
                             .node("BatchNormalization", {"a", "v", "v", "v", "v"}, {"b"}, {real_attribute("epsilon", 0.25)})
                             .node("Reshape", {"b", "shape"}, {"y"});
  builder.model().outputs.at(0).dims = {{1, 2, 18}};
  write_onnx_model(builder.model(), scratch.path("m.onnx"));
  return read_text_file(scratch.path("m.onnx"));
}

/// Imports the bytes; anything but success and a UserError fails the test or ends it.
void expect_no_crash(const ScratchFolder& scratch, const std::string& bytes) {
  const std::string path = scratch.file("m.onnx", bytes);
  const std::string message = user_error([&] { return load_network(path); });
  EXPECT_TRUE(message == "(no error)" || message.starts_with(path + ": ")) << message;
}

TEST(ReadOnnxModelErrors, MissingFile) {
  EXPECT_EQ(error_of("./no-such-file.onnx"), "cannot be read: No such file or directory");
}

TEST(ReadOnnxModelErrors, EmptyFile) { EXPECT_EQ(error_of_bytes(""), "is empty, allowed: an ONNX model"); }

TEST(ReadOnnxModelErrors, Folder) {
  const ScratchFolder scratch;
  EXPECT_EQ(error_of(scratch.path()), "cannot be read: Is a directory");
}

TEST(ReadOnnxModelErrors, PipeIsNotWaitedFor) {
  const ScratchFolder scratch;
  ASSERT_EQ(::mkfifo(scratch.path("pipe.onnx").c_str(), 0600), 0);
  EXPECT_EQ(error_of(scratch.path("pipe.onnx")), "cannot be read: it is not a regular file");
}

TEST(ReadOnnxModelErrors, NoGraph) { EXPECT_EQ(error_of_bytes(wire::opset(13)), "is no ONNX model: it holds no graph"); }

TEST(ReadOnnxModelErrors, NoOperatorSet) {
  EXPECT_EQ(error_of_bytes(wire::number(1, 7) + wire::text(7, "")),
            "names no version of the standard operators (opset_import)");
}

TEST(ReadOnnxModelErrors, TextOfAnotherFormat) {
  EXPECT_EQ(error_of_bytes("name: net\nlayers: []\n"), "is no ONNX model: no field begins before byte 1");
}

TEST(ReadOnnxModelErrors, TruncatedAtAnyByte) {
  const ScratchFolder scratch;
  const std::string bytes = small_model();
  ASSERT_GT(bytes.size(), 300U);
  std::int64_t num_refused = 0;
  for (std::size_t size = 1; size < bytes.size(); ++size) {
    const std::string path = scratch.file("m.onnx", bytes.substr(0, size));
    const std::string message = user_error([&] { return load_network(path); });
    EXPECT_TRUE(message.starts_with(path + ": ") || message == "(no error)") << size << ": " << message;
    num_refused += message == "(no error)" ? 0 : 1;
  }
  // Whole only when all but the list of operator sets or other trailing fields is there.
  EXPECT_GT(num_refused, static_cast<std::int64_t>(bytes.size()) - 40);
}

TEST(ReadOnnxModelErrors, EveryByteChanged) {
  const ScratchFolder scratch;
  const std::string bytes = small_model();
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    for (const int change : {1, 0x80, 0xff}) {
      std::string changed = bytes;
      changed[i] = static_cast<char>(changed[i] ^ change);
      expect_no_crash(scratch, changed);
    }
  }
}

TEST(ReadOnnxModelErrors, RandomBytes) {
  const ScratchFolder scratch;
  RandomStream random(1, RandomKey{});
  for (int trial = 0; trial < 300; ++trial) {
    std::string bytes(random.next_below(2000) + 1, '\0');
    for (char& byte : bytes) byte = static_cast<char>(random.next_below(256));
    expect_no_crash(scratch, bytes);
  }
}

TEST(ReadOnnxModelErrors, GraphOfABillionBytesDeclared) {
  EXPECT_EQ(error_of_bytes(wire::opset(13) + wire::declared(7, 1'000'000'000, "abc")),
            "is no ONNX model, or truncated: a field of 1000000000 bytes at byte 10, 3 bytes left");
}

TEST(ReadOnnxModelErrors, LengthThatWrapsAround) {
  EXPECT_EQ(error_of_bytes(wire::declared(7, ~std::uint64_t{0}, "abc")),
            "is no ONNX model, or truncated: a field of 18446744073709551615 bytes at byte 11, 3 bytes left");
}

TEST(ReadOnnxModelErrors, NumberOfMoreThan64Bits) {
  EXPECT_EQ(error_of_bytes(std::string(1, '\x08') + std::string(11, '\xff')),
            "is no ONNX model: a number of more than 64 bits at byte 11");
}

TEST(ReadOnnxModelErrors, MoreNodesThanAnyNetworkHas) {
  std::string nodes;
  for (int i = 0; i < 500'000; ++i) nodes += wire::text(1, "");
  EXPECT_EQ(error_of_bytes(wire::model(nodes)), "more than 500000 fields in the graph");
}

TEST(ReadOnnxModelErrors, NodeThatHoldsSeventeenMebibytesOfText) {
  EXPECT_EQ(error_of_bytes(wire::model(wire::text(1, wire::text(4, std::string(std::size_t{17} << 20U, 'a'))))),
            "more than 16777216 bytes besides the numbers of its tensors");
}

TEST(ReadOnnxModelErrors, NameThatIsNoText) {
  EXPECT_EQ(error_of_bytes(wire::model(wire::text(1, wire::node("Relu", {"x"}, "\xff\xfe")))), "a name that is no UTF-8 text");
}

TEST(ReadOnnxModelErrors, NameWithoutEnd) {
  EXPECT_EQ(error_of_bytes(wire::model(wire::text(1, wire::node("Relu", {"x"}, std::string(5000, 'a'))))),
            "a name of 5000 bytes, allowed: at most 4096");
}

TEST(ReadOnnxModelErrors, FewerNumbersThanDeclared) {
  EXPECT_EQ(error_of_tensor(wire::tensor("c", {2}, 7) + wire::packed(7, {1})),
            "tensor c: 1 numbers, allowed: 2, as its extents declare");
  EXPECT_EQ(error_of_tensor(wire::tensor("c", {40}, 1) + wire::text(9, std::string(156, 'a'))),
            "tensor c: 156 bytes, allowed: 160, for 40 numbers");
}

TEST(ReadOnnxModelErrors, NegativeAndHugeExtents) {
  const std::uint64_t minus_one = ~std::uint64_t{0};
  EXPECT_EQ(error_of_tensor(wire::tensor("c", {minus_one}, 1)), "tensor c: an extent of -1, allowed: at least 0");
  EXPECT_EQ(error_of_tensor(wire::tensor("c", {1U << 30U, 1U << 30U}, 1)), "tensor c: a tensor of more than 2^40 numbers");
}

TEST(ReadOnnxModelErrors, NumbersOfTwoForms) {
  const std::string message =
      error_of_tensor(wire::tensor("c", {2}, 7) + wire::packed(7, {1, 2}) + wire::text(9, std::string(16, '\0')));
  EXPECT_TRUE(message.starts_with("a tensor with numbers of two forms at byte ")) << message;
}

/// A tensor of `count` floats whose numbers are said to lie elsewhere.
std::string external_tensor(std::uint64_t count, const std::vector<std::pair<std::string, std::string>>& entries) {
  std::string tensor = wire::tensor("c", {count}, 1) + wire::number(14, 1);
  for (const auto& [key, value] : entries) tensor += wire::text(13, wire::text(1, key) + wire::text(2, value));
  return tensor;
}

/// Message for a model in a folder of its own, beside 16 bytes of `data`; a folder `up` beside it holds the same.
std::string error_of_external(const std::vector<std::pair<std::string, std::string>>& entries) {
  const ScratchFolder scratch;
  std::filesystem::create_directories(scratch.path("model/sub"));
  std::filesystem::create_directories(scratch.path("up"));
  static_cast<void>(scratch.file("model/data", std::string(16, 'a')));
  static_cast<void>(scratch.file("up/data", std::string(16, 'a')));
  std::filesystem::create_symlink(scratch.path("up/data"), scratch.path("model/link"));
  std::filesystem::create_directory_symlink(scratch.path("up"), scratch.path("model/folder-link"));
  if (::mkfifo(scratch.path("model/pipe").c_str(), 0600) != 0) return "no pipe";
  return error_of(scratch.file("model/m.onnx", wire::model(wire::graph(4, external_tensor(4, entries)))));
}

TEST(OnnxExternalDataErrors, FileBesideTheModelIsAllowed) {
  EXPECT_EQ(error_of_external({{"location", "data"}}), "not after the path: (no error)");
  EXPECT_EQ(error_of_external({{"location", "./sub/../data"}}),
            "tensor c: external data: location ./sub/../data, allowed: a file in the folder of the model");
}

TEST(OnnxExternalDataErrors, OutsideTheFolder) {
  for (const char* location : {"../up/data", "/etc/passwd", "link", "folder-link/data", "sub/../../up/data", ""}) {
    EXPECT_EQ(error_of_external({{"location", location}}),
              std::string("tensor c: external data: location ") + location + ", allowed: a file in the folder of the model");
  }
}

TEST(OnnxExternalDataErrors, NoFile) {
  for (const char* location : {"missing", "sub", "pipe"})
    EXPECT_EQ(error_of_external({{"location", location}}), std::string("tensor c: external data: ") + location + " is no file");
}

TEST(OnnxExternalDataErrors, ShorterThanDeclared) {
  EXPECT_EQ(error_of_external({{"location", "data"}, {"offset", "1"}}),
            "tensor c: external data: data has 16 bytes, needed: 16 from byte 1 on");
  EXPECT_EQ(error_of_external({{"location", "data"}, {"offset", "9223372036854775807"}}),
            "tensor c: external data: data has 16 bytes, needed: 16 from byte 9223372036854775807 on");
}

TEST(OnnxExternalDataErrors, LengthThatIsNotThatOfItsExtents) {
  EXPECT_EQ(error_of_external({{"location", "data"}, {"length", "12"}}), "tensor c: 12 bytes, allowed: 16, for 4 numbers");
}

TEST(OnnxExternalDataErrors, OffsetThatIsNoNumber) {
  for (const char* offset : {"-1", "1e3", "", "12 ", "99999999999999999999"}) {
    EXPECT_EQ(error_of_external({{"location", "data"}, {"offset", offset}}),
              std::string("tensor c: external data: offset ") + offset + ", allowed: a number of bytes");
  }
}

}  // namespace
}  // namespace crossloom
