#include "support/file_descriptor.h"

#include <unistd.h>

namespace crossloom {

FileDescriptor::~FileDescriptor() {
  if (is_open()) ::close(descriptor_);
}

bool FileDescriptor::close() { return ::close(std::exchange(descriptor_, -1)) == 0; }

}  // namespace crossloom
