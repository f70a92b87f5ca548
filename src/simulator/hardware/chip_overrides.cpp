#include <optional>
#include <type_traits>
#include <vector>

#include "simulator/hardware/chip_fields.h"
#include "simulator/hardware/chip_yaml.h"
#include "support/document.h"
#include "support/error.h"

namespace crossloom {
namespace {

constexpr std::string_view kOption = "--set";

[[noreturn]] void refuse(std::string_view path, const std::string& message) {
  throw UserError(std::string(kOption) + ": " + std::string(path) + ": " + message);
}

void forget_lines(Document& document) {
  document.line = 0;
  for (auto& [key, member] : document.members) forget_lines(member);
  for (Document& item : document.items) forget_lines(item);
}

/// The text of a value as YAML, without line numbers (it stands in no file).
Document parsed_value(std::string_view path, std::string_view value) {
  if (value.find_first_not_of(" \t") == std::string_view::npos) return {};
  Document parsed = parse_yaml(value, std::string(kOption) + ": " + std::string(path));
  forget_lines(parsed);
  return parsed;
}

/// Walks one section to the key that begins at `path.substr(section_end)` and reads the value there, if any, or goes one
/// section down.
class Override {
 public:
  Override(std::string_view path, std::optional<std::string_view> value) : path_(path), value_(value) {}

  template <class Section>
  void apply(Section& section, std::size_t begin) {
    const std::size_t dot = path_.find('.', begin);
    Step step{*this, begin, path_.substr(begin, dot - begin), dot == std::string_view::npos};
    visit_fields(section, step);
    if (step.is_done) return;
    const std::string meant = did_you_mean(step.key, step.names);
    refuse(path_.substr(0, dot), "unknown key" + (meant.empty() ? "" : " (did you mean " + meant + "?)"));
  }

 private:
  struct Step {
    Override& outer;
    std::size_t begin;
    std::string_view key;
    bool is_last;
    bool is_done = false;
    std::vector<std::string_view> names = {};

    template <class T>
    void operator()(const Field& field, T& target) {
      names.push_back(field.name);
      if (field.name != key) return;
      is_done = true;
      if constexpr (fields_detail::Struct<T>) {
        if (is_last) outer.refuse_section(target);
        outer.apply(target, begin + key.size() + 1);
      } else {
        if (!is_last)
          refuse(outer.path_, "unknown key (" + std::string(outer.path_.substr(0, begin + key.size())) + " is a value)");
        outer.read(field, target, begin);
      }
    }

    /// A whole section is given as a YAML mapping, or taken away.
    template <class T>
    void visit_optional(const Field& field, std::optional<T>& target) {
      if (field.name == key && is_last) {
        is_done = true;
        target.reset();
        if (outer.value_ != kAbsent) outer.read(field, target.emplace(), begin);
      } else if (field.name == key && !target) {
        outer.refuse_absent(key);
      } else {
        T unused;
        (*this)(field, target ? *target : unused);
      }
    }
  };

  template <class T>
  void read(const Field& field, T& target, std::size_t begin) {
    if (!value_) return;
    Document document{.kind = Document::Kind::kMapping};
    document.members.emplace_back(field.name, parsed_value(path_, *value_));
    ConfigReader reader(document, std::string(kOption), std::string(path_.substr(0, begin == 0 ? 0 : begin - 1)));
    fields_detail::Reader{reader}(field, target);
  }

  template <class Section>
  [[noreturn]] void refuse_section(Section& section) {
    std::string keys;
    visit_fields(section,
                 [&keys](const Field& field, const auto&) { keys.append(keys.empty() ? "" : ", ").append(field.name); });
    refuse(path_, "is a section, allowed: one of its keys " + keys);
  }

  [[noreturn]] void refuse_absent(std::string_view section) {
    const std::string name(section);
    refuse(path_, "the chip has no " + name + ", allowed: the whole section first, --set '" + name + "={KEY: VALUE, ...}'");
  }

  static constexpr std::string_view kAbsent = "none";

  std::string_view path_;
  std::optional<std::string_view> value_;
};

ChipConfig replaced(const ChipConfig& chip, std::string_view key, std::optional<std::string_view> value) {
  if (key == "source" || key == "differs_from_source") refuse(key, "describes the chip's origin and cannot be replaced");
  ChipConfig changed = chip;
  Override(key, value).apply(changed, 0);
  return changed;
}

}  // namespace

ChipConfig with_override(const ChipConfig& chip, std::string_view key, std::string_view value) {
  ChipConfig changed = replaced(chip, key, value);
  validate(changed, kOption);
  return changed;
}

void check_key(const ChipConfig& chip, std::string_view key) { static_cast<void>(replaced(chip, key, std::nullopt)); }

ChipConfig with_overrides(const ChipConfig& chip, const std::vector<std::string>& assignments) {
  ChipConfig changed = chip;
  for (const std::string_view assignment : assignments) {
    const std::size_t equals = assignment.find('=');
    if (equals == std::string_view::npos) refuse(assignment, "has no value, allowed: key=value");
    changed = replaced(changed, assignment.substr(0, equals), assignment.substr(equals + 1));
  }
  validate(changed, kOption);
  return changed;
}

}  // namespace crossloom
