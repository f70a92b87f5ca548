#include <gtest/gtest.h>

#include <fmt/format.h>

#include "compiler/import/load_network.h"
#include "compiler/import/network_yaml.h"
#include "support/document.h"

namespace crossloom {
namespace {

const std::string kFolder = CROSSLOOM_SOURCE_FOLDER;

/// 1234567 as 1,234,567.
std::string grouped(std::int64_t count) {
  std::string digits = std::to_string(count);
  for (std::ptrdiff_t i = std::ssize(digits) - 3; i > 0; i -= 3) digits.insert(static_cast<std::size_t>(i), ",");
  return digits;
}

TEST(NetworksDoc, TableHasTheCountsOfEveryModel) {
  const std::string doc = read_text_file(kFolder + "/docs/networks.md");
  for (const std::string& name : builtin_network_names()) {
    const Network network = load_network(name).network;
    const TensorShape& input = network.input_shape;
    const std::string row = fmt::format("| {} | {}x{}x{} | {} | {} |", name, input.channels, input.height, input.width,
                                        grouped(num_parameters(network)), grouped(num_macs(network)));
    EXPECT_NE(doc.find(row), std::string::npos) << row;
  }
}

TEST(NetworksDoc, ExampleIsANetworkWithTheCountsItDeclares) {
  const std::string doc = read_text_file(kFolder + "/docs/networks.md");
  const std::string fence = "```yaml\n";
  const std::size_t begin = doc.find(fence) + fence.size();
  const NetworkFile example = parse_network_yaml(doc.substr(begin, doc.find("```", begin) - begin), "networks.md");
  EXPECT_TRUE(example.expected);
}

TEST(NetworksDoc, NamesEveryTypeAndActivation) {
  const std::string doc = read_text_file(kFolder + "/docs/networks.md");
  for (const std::string_view kind : enum_names(LayerKind::kInput))
    EXPECT_NE(doc.find('`' + std::string(kind) + '`'), std::string::npos) << kind;
  for (const std::string_view activation : enum_names(Activation::kNone))
    EXPECT_NE(doc.find(activation), std::string::npos) << activation;
}

}  // namespace
}  // namespace crossloom
