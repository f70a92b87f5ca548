#include "support/document.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "support/error.h"
#include "support/file_descriptor.h"

namespace crossloom {

std::string read_text_file(const std::string& path, std::int64_t max_bytes) {
  const auto fail = [&path](const std::string& reason) { throw UserError(path + ": cannot be read: " + reason); };
  const auto fail_with_errno = [&fail](int code) { fail(std::generic_category().message(code)); };

  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open()) fail_with_errno(errno);
  struct stat status = {};
  if (::fstat(file.get(), &status) != 0) fail_with_errno(errno);
  if (S_ISDIR(status.st_mode)) fail_with_errno(EISDIR);

  std::string text;
  std::string buffer(std::size_t{1} << 16U, '\0');
  while (true) {
    const ssize_t count = ::read(file.get(), buffer.data(), buffer.size());
    if (count == 0) return text;
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail_with_errno(errno);
    text.append(buffer, 0, static_cast<std::size_t>(count));
    if (std::cmp_greater(text.size(), max_bytes)) fail("is larger than " + std::to_string(max_bytes) + " bytes");
  }
}

}  // namespace crossloom
