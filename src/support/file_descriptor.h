#pragma once

#include <utility>

namespace crossloom {

/// Owns a POSIX file descriptor and closes it. Closing on destruction ignores the error: a writer calls `close()` itself.
class FileDescriptor {
 public:
  FileDescriptor() = default;
  explicit FileDescriptor(int descriptor) : descriptor_(descriptor) {}
  FileDescriptor(FileDescriptor&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;
  ~FileDescriptor();

  [[nodiscard]] bool is_open() const { return descriptor_ >= 0; }
  [[nodiscard]] int get() const { return descriptor_; }

  /// Closes now; false (with errno set) when the system reports a failure, such as data that did not reach the disk.
  [[nodiscard]] bool close();

 private:
  int descriptor_ = -1;
};

}  // namespace crossloom
