#pragma once

#include <cstdint>
#include <string>

#include "support/file_descriptor.h"

namespace crossloom {

/// A file read as protobuf's wire format, a window of 64 KiB at a time; skipping costs nothing. Every method throws UserError
/// `path: ...` for what the file cannot give.
class WireFile {
 public:
  explicit WireFile(std::string path);

  [[nodiscard]] std::int64_t size() const { return size_; }
  [[nodiscard]] std::int64_t position() const { return position_; }

  /// The next varint, which must end before `end`.
  [[nodiscard]] std::uint64_t varint(std::int64_t end);
  /// Appends the next `count` bytes to `text`.
  void append(std::string& text, std::int64_t count);
  void skip(std::int64_t count) { position_ += count; }
  [[noreturn]] void fail(const std::string& reason) const;

 private:
  void fill_window();

  std::string path_;
  FileDescriptor file_;
  std::int64_t size_ = 0;
  std::int64_t position_ = 0;
  std::string window_;
  std::int64_t window_start_ = 0;
};

/// Appends a varint to a message.
void append_varint(std::string& text, std::uint64_t value);

}  // namespace crossloom
