#pragma once

#include <string>

#include "support/error.h"

namespace crossloom {

/// Message of the UserError that `action` throws; "(no error)" when it throws none. Other exceptions pass through.
template <class Action>
[[nodiscard]] std::string user_error(Action&& action) {
  try {
    static_cast<void>(action());
  } catch (const UserError& error) {
    return error.what();
  }
  return "(no error)";
}

}  // namespace crossloom
