#include "simulator/analog/matrix_file.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <optional>
#include <vector>

#include "support/atomic_file.h"
#include "support/document.h"
#include "support/error.h"
#include "support/number_text.h"

namespace crossloom {
namespace {

static_assert(std::endian::native == std::endian::little, "values of .npy are copied as they are");

constexpr std::string_view kNpyMagic = "\x93NUMPY";

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) text.remove_suffix(1);
  return text;
}

/// What stands behind `'key':` in the header of an .npy file, up to the end of the value.
std::string_view npy_value(std::string_view header, std::string_view key) {
  const std::string quoted = "'" + std::string(key) + "':";
  const std::size_t at = header.find(quoted);
  if (at == std::string_view::npos) return {};
  std::string_view rest = trimmed(header.substr(at + quoted.size()));
  const std::size_t end = rest.starts_with('(') ? rest.find(')') : rest.find(',');
  return rest.substr(0, end == std::string_view::npos ? rest.size() : end + (rest.starts_with('(') ? 1 : 0));
}

/// "(64, 128)" or "(128,)".
std::optional<RealMatrix> npy_shape(std::string_view text) {
  if (!text.starts_with('(') || !text.ends_with(')')) return std::nullopt;
  text = text.substr(1, text.size() - 2);
  std::vector<std::int64_t> extents;
  while (!trimmed(text).empty()) {
    const std::size_t end = std::min(text.find(','), text.size());
    const std::optional<std::int64_t> extent = parse_integer(trimmed(text.substr(0, end)));
    constexpr std::int64_t kLargest = 1'000'000;
    if (!extent || *extent < 1 || *extent > kLargest) return std::nullopt;
    extents.push_back(*extent);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  RealMatrix shape;
  if (extents.empty() || extents.size() > 2) return std::nullopt;
  shape.rows = extents.size() == 2 ? extents[0] : 1;
  shape.cols = extents.back();
  return shape;
}

template <class Real>
void copy_values(std::string_view data, std::vector<double>& values) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    Real value = 0;
    std::memcpy(&value, data.data() + i * sizeof(Real), sizeof(Real));
    values[i] = static_cast<double>(value);
  }
}

}  // namespace

RealMatrix parse_matrix_csv(std::string_view text, std::string_view source_name) {
  RealMatrix matrix;
  std::int64_t line_number = 0;
  while (!text.empty()) {
    ++line_number;
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = trimmed(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.empty()) continue;
    const std::string place = std::string(source_name) + ':' + std::to_string(line_number);
    std::int64_t num_values = 0;
    for (bool more = true; more; ++num_values) {
      const std::size_t comma = line.find(',');
      more = comma != std::string_view::npos;
      const std::string_view cell = trimmed(line.substr(0, comma));
      const std::optional<double> value = parse_number(cell);
      if (!value)
        throw UserError(place + ": " + std::string(cell) + " in column " + std::to_string(num_values + 1) +
                        ", allowed: a finite number");
      matrix.values.push_back(*value);
      if (more) line.remove_prefix(comma + 1);
    }
    if (matrix.rows == 0) matrix.cols = num_values;
    if (num_values != matrix.cols) {
      throw UserError(place + ": " + std::to_string(num_values) + " values, allowed: " + std::to_string(matrix.cols) +
                      " as in the first row");
    }
    ++matrix.rows;
  }
  if (matrix.rows == 0) throw UserError(std::string(source_name) + ": holds no values");
  return matrix;
}

RealMatrix parse_matrix_npy(std::string_view bytes, std::string_view source_name) {
  const auto refuse = [&](const std::string& problem) { throw UserError(std::string(source_name) + ": " + problem); };
  constexpr std::size_t kVersionEnd = 8;
  if (!bytes.starts_with(kNpyMagic) || bytes.size() < kVersionEnd + 4) refuse("is not an .npy file");
  const bool is_first_version = bytes[kNpyMagic.size()] == 1;
  std::uint32_t header_size = 0;
  const std::size_t size_bytes = is_first_version ? 2 : 4;
  std::memcpy(&header_size, bytes.data() + kVersionEnd, size_bytes);
  const std::size_t data_begin = kVersionEnd + size_bytes + header_size;
  if (data_begin > bytes.size()) refuse("is cut off");
  const std::string_view header = bytes.substr(kVersionEnd + size_bytes, header_size);
  const std::string_view type = npy_value(header, "descr");
  const bool is_double = type == "'<f8'";
  if (!is_double && type != "'<f4'") refuse("type " + std::string(type) + ", allowed: little-endian float32 or float64");
  if (npy_value(header, "fortran_order") != "False") refuse("is in Fortran order, allowed: C order");
  const std::optional<RealMatrix> shape = npy_shape(npy_value(header, "shape"));
  if (!shape) refuse("shape " + std::string(npy_value(header, "shape")) + ", allowed: one or two dimensions of 1 to 1000000");
  RealMatrix matrix = *shape;
  const std::string_view data = bytes.substr(data_begin);
  const std::size_t value_bytes = is_double ? sizeof(double) : sizeof(float);
  const auto num_values = static_cast<std::size_t>(matrix.rows * matrix.cols);
  if (data.size() / value_bytes < num_values) refuse("is cut off");
  matrix.values.resize(num_values);
  if (is_double) {
    copy_values<double>(data, matrix.values);
  } else {
    copy_values<float>(data, matrix.values);
  }
  if (!std::ranges::all_of(matrix.values, [](double value) { return std::isfinite(value); })) {
    refuse("a value is not a finite number");
  }
  return matrix;
}

RealMatrix read_matrix(const std::string& path) {
  const std::string text = read_text_file(path, std::int64_t{1} << 31);
  return path.ends_with(".npy") ? parse_matrix_npy(text, path) : parse_matrix_csv(text, path);
}

std::string matrix_csv(const RealMatrix& matrix) {
  std::string text;
  for (std::int64_t row = 0; row < matrix.rows; ++row) {
    for (std::int64_t col = 0; col < matrix.cols; ++col) {
      if (col > 0) text += ',';
      text += shortest_text(matrix.at(row, col));
    }
    text += '\n';
  }
  return text;
}

std::string matrix_npy(const RealMatrix& matrix) {
  std::string header = "{'descr': '<f8', 'fortran_order': False, 'shape': (" + std::to_string(matrix.rows) + ", " +
                       std::to_string(matrix.cols) + "), }";
  constexpr std::size_t kPrefix = 10;
  constexpr std::size_t kAlignment = 64;  // of the data, as the format asks for
  header.append(kAlignment - (kPrefix + header.size() + 1) % kAlignment, ' ');
  header += '\n';
  const auto size = static_cast<std::uint16_t>(header.size());
  std::string bytes(kNpyMagic);
  bytes += {'\x01', '\x00'};
  bytes.append(2, '\0');
  std::memcpy(bytes.data() + bytes.size() - 2, &size, 2);
  bytes += header;
  const std::size_t begin = bytes.size();
  bytes.resize(begin + matrix.values.size() * sizeof(double));
  std::memcpy(bytes.data() + begin, matrix.values.data(), matrix.values.size() * sizeof(double));
  return bytes;
}

void write_matrix(const std::string& path, const RealMatrix& matrix) {
  write_file_atomically(path, path.ends_with(".npy") ? matrix_npy(matrix) : matrix_csv(matrix));
}

}  // namespace crossloom
