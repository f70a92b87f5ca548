#pragma once

#include <string>
#include <string_view>

#include "simulator/device/real_matrix.h"

namespace crossloom {

/// Reads a matrix: `.npy` (format 1.0 to 3.0; little-endian float32 or float64 in C order, one or two dimensions, one being a
/// row) or CSV (a row a line, values separated by commas, no header). Throws UserError `path:line: ...`: a value that is no
/// finite number, rows of different lengths, an empty file, a file that is not what its ending says.
[[nodiscard]] RealMatrix read_matrix(const std::string& path);

[[nodiscard]] RealMatrix parse_matrix_csv(std::string_view text, std::string_view source_name);
[[nodiscard]] RealMatrix parse_matrix_npy(std::string_view bytes, std::string_view source_name);

/// The matrix as CSV with the shortest texts that read back to the same values, or as .npy (float64, C order).
[[nodiscard]] std::string matrix_csv(const RealMatrix& matrix);
[[nodiscard]] std::string matrix_npy(const RealMatrix& matrix);

/// Writes .npy when the path ends so, else CSV; atomically. Throws UserError when it cannot be written.
void write_matrix(const std::string& path, const RealMatrix& matrix);

}  // namespace crossloom
