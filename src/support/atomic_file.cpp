#include "support/atomic_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>
#include <utility>

#include "support/error.h"
#include "support/file_descriptor.h"

namespace crossloom {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const std::string& path, int code) {
  throw UserError(path + ": cannot be written: " + std::generic_category().message(code));
}

/// The folders this process had to create, innermost first; removed again (when empty) unless `keep` is called.
class CreatedFolders {
 public:
  explicit CreatedFolders(const fs::path& folder) {
    std::error_code error;
    std::vector<fs::path> missing;
    for (fs::path path = folder; !path.empty() && !fs::exists(path, error); path = path.parent_path()) missing.push_back(path);
    std::ranges::reverse(missing);
    for (const fs::path& path : missing) {
      if (fs::create_directory(path, error)) created_.insert(created_.begin(), path);
      if (error) {
        remove();
        fail(folder.string(), error.value());
      }
    }
  }
  CreatedFolders(const CreatedFolders&) = delete;
  CreatedFolders& operator=(const CreatedFolders&) = delete;
  ~CreatedFolders() { remove(); }

  void keep() { created_.clear(); }

 private:
  void remove() noexcept {
    for (const fs::path& path : created_) ::rmdir(path.c_str());
    created_.clear();
  }

  std::vector<fs::path> created_;
};

}  // namespace

AtomicFile::AtomicFile(std::string path)
    : path_(std::move(path)), partial_path_(path_ + ".partial-" + std::to_string(::getpid())) {
  std::error_code unknown;  // a path that cannot be examined fails below, with the reason
  if (fs::is_directory(path_, unknown)) fail(path_, EISDIR);
  constexpr mode_t kReadableByAll = 0644;
  file_ = FileDescriptor(::open(partial_path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, kReadableByAll));
  if (!file_.is_open()) fail(path_, errno);
  exists_ = true;
}

AtomicFile::AtomicFile(AtomicFile&& other) noexcept
    : path_(std::move(other.path_)),
      partial_path_(std::move(other.partial_path_)),
      file_(std::move(other.file_)),
      exists_(std::exchange(other.exists_, false)) {}

AtomicFile::~AtomicFile() {
  if (exists_) ::unlink(partial_path_.c_str());
}

void AtomicFile::append(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(file_.get(), bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail(path_, errno);
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
}

void AtomicFile::finish() {
  if (!file_.is_open()) return;
  // EINVAL: the file system cannot flush single files; nothing more can be done there.
  if (::fsync(file_.get()) != 0 && errno != EINVAL) fail(path_, errno);
  if (!file_.close()) fail(path_, errno);
}

void AtomicFile::commit() {
  finish();
  if (std::rename(partial_path_.c_str(), path_.c_str()) != 0) fail(path_, errno);
  exists_ = false;
}

void write_file_atomically(const std::string& path, std::string_view text) {
  AtomicFile file(path);
  file.append(text);
  file.commit();
}

void write_files_atomically(const std::string& folder, const std::vector<std::pair<std::string, std::string>>& name_and_text) {
  CreatedFolders folders(folder);
  std::vector<AtomicFile> files;
  files.reserve(name_and_text.size());
  for (const auto& [name, text] : name_and_text) {
    files.emplace_back((fs::path(folder) / name).string());
    files.back().append(text);
    files.back().finish();
  }
  for (AtomicFile& file : files) file.commit();
  folders.keep();
}

}  // namespace crossloom
