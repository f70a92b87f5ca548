#include "cli/sibling_program.h"

#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string_view>
#include <system_error>
#include <vector>

#include "support/error.h"

namespace crossloom {

void become_sibling(const std::string& name, const std::string& command, const std::string& what,
                    const std::string& how_to_build) {
  const std::filesystem::path own = std::filesystem::read_symlink("/proc/self/exe");
  const std::string program = (own.parent_path() / name).string();
  std::ifstream command_line("/proc/self/cmdline", std::ios::binary);
  std::string words{std::istreambuf_iterator<char>(command_line), {}};
  std::vector<char*> arguments;
  for (std::size_t at = 0; at < words.size(); at += std::string_view(words.data() + at).size() + 1) {
    arguments.push_back(words.data() + at);
  }
  arguments.push_back(nullptr);
  ::execv(program.c_str(), arguments.data());
  if (errno == ENOENT) {
    throw UserError(command + ": this crossloom was built without " + what + ": there is no " + program + " (" + how_to_build +
                    ')');
  }
  throw UserError(program + ": cannot be run: " + std::generic_category().message(errno));
}

}  // namespace crossloom
