#pragma once

#include <string>
#include <vector>

namespace crossloom {

/// One independent check of an output folder.
struct FolderCheck {
  std::string name;                   ///< what holds when it passes
  std::vector<std::string> findings;  ///< each with the file and the place; empty: passed
};

/// Runs every check on the files of a folder: what an edit broke comes before the finding that there was one. Checks that rest
/// on a refused file are left out. Throws UserError when tilemap.json or program.json is missing.
[[nodiscard]] std::vector<FolderCheck> check_folder(const std::string& folder);

}  // namespace crossloom
