#include "tests/cli/example_files.h"

#include <stdexcept>

#include "support/document.h"

namespace crossloom {

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  if (at == std::string::npos) throw std::logic_error("not found: " + from);
  return text.replace(at, from.size(), to);
}

std::string chip_with(const std::string& from, const std::string& to) {
  return replaced(text_of(std::string(CROSSLOOM_SOURCE_FOLDER) + "/configs/crossbars/rnc-mnsim-128.yaml"), from, to);
}

std::string text_of(const std::string& path) { return read_text_file(path); }

}  // namespace crossloom
