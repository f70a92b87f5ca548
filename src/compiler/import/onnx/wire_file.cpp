#include "compiler/import/onnx/wire_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

#include "support/error.h"

namespace crossloom {
namespace {

constexpr std::size_t kWindowBytes = std::size_t{1} << 16U;

}  // namespace

WireFile::WireFile(std::string path) : path_(std::move(path)) {
  const auto fail_with_errno = [this](int code) { fail("cannot be read: " + std::generic_category().message(code)); };
  // Not blocking: opening a pipe must not wait for its writer.
  file_ = FileDescriptor(::open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file_.is_open()) fail_with_errno(errno);
  struct stat status = {};
  if (::fstat(file_.get(), &status) != 0) fail_with_errno(errno);
  if (S_ISDIR(status.st_mode)) fail_with_errno(EISDIR);
  if (!S_ISREG(status.st_mode)) fail("cannot be read: it is not a regular file");
  size_ = status.st_size;
  if (size_ == 0) fail("is empty, allowed: an ONNX model");
}

std::uint64_t WireFile::varint(std::int64_t end) {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    if (position_ >= end) fail("is no ONNX model, or truncated: a number runs over the end of its field");
    if (position_ < window_start_ || position_ >= window_start_ + static_cast<std::int64_t>(window_.size())) fill_window();
    const auto byte = static_cast<unsigned char>(window_[static_cast<std::size_t>(position_ - window_start_)]);
    ++position_;
    value |= std::uint64_t{byte & 0x7fU} << shift;
    if ((byte & 0x80U) == 0) return value;
  }
  fail("is no ONNX model: a number of more than 64 bits at byte " + std::to_string(position_));
}

void WireFile::append(std::string& text, std::int64_t count) {
  while (count > 0) {
    if (position_ < window_start_ || position_ >= window_start_ + static_cast<std::int64_t>(window_.size())) fill_window();
    const auto first = static_cast<std::size_t>(position_ - window_start_);
    const std::size_t part = std::min(static_cast<std::size_t>(count), window_.size() - first);
    text.append(window_, first, part);
    position_ += static_cast<std::int64_t>(part);
    count -= static_cast<std::int64_t>(part);
  }
}

void WireFile::fail(const std::string& reason) const { throw UserError(path_ + ": " + reason); }

void WireFile::fill_window() {
  window_.resize(kWindowBytes);
  window_start_ = position_;
  ssize_t count = -1;
  do {
    count = ::pread(file_.get(), window_.data(), window_.size(), position_);
  } while (count < 0 && errno == EINTR);
  if (count < 0) fail("cannot be read: " + std::generic_category().message(errno));
  if (count == 0) fail("cannot be read: it became shorter meanwhile");
  window_.resize(static_cast<std::size_t>(count));
}

void append_varint(std::string& text, std::uint64_t value) {
  for (; value >= 0x80U; value >>= 7U) text.push_back(static_cast<char>((value & 0x7fU) | 0x80U));
  text.push_back(static_cast<char>(value));
}

}  // namespace crossloom
