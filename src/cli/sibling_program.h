#pragma once

#include <string>

namespace crossloom {

/// Becomes the program of that name beside this one, with the arguments this one was started with. Throws UserError
/// `command: this crossloom was built without <what>: ...` when it is not there, or with the reason why it cannot run.
[[noreturn]] void become_sibling(const std::string& name, const std::string& command, const std::string& what,
                                 const std::string& how_to_build);

}  // namespace crossloom
