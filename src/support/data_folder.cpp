#include "support/data_folder.h"

#include <filesystem>
#include <system_error>

namespace crossloom {

namespace fs = std::filesystem;

std::string data_folder_of(const std::string& executable) {
  const fs::path installed = (fs::path(executable).parent_path() / ".." / "share" / "crossloom").lexically_normal();
  if (executable.empty()) return CROSSLOOM_SOURCE_DATA_FOLDER;
  std::error_code unreadable;  // counts as not there
  return fs::is_directory(installed, unreadable) ? installed.string() : CROSSLOOM_SOURCE_DATA_FOLDER;
}

std::string data_folder() {
  std::error_code unreadable;  // without /proc only the source folder is known
  return data_folder_of(fs::read_symlink("/proc/self/exe", unreadable).string());
}

}  // namespace crossloom
