#include "training/checkpoint.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstring>
#include <filesystem>
#include <limits>

#include "support/atomic_file.h"
#include "support/document.h"
#include "support/error.h"
#include "support/json.h"

namespace crossloom {
namespace {

static_assert(std::endian::native == std::endian::little, "arrays are written as they lie in memory");

constexpr std::string_view kName = "crossloom checkpoint ";
constexpr std::string_view kVersionLine = "1\n";
constexpr std::size_t kHashLength = 16;

class Writer {
 public:
  void number(std::int64_t value) { raw(&value, sizeof value); }
  void real(double value) { raw(&value, sizeof value); }
  void text(std::string_view value) {
    number(static_cast<std::int64_t>(value.size()));
    bytes_.append(value);
  }
  void reals(const std::vector<float>& values) {
    number(static_cast<std::int64_t>(values.size()));
    raw(values.data(), values.size() * sizeof(float));
  }
  void raw(const void* first, std::size_t count) { bytes_.append(static_cast<const char*>(first), count); }
  [[nodiscard]] std::string& bytes() { return bytes_; }

 private:
  std::string bytes_;
};

class Reader {
 public:
  Reader(std::string_view bytes, const std::string& path) : bytes_(bytes), path_(path) {}

  [[nodiscard]] std::int64_t number() {
    std::int64_t value = 0;
    std::memcpy(&value, take(sizeof value).data(), sizeof value);
    return value;
  }
  [[nodiscard]] double real() {
    double value = 0.0;
    std::memcpy(&value, take(sizeof value).data(), sizeof value);
    return value;
  }
  /// A length that what follows can have.
  [[nodiscard]] std::size_t length(std::size_t bytes_each) {
    const std::int64_t count = number();
    if (count < 0 || static_cast<std::size_t>(count) > bytes_.size() / bytes_each) refuse();
    return static_cast<std::size_t>(count);
  }
  [[nodiscard]] std::string text() { return std::string(take(length(1))); }
  [[nodiscard]] std::vector<float> reals() {
    std::vector<float> values(length(sizeof(float)));
    const std::string_view bytes = take(values.size() * sizeof(float));
    if (!values.empty()) std::memcpy(values.data(), bytes.data(), bytes.size());
    return values;
  }
  [[noreturn]] void refuse() const { throw UserError(path_ + ": is cut short or damaged, it cannot be resumed from"); }

 private:
  [[nodiscard]] std::string_view take(std::size_t count) {
    if (count > bytes_.size()) refuse();
    const std::string_view taken = bytes_.substr(0, count);
    bytes_.remove_prefix(count);
    return taken;
  }

  std::string_view bytes_;
  const std::string& path_;
};

}  // namespace

const std::vector<float>& Checkpoint::array(std::string_view name) const {
  const auto found = std::ranges::find(arrays, name, [](const auto& array) { return std::string_view(array.first); });
  if (found == arrays.end()) throw InternalError("checkpoint without " + std::string(name));
  return found->second;
}

void write_checkpoint(const std::string& path, const Checkpoint& checkpoint) {
  Writer writer;
  writer.bytes().append(kName).append(kVersionLine);
  writer.number(static_cast<std::int64_t>(checkpoint.identity.size()));
  for (const auto& [name, value] : checkpoint.identity) {
    writer.text(name);
    writer.text(value);
  }
  writer.number(checkpoint.num_steps);
  writer.real(checkpoint.epoch_loss);
  writer.real(checkpoint.seconds);
  writer.number(checkpoint.best_epoch);
  writer.number(static_cast<std::int64_t>(checkpoint.records.size()));
  for (const EpochRecord& record : checkpoint.records) {
    writer.number(record.epoch);
    for (const double value : {record.learning_rate, record.training_loss, record.validation_loss,
                               record.validation_accuracy_fraction, record.seconds})
      writer.real(value);
  }
  writer.number(static_cast<std::int64_t>(checkpoint.arrays.size()));
  for (const auto& [name, values] : checkpoint.arrays) {
    writer.text(name);
    writer.reals(values);
  }
  writer.bytes() += content_hash(writer.bytes());
  write_file_atomically(path, writer.bytes());
}

Checkpoint read_checkpoint(const std::string& path) {
  constexpr std::int64_t kMostBytes = std::numeric_limits<std::int64_t>::max();
  const std::string file = read_text_file(path, kMostBytes);
  std::string_view bytes = file;
  if (!bytes.starts_with(kName)) throw UserError(path + ": is no checkpoint");
  if (!bytes.substr(kName.size()).starts_with(kVersionLine))
    throw UserError(path + ": is a checkpoint of another version of crossloom");
  Reader whole(bytes, path);
  if (bytes.size() < kHashLength) whole.refuse();
  const std::string_view hash = bytes.substr(bytes.size() - kHashLength);
  bytes.remove_suffix(kHashLength);
  if (content_hash(bytes) != hash) whole.refuse();

  Reader reader(bytes.substr(kName.size() + kVersionLine.size()), path);
  Checkpoint checkpoint;
  checkpoint.identity.resize(reader.length(1));
  for (auto& [name, value] : checkpoint.identity) {
    name = reader.text();
    value = reader.text();
  }
  checkpoint.num_steps = reader.number();
  checkpoint.epoch_loss = reader.real();
  checkpoint.seconds = reader.real();
  checkpoint.best_epoch = reader.number();
  checkpoint.records.resize(reader.length(1));
  for (EpochRecord& record : checkpoint.records) {
    record.epoch = reader.number();
    for (double* value : {&record.learning_rate, &record.training_loss, &record.validation_loss,
                          &record.validation_accuracy_fraction, &record.seconds})
      *value = reader.real();
  }
  checkpoint.arrays.resize(reader.length(1));
  for (auto& [name, values] : checkpoint.arrays) {
    name = reader.text();
    values = reader.reals();
  }
  return checkpoint;
}

void require_same_identity(const std::string& path, const Checkpoint& checkpoint,
                           const std::vector<std::pair<std::string, std::string>>& identity) {
  for (const auto& [name, value] : identity) {
    const auto found = std::ranges::find(checkpoint.identity, name, [](const auto& entry) { return entry.first; });
    if (found != checkpoint.identity.end() && found->second == value) continue;
    throw UserError(fmt::format("{}: was made with another {} ({}, now {})", path, name,
                                found == checkpoint.identity.end() ? "none" : found->second, value));
  }
}

}  // namespace crossloom
