#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace crossloom {

/// The files of one kind that come with the program: NAME.yaml in one folder of the built-in data.
struct BuiltinFiles {
  std::string_view kind;               ///< in messages: "chip", "network"
  std::string_view folder;             ///< below data_folder(): "configs/crossbars"
  std::string_view endings = ".yaml";  ///< of files that may be named instead, in messages

  /// Sorted. Throws UserError when the folder cannot be read.
  [[nodiscard]] std::vector<std::string> names() const;

  /// Path of a built-in file by name; a path (anything with a '/' or ending in .yaml) is passed on as it is. Throws UserError
  /// for an unknown name, with those there are and the one that was meant.
  [[nodiscard]] std::string path_of(const std::string& name_or_path) const;
};

}  // namespace crossloom
