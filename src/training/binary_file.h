#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace crossloom {

/// Members of a binary file, one behind the other: integers, lengths and binary64 little endian in 8 bytes; texts and arrays of
/// binary32 with their length before them.
class BinaryWriter {
 public:
  void number(std::int64_t value) { raw(&value, sizeof value); }
  void real(double value) { raw(&value, sizeof value); }
  void text(std::string_view value);
  void reals(const std::vector<float>& values);
  /// The same in binary16, rounded to nearest, halves to even (IEEE 754).
  void halves(const std::vector<float>& values);
  [[nodiscard]] const std::string& bytes() const { return bytes_; }

 private:
  void raw(const void* first, std::size_t count) { bytes_.append(static_cast<const char*>(first), count); }

  std::string bytes_;
};

/// Reads what BinaryWriter wrote. Throws UserError `path: is cut short or damaged` where the bytes end too early.
class BinaryReader {
 public:
  /// Both must outlive the reader.
  BinaryReader(std::string_view bytes, const std::string& path) : bytes_(bytes), path_(path) {}

  [[nodiscard]] std::int64_t number();
  [[nodiscard]] double real();
  /// A length that what follows can have, each of at least `bytes_each`.
  [[nodiscard]] std::size_t length(std::size_t bytes_each);
  [[nodiscard]] std::string text();
  [[nodiscard]] std::vector<float> reals();
  [[nodiscard]] std::vector<float> halves();

 private:
  [[nodiscard]] std::string_view take(std::size_t count);

  std::string_view bytes_;
  const std::string& path_;
};

/// Writes `crossloom <kind> <version>` and a line feed, the bytes, and the hash of all that (content_hash), aside and renamed.
/// Throws UserError when the file cannot be written.
void write_sealed(const std::string& path, std::string_view kind, int version, std::string_view bytes);

/// The bytes of a sealed file. Throws UserError `path: ...` for a file that is missing, of another kind or version, cut short
/// or damaged.
[[nodiscard]] std::string read_sealed(const std::string& path, std::string_view kind, int version);

/// Nearest binary16, and back. Beyond its range: infinite.
[[nodiscard]] std::uint16_t to_half(float value);
[[nodiscard]] float from_half(std::uint16_t bits);

}  // namespace crossloom
