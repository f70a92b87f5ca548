#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "support/file_descriptor.h"

namespace crossloom {

/// A file that is written piece by piece aside (same folder, name + ".partial-<pid>") and appears at its path whole, or not at
/// all: unless `commit` was called the partial file is removed. Every method throws UserError
/// `path: cannot be written: <reason>`; an existing file at the path then stays as it was.
class AtomicFile {
 public:
  explicit AtomicFile(std::string path);
  AtomicFile(AtomicFile&& other) noexcept;
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;
  AtomicFile& operator=(AtomicFile&&) = delete;
  ~AtomicFile();

  void append(std::string_view bytes);
  /// Flushes to the disk; nothing can be appended after it. Several files that belong together are finished first, then
  /// committed, so that a full disk leaves none of them.
  void finish();
  /// Renames the partial file over the path; finishes it when that is still to do.
  void commit();

 private:
  std::string path_;
  std::string partial_path_;
  FileDescriptor file_;
  bool exists_ = false;
};

/// Writes `text` aside (same folder, name + ".partial-<pid>"), flushes it to the disk and renames it over `path`: a reader sees
/// the old file or the whole new one. On any failure the partial file is removed and UserError
/// `path: cannot be written: <reason>` is thrown; an existing file at `path` stays as it was.
void write_file_atomically(const std::string& path, std::string_view text);

/// Writes several files of one folder (created with its parents when missing): all are written aside first and renamed only
/// when every one is complete, so that a full disk leaves none of them. A folder this call created is removed on failure.
void write_files_atomically(const std::string& folder, const std::vector<std::pair<std::string, std::string>>& name_and_text);

}  // namespace crossloom
