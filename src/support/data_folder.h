#pragma once

#include <string>

namespace crossloom {

/// The folder that holds the built-in data (`configs/`, `models/`): `../share/crossloom` seen from the folder of `executable`
/// when that exists (an installed program), otherwise (also for an empty, unknown `executable`) the
/// source folder this program was built from.
[[nodiscard]] std::string data_folder_of(const std::string& executable);

/// `data_folder_of` the running program.
[[nodiscard]] std::string data_folder();

}  // namespace crossloom
