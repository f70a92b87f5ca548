#include "support/builtin_files.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "support/config_reader.h"
#include "support/data_folder.h"
#include "support/error.h"

namespace crossloom {
namespace {

constexpr std::string_view kExtension = ".yaml";

std::string path_in_data(std::string_view folder) { return data_folder() + '/' + std::string(folder); }

}  // namespace

std::vector<std::string> BuiltinFiles::names() const {
  const std::string path = path_in_data(folder);
  std::vector<std::string> names;
  std::error_code error;
  std::filesystem::directory_iterator entry(path, error);
  while (!error && entry != std::filesystem::directory_iterator()) {
    if (entry->path().extension() == kExtension) names.push_back(entry->path().stem().string());
    entry.increment(error);
  }
  if (error) throw UserError(path + ": cannot be read: " + error.message());
  std::ranges::sort(names);
  return names;
}

std::string BuiltinFiles::path_of(const std::string& name_or_path) const {
  if (name_or_path.find('/') != std::string::npos || name_or_path.ends_with(kExtension)) return name_or_path;
  const std::vector<std::string> known = names();
  if (std::ranges::binary_search(known, name_or_path)) {
    return path_in_data(folder) + '/' + name_or_path + std::string(kExtension);
  }
  std::string message = std::string(kind) + ' ' + name_or_path + ": is not one of ";
  for (const std::string& name : known) message += (&name == known.data() ? "" : ", ") + name;
  const std::string meant = did_you_mean(name_or_path, std::vector<std::string_view>(known.begin(), known.end()));
  message += meant.empty() ? " (a file is named by a path with a / or ending in " + std::string(endings) + ')'
                           : " (did you mean " + meant + "?)";
  throw UserError(message);
}

}  // namespace crossloom
