#pragma once

#include <stdexcept>

namespace crossloom {

/// Something a user must fix (a file, a key, an option). Caught once, in the CLI: the message goes to stderr, exit code 2.
/// The message has the form `file:line: key.path: value, allowed range (hint)` as far as each part is known.
class UserError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A network and a chip that do not go together: the message says what is too small and what would be enough. Exit code 3.
class DoesNotFitError : public UserError {
 public:
  using UserError::UserError;
};

/// A broken invariant of our own, such as an independent check refusing a pass's output. Exit code 1.
class InternalError : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

}  // namespace crossloom
