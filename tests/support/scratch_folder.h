#pragma once

#include <string>
#include <vector>

namespace crossloom {

/// An empty folder of its own for one test, removed with everything in it at the end.
class ScratchFolder {
 public:
  ScratchFolder();
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  ~ScratchFolder();

  [[nodiscard]] const std::string& path() const { return path_; }
  /// Path of `name` inside the folder.
  [[nodiscard]] std::string path(const std::string& name) const { return path_ + '/' + name; }
  /// Writes a file plainly and returns its path.
  [[nodiscard]] std::string file(const std::string& name, const std::string& text) const;
  /// Names of what lies in the folder, sorted.
  [[nodiscard]] std::vector<std::string> names() const;

 private:
  std::string path_;
};

}  // namespace crossloom
