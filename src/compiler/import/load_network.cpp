#include "compiler/import/load_network.h"

#include "compiler/import/network_yaml.h"
#include "compiler/import/onnx/onnx_import.h"
#include "support/builtin_files.h"
#include "support/document.h"

namespace crossloom {
namespace {

constexpr std::string_view kOnnxExtension = ".onnx";
constexpr BuiltinFiles kNetworks = {.kind = "network", .folder = "models", .endings = ".yaml or .onnx"};

}  // namespace

std::vector<std::string> builtin_network_names() { return kNetworks.names(); }

NetworkFile load_network(const std::string& name_or_path, const NetworkOptions& options) {
  if (name_or_path.ends_with(kOnnxExtension)) return import_onnx(name_or_path, options);
  const std::string path = kNetworks.path_of(name_or_path);
  return parse_network_yaml(read_text_file(path), path, options.input_shape);
}

}  // namespace crossloom
