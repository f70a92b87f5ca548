// Any bytes as an ONNX file: a network or a UserError, nothing else.

#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <string>

#include "compiler/import/onnx/onnx_import.h"
#include "support/error.h"

namespace {

/// A file in memory whose content changes from input to input.
class MemoryFile {
 public:
  MemoryFile() : descriptor_(memfd_create("fuzzed.onnx", MFD_CLOEXEC)) {}
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  ~MemoryFile() { close(descriptor_); }

  [[nodiscard]] bool hold(const std::uint8_t* data, std::size_t size) const {
    return ftruncate(descriptor_, 0) == 0 && pwrite(descriptor_, data, size, 0) == static_cast<ssize_t>(size);
  }
  [[nodiscard]] std::string path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

 private:
  int descriptor_;
};

/// Weights that a file of this size can hold; those of constant nodes may be of any size.
void load_small_layers(const crossloom::NetworkFile& file) {
  constexpr std::int64_t kMaxParameters = 1 << 16;
  for (const crossloom::Layer& layer : file.network.layers) {
    if (!file.weights.has_weights(layer.name) || crossloom::num_parameters(file.network, layer) > kMaxParameters) continue;
    static_cast<void>(file.weights.load_folded(layer.name));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const MemoryFile file;
  if (!file.hold(data, size)) return -1;
  for (const auto unknown : {crossloom::UnknownOperator::kRefuse, crossloom::UnknownOperator::kVectorOperation}) {
    try {
      const crossloom::NetworkFile imported =
          crossloom::import_onnx(file.path(), {.input_shape = {}, .unknown_operator = unknown});
      load_small_layers(imported);
    } catch (const crossloom::UserError&) {
      continue;
    }
  }
  return 0;
}
