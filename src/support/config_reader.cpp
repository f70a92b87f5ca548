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
    : ConfigReader(node, std::make_shared<const std::string>(std::move(source_name)), std::move(path)) {}

ConfigReader::ConfigReader(const Document& node, std::shared_ptr<const std::string> source_name, std::string path)
    : node_(&node), source_name_(std::move(source_name)), path_(std::move(path)), is_read_(node.members.size()) {
  if (node.kind != Document::Kind::kMapping) fail("", describe(node) + ", allowed: a mapping of keys to values");
}

bool ConfigReader::has(std::string_view key) const { return find(key) != nullptr; }

const Document* ConfigReader::find(std::string_view key) const {
  const auto& members = node_->members;
  for (std::size_t i = 0; i < members.size(); ++i) {
    const std::size_t member = (next_member_ + i) % members.size();
    if (members[member].first != key) continue;
    is_read_[member] = true;
    next_member_ = member + 1;
    return &members[member].second;
  }
  not_there_.emplace_back(key);
  return nullptr;
}

template <class AllowedText>
const Document& ConfigReader::required(std::string_view key, const AllowedText& allowed_values) const {
  const Document* value = find(key);
  if (value == nullptr) fail(key, "is missing, allowed: " + allowed_values() + misspelling_hint(key));
  return *value;
}

template <class Value, class Range, class AsValue>
std::vector<Value> ConfigReader::list_of(std::string_view key, Range range, const AsValue& as_value) const {
  const auto allowed = [range] { return "a list, each " + allowed_text(range); };
  const Document& list = required(key, allowed);
  if (list.kind != Document::Kind::kSequence) fail(key, describe(list) + ", allowed: " + allowed());
  std::vector<Value> values;
  values.reserve(list.items.size());
  for (const Document& item : list.items) {
    const auto value = as_value(item, range);
    if (!value) fail_at(item, indexed(key, values.size()), describe(item) + ", allowed: " + allowed_text(range));
    values.push_back(*value);
  }
  return values;
}

std::string ConfigReader::misspelling_hint(std::string_view key) const {
  constexpr std::size_t kShortest = 3;  // a shorter key is one letter away from too many words
  if (key.size() < kShortest) return "";
  std::vector<std::string_view> unread;
  for (std::size_t i = 0; i < is_read_.size(); ++i) {
    if (!is_read_[i]) unread.push_back(node_->members[i].first);
  }
  const std::string misspelt = did_you_mean(key, unread);
  return misspelt.empty() ? "" : " (is " + misspelt + " a misspelling?)";
}

std::int64_t ConfigReader::integer(std::string_view key, IntegerRange range) {
  const Document& node = required(key, [range] { return allowed_text(range); });
  const auto value = as_integer(node, range);
  if (!value) fail(key, describe(node) + ", allowed: " + allowed_text(range));
  return *value;
}

double ConfigReader::number(std::string_view key, NumberRange range) {
  const Document& node = required(key, [range] { return allowed_text(range); });
  const auto value = as_number(node, range);
  if (!value) fail(key, describe(node) + ", allowed: " + allowed_text(range));
  return *value;
}

bool ConfigReader::boolean(std::string_view key) {
  const Document& node = required(key, [] { return std::string("true or false"); });
  if (is_plain_scalar(node) && node.scalar == "true") return true;
  if (is_plain_scalar(node) && node.scalar == "false") return false;
  fail(key, describe(node) + ", allowed: true or false");
}

std::string ConfigReader::text(std::string_view key) {
  const Document& node = required(key, [] { return std::string("text"); });
  if (node.kind != Document::Kind::kScalar) fail(key, describe(node) + ", allowed: text");
  return node.scalar;
}

std::vector<std::int64_t> ConfigReader::integers(std::string_view key, IntegerRange range) {
  return list_of<std::int64_t>(key, range, as_integer);
}

std::vector<double> ConfigReader::numbers(std::string_view key, NumberRange range) {
  return list_of<double>(key, range, as_number);
}

std::vector<std::string> ConfigReader::texts(std::string_view key) {
  const Document& list = required(key, [] { return std::string("a list of texts"); });
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
  const Document& node = required(key, [names] { return "one of " + allowed_text(names); });
  if (node.kind != Document::Kind::kScalar) fail(key, describe(node) + ", allowed: one of " + allowed_text(names));
  const auto name = std::ranges::find(names, node.scalar);
  if (name == names.end()) fail(key, node.scalar + " is not one of " + allowed_text(names) + hint_text(node.scalar, names));
  return static_cast<std::size_t>(name - names.begin());
}

ConfigReader ConfigReader::section(std::string_view key) {
  return child(required(key, [] { return std::string("a mapping of keys to values"); }), key);
}

std::vector<ConfigReader> ConfigReader::sections(std::string_view key) {
  const Document& list = required(key, [] { return std::string("a list of mappings"); });
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

void ConfigReader::skip(std::string_view key) { static_cast<void>(find(key)); }

void ConfigReader::require_note_in_sections(std::string_view key) { sections_note_ = key; }

void ConfigReader::finish() const {
  if (!own_note_.empty()) {
    const Document* note = find(own_note_);
    if (note == nullptr) fail(own_note_, "is missing, allowed: text that is not empty");
    if (note->kind != Document::Kind::kScalar || note->scalar.empty())
      fail(own_note_, "is empty, allowed: text that is not empty");
  }
  for (std::size_t i = 0; i < is_read_.size(); ++i) {
    if (is_read_[i]) continue;
    const std::string& key = node_->members[i].first;
    fail(key, "unknown key" + hint_text(key, asked_keys()));
  }
}

std::vector<std::string_view> ConfigReader::asked_keys() const {
  std::vector<std::string_view> keys(not_there_.begin(), not_there_.end());
  for (std::size_t i = 0; i < is_read_.size(); ++i) {
    if (is_read_[i]) keys.push_back(node_->members[i].first);
  }
  std::sort(keys.begin(), keys.end());
  return keys;
}

void ConfigReader::fail(std::string_view key, const std::string& message) const {
  const Document* value = find_member(*node_, key);
  fail_at(value == nullptr ? *node_ : *value, key, message);
}

void ConfigReader::fail_at(const Document& where, std::string_view key, const std::string& message) const {
  const std::string path = joined(key);
  throw UserError(location(*source_name_, where.line) + path + (path.empty() ? "" : ": ") + message);
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
