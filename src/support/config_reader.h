#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "support/document.h"

namespace crossloom {

/// Inclusive bounds of an integer key.
struct IntegerRange {
  std::int64_t min = std::numeric_limits<std::int64_t>::min();
  std::int64_t max = std::numeric_limits<std::int64_t>::max();
};

/// Inclusive bounds of a real key. NaN and infinities are always refused.
struct NumberRange {
  double min = std::numeric_limits<double>::lowest();
  double max = std::numeric_limits<double>::max();
};

/// Reads the mapping of one section key by key: every key once, with bounds; `finish()` refuses the keys nobody read.
/// Every message has the form `file:line: key.path: value, allowed range (hint)`. All reading functions throw UserError.
/// Holds a reference to the Document: it must outlive the reader.
class ConfigReader {
 public:
  /// `path` is the dotted path of this node ("" for the root, "crossbar.adc" inside).
  ConfigReader(const Document& node, std::string source_name, std::string path = "");

  [[nodiscard]] bool has(std::string_view key) const;

  /// A required key. A missing one gives `file:line: path: is missing, allowed: <what> (is <key like it> a misspelling?)`.
  /// Integers accept `128`, `1.28e9` and `1_000` only when the value is a whole number that fits into int64.
  [[nodiscard]] std::int64_t integer(std::string_view key, IntegerRange range = {});
  [[nodiscard]] double number(std::string_view key, NumberRange range = {});
  [[nodiscard]] bool boolean(std::string_view key);
  [[nodiscard]] std::string text(std::string_view key);
  [[nodiscard]] std::vector<std::int64_t> integers(std::string_view key, IntegerRange range = {});
  [[nodiscard]] std::vector<double> numbers(std::string_view key, NumberRange range = {});
  [[nodiscard]] std::vector<std::string> texts(std::string_view key);
  /// Index into `names` of the key's value; otherwise `... is not one of a, b, c (did you mean b?)`.
  [[nodiscard]] std::size_t choice(std::string_view key, std::span<const std::string_view> names);

  /// The mapping under `key`, or the elements of the list of mappings under it.
  [[nodiscard]] ConfigReader section(std::string_view key);
  [[nodiscard]] std::vector<ConfigReader> sections(std::string_view key);

  /// Marks a key as read without looking at it (comments such as `source:`).
  void skip(std::string_view key);

  /// From here on every section reached through this reader must carry a non-empty text under `key` (such as `source`), checked
  /// by `finish()` of each of them (not of this reader itself); it then counts as read. Inherited by nested sections.
  void require_note_in_sections(std::string_view key);

  /// Refuses keys that were not read: `file:line: path.rwos: unknown key (did you mean rows?)`.
  /// The candidates of the hint are all keys asked for so far with `has` or a reading function.
  void finish() const;

  /// Throws UserError about `key` (or about the whole section when empty) with the line where it stands.
  [[noreturn]] void fail(std::string_view key, const std::string& message) const;

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] const Document& node() const { return *node_; }
  /// All keys of the mapping in file order (for sections whose keys are free names).
  [[nodiscard]] std::vector<std::string> keys() const;

 private:
  /// The value of `key`, which counts as read; null when it is missing.
  const Document* find(std::string_view key) const;
  /// `allowed_values` gives the text of what is allowed: worked out only for a message.
  template <class AllowedText>
  const Document& required(std::string_view key, const AllowedText& allowed_values) const;
  /// One element after another through `as_value`.
  template <class Value, class Range, class AsValue>
  std::vector<Value> list_of(std::string_view key, Range range, const AsValue& as_value) const;
  /// For a missing key: names the key nearest to it among those not read yet.
  [[nodiscard]] std::string misspelling_hint(std::string_view key) const;
  ConfigReader(const Document& node, std::shared_ptr<const std::string> source_name, std::string path);
  /// All keys asked for so far, in alphabetical order.
  [[nodiscard]] std::vector<std::string_view> asked_keys() const;
  [[nodiscard]] ConfigReader child(const Document& node, std::string_view key) const;
  [[noreturn]] void fail_at(const Document& where, std::string_view key, const std::string& message) const;
  [[nodiscard]] std::string joined(std::string_view key) const;

  const Document* node_;
  std::shared_ptr<const std::string> source_name_;  // shared by all sections of a file
  std::string path_;
  std::string own_note_;                        // key of the note this section must carry; empty = none
  std::string sections_note_;                   // the same for the sections below it
  mutable std::vector<bool> is_read_;           // by member of the node
  mutable std::size_t next_member_ = 0;         // files mostly keep the order in which keys are read
  mutable std::vector<std::string> not_there_;  // keys asked for in vain
};

/// The candidate with the smallest edit distance to `word` (a swap of two neighbouring letters counts once), when that is at
/// most a third of the word's length (at least 1, at most 3); empty otherwise. Ties go to the earlier candidate. Example:
/// "rwos" among {"rows", "cols"} gives "rows".
[[nodiscard]] std::string did_you_mean(std::string_view word, std::span<const std::string_view> candidates);

}  // namespace crossloom
