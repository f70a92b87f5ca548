#include "compiler/import/load_network.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "compiler/import/network_yaml.h"
#include "compiler/import/onnx/onnx_import.h"
#include "support/config_reader.h"
#include "support/data_folder.h"
#include "support/document.h"

namespace crossloom {
namespace {

constexpr std::string_view kExtension = ".yaml";
constexpr std::string_view kOnnxExtension = ".onnx";

std::string models_folder() { return data_folder() + "/models"; }

std::string unknown_network(const std::string& name) {
  const std::vector<std::string> names = builtin_network_names();
  std::string message = "network " + name + " is not one of";
  for (const std::string& known : names) message += (&known == names.data() ? " " : ", ") + known;
  const std::vector<std::string_view> candidates(names.begin(), names.end());
  const std::string meant = did_you_mean(name, candidates);
  return message + " (" +
         (meant.empty() ? "a file is named by a path with a / or ending in .yaml or .onnx)" : "did you mean " + meant + "?)");
}

}  // namespace

std::vector<std::string> builtin_network_names() {
  std::error_code error;
  std::vector<std::string> names;
  std::filesystem::directory_iterator entry(models_folder(), error);
  while (!error && entry != std::filesystem::directory_iterator()) {
    if (entry->path().extension() == kExtension) names.push_back(entry->path().stem().string());
    entry.increment(error);
  }
  if (error) throw UserError(models_folder() + ": cannot be read: " + error.message());
  std::ranges::sort(names);
  return names;
}

NetworkFile load_network(const std::string& name_or_path, const NetworkOptions& options) {
  if (name_or_path.ends_with(kOnnxExtension)) return import_onnx(name_or_path, options);
  const bool is_path = name_or_path.find('/') != std::string::npos || name_or_path.ends_with(kExtension);
  if (!is_path && !std::ranges::binary_search(builtin_network_names(), name_or_path))
    throw UserError(unknown_network(name_or_path));
  const std::string path = is_path ? name_or_path : models_folder() + "/" + name_or_path + std::string(kExtension);
  return parse_network_yaml(read_text_file(path), path, options.input_shape);
}

}  // namespace crossloom
