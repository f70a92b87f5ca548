#include "support/config_reader.h"

#include <algorithm>
#include <utility>

#include "support/document_builder.h"
#include "support/error.h"
#include "support/number_text.h"

namespace crossloom {
namespace {

const Document* find_member(const Document& mapping, std::string_view key) {
  const auto member =
      std::ranges::find(mapping.members, key, [](const auto& entry) -> const std::string& { return entry.first; });
  return member == mapping.members.end() ? nullptr : &member->second;
}

/// A node as a user would name it in a message.
std::string describe(const Document& node) {
  switch (node.kind) {
    case Document::Kind::kNull:
      return "is empty";
    case Document::Kind::kScalar:
      return node.is_quoted ? '"' + node.scalar + '"' : node.scalar;
    case Document::Kind::kSequence:
      return "is a list";
    case Document::Kind::kMapping:
      return "is a mapping";
  }
  throw InternalError("Document::Kind outside its range");
}

template <class Number>
std::string bounds_text(Number min, Number max, Number lowest, Number highest, std::string (*text)(Number)) {
  if (min != lowest && max != highest) return " from " + text(min) + " to " + text(max);
  if (min != lowest) return " of at least " + text(min);
  if (max != highest) return " of at most " + text(max);
  return "";
}

std::string allowed_text(IntegerRange range) {
  using Limits = std::numeric_limits<std::int64_t>;
  const auto text = +[](std::int64_t value) { return std::to_string(value); };
  return "an integer" + bounds_text(range.min, range.max, Limits::min(), Limits::max(), text);
}

std::string allowed_text(NumberRange range) {
  using Limits = std::numeric_limits<double>;
  return "a finite number" + bounds_text(range.min, range.max, Limits::lowest(), Limits::max(), shortest_text);
}

std::string allowed_text(std::span<const std::string_view> names) {
  std::string text;
  for (const std::string_view name : names) text.append(text.empty() ? "" : ", ").append(name);
  return text;
}

std::string hint_text(std::string_view word, std::span<const std::string_view> candidates) {
  const std::string meant = did_you_mean(word, candidates);
  return meant.empty() ? "" : " (did you mean " + meant + "?)";
}

bool is_plain_scalar(const Document& node) { return node.kind == Document::Kind::kScalar && !node.is_quoted; }

std::optional<std::int64_t> as_integer(const Document& node, IntegerRange range) {
  if (!is_plain_scalar(node)) return std::nullopt;
  const auto value = parse_integer(node.scalar);
  return value && *value >= range.min && *value <= range.max ? value : std::nullopt;
}

std::optional<double> as_number(const Document& node, NumberRange range) {
  if (!is_plain_scalar(node)) return std::nullopt;
  const auto value = parse_number(node.scalar);
  return value && *value >= range.min && *value <= range.max ? value : std::nullopt;
}

std::string indexed(std::string_view key, std::size_t index) { return std::string(key) + '[' + std::to_string(index) + ']'; }

}  // namespace

ConfigReader::ConfigReader(const Document& node, std::string source_name, std::string path)
    : node_(&node), source_name_(std::move(source_name)), path_(std::move(path)) {
  if (node.kind != Document::Kind::kMapping) fail("", describe(node) + ", allowed: a mapping of keys to values");
}

bool ConfigReader::has(std::string_view key) const {
  asked_.emplace(key);
  return find_member(*node_, key) != nullptr;
}

const Document& ConfigReader::required(std::string_view key, const std::string& allowed) {
  asked_.emplace(key);
  const Document* value = find_member(*node_, key);
  if (value == nullptr) fail(key, "is missing, allowed: " + allowed + misspelling_hint(key));
  return *value;
}

std::string ConfigReader::misspelling_hint(std::string_view key) const {
  constexpr std::size_t kShortest = 3;  // a shorter key is one letter away from too many words
  if (key.size() < kShortest) return "";
  std::vector<std::string_view> unread;
  for (const auto& [name, value] : node_->members) {
    if (!asked_.contains(name)) unread.push_back(name);
  }
  const std::string misspelt = did_you_mean(key, unread);
  return misspelt.empty() ? "" : " (is " + misspelt + " a misspelling?)";
}

std::int64_t ConfigReader::integer(std::string_view key, IntegerRange range) {
  const Document& node = required(key, allowed_text(range));
  const auto value = as_integer(node, range);
  if (!value) fail(key, describe(node) + ", allowed: " + allowed_text(range));
  return *value;
}

double ConfigReader::number(std::string_view key, NumberRange range) {
  const Document& node = required(key, allowed_text(range));
  const auto value = as_number(node, range);
  if (!value) fail(key, describe(node) + ", allowed: " + allowed_text(range));
  return *value;
}

bool ConfigReader::boolean(std::string_view key) {
  const Document& node = required(key, "true or false");
  if (is_plain_scalar(node) && node.scalar == "true") return true;
  if (is_plain_scalar(node) && node.scalar == "false") return false;
  fail(key, describe(node) + ", allowed: true or false");
}

std::string ConfigReader::text(std::string_view key) {
  const Document& node = required(key, "text");
  if (node.kind != Document::Kind::kScalar) fail(key, describe(node) + ", allowed: text");
  return node.scalar;
}

std::vector<std::int64_t> ConfigReader::integers(std::string_view key, IntegerRange range) {
  const std::string allowed = "a list, each " + allowed_text(range);
  const Document& list = required(key, allowed);
  if (list.kind != Document::Kind::kSequence) fail(key, describe(list) + ", allowed: " + allowed);
  std::vector<std::int64_t> values;
  values.reserve(list.items.size());
  for (const Document& item : list.items) {
    const auto value = as_integer(item, range);
    if (!value) fail_at(item, indexed(key, values.size()), describe(item) + ", allowed: " + allowed_text(range));
    values.push_back(*value);
  }
  return values;
}

std::vector<std::string> ConfigReader::texts(std::string_view key) {
  const Document& list = required(key, "a list of texts");
  if (list.kind != Document::Kind::kSequence) fail(key, describe(list) + ", allowed: a list of texts");
  std::vector<std::string> values;
  values.reserve(list.items.size());
  for (const Document& item : list.items) {
    if (item.kind != Document::Kind::kScalar) fail_at(item, indexed(key, values.size()), describe(item) + ", allowed: text");
    values.push_back(item.scalar);
  }
  return values;
}

std::size_t ConfigReader::choice(std::string_view key, std::span<const std::string_view> names) {
  const Document& node = required(key, "one of " + allowed_text(names));
  if (node.kind != Document::Kind::kScalar) fail(key, describe(node) + ", allowed: one of " + allowed_text(names));
  const auto name = std::ranges::find(names, node.scalar);
  if (name == names.end()) fail(key, node.scalar + " is not one of " + allowed_text(names) + hint_text(node.scalar, names));
  return static_cast<std::size_t>(name - names.begin());
}

ConfigReader ConfigReader::section(std::string_view key) { return child(required(key, "a mapping of keys to values"), key); }

std::vector<ConfigReader> ConfigReader::sections(std::string_view key) {
  const Document& list = required(key, "a list of mappings");
  if (list.kind != Document::Kind::kSequence) fail(key, describe(list) + ", allowed: a list of mappings");
  std::vector<ConfigReader> readers;
  readers.reserve(list.items.size());
  for (const Document& item : list.items) readers.push_back(child(item, indexed(key, readers.size())));
  return readers;
}

ConfigReader ConfigReader::child(const Document& node, std::string_view key) const {
  ConfigReader reader(node, source_name_, joined(key));
  reader.own_note_ = sections_note_;
  reader.sections_note_ = sections_note_;
  return reader;
}

void ConfigReader::skip(std::string_view key) { asked_.emplace(key); }

void ConfigReader::require_note_in_sections(std::string_view key) { sections_note_ = key; }

void ConfigReader::finish() const {
  if (!own_note_.empty()) {
    asked_.insert(own_note_);
    const Document* note = find_member(*node_, own_note_);
    if (note == nullptr) fail(own_note_, "is missing, allowed: text that is not empty");
    if (note->kind != Document::Kind::kScalar || note->scalar.empty())
      fail(own_note_, "is empty, allowed: text that is not empty");
  }
  for (const auto& [key, value] : node_->members) {
    if (asked_.contains(key)) continue;
    const std::vector<std::string_view> candidates(asked_.begin(), asked_.end());
    fail(key, "unknown key" + hint_text(key, candidates));
  }
}

void ConfigReader::fail(std::string_view key, const std::string& message) const {
  const Document* value = find_member(*node_, key);
  fail_at(value == nullptr ? *node_ : *value, key, message);
}

void ConfigReader::fail_at(const Document& where, std::string_view key, const std::string& message) const {
  const std::string path = joined(key);
  throw UserError(location(source_name_, where.line) + path + (path.empty() ? "" : ": ") + message);
}

std::string ConfigReader::joined(std::string_view key) const {
  return path_ + (path_.empty() || key.empty() ? "" : ".") + std::string(key);
}

std::vector<std::string> ConfigReader::keys() const {
  std::vector<std::string> keys;
  keys.reserve(node_->members.size());
  for (const auto& [key, value] : node_->members) keys.push_back(key);
  return keys;
}

}  // namespace crossloom
