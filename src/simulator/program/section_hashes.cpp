#include "simulator/program/section_hashes.h"

#include <algorithm>
#include <variant>

#include "simulator/program/findings.h"
#include "support/document_builder.h"

namespace crossloom {
namespace {

std::string hash_of(const Json& value) { return content_hash(value.dump(-1)); }

std::string element(const std::string& section, std::size_t index) { return section + '[' + std::to_string(index) + ']'; }

const Document* find_member(const Document& mapping, const std::string& key) {
  const auto member =
      std::ranges::find(mapping.members, key, [](const auto& entry) -> const std::string& { return entry.first; });
  return member == mapping.members.end() ? nullptr : &member->second;
}

/// Compares one section after the other with its hashes in the file.
class Comparison {
 public:
  Comparison(const Document& file, std::string_view source_name) : file_(file), source_name_(source_name) {}

  [[nodiscard]] std::vector<std::string> take() { return findings_.take(); }

  void compare(const std::string& name, const Json& section, ConfigReader& hashes) {
    const Document* node = find_member(file_, name);
    const Document& place = node == nullptr ? file_ : *node;
    if (const auto* items = std::get_if<Json::Array>(&section.value())) {
      compare_items(name, *items, hashes.texts(name), place);
    } else if (const auto* members = std::get_if<Json::Object>(&section.value())) {
      ConfigReader member_hashes = hashes.section(name);
      for (const auto& [key, member] : *members) {
        if (member_hashes.text(key) == hash_of(member)) continue;
        const Document* member_node = find_member(place, key);
        std::string path = name;
        path.append(".").append(key);
        report(member_node == nullptr ? place : *member_node, path, "");
      }
      member_hashes.finish();
    } else if (hashes.text(name) != hash_of(section)) {
      report(place, name, "");
    }
  }

 private:
  void compare_items(const std::string& name, const Json::Array& items, const std::vector<std::string>& hashes,
                     const Document& place) {
    const std::size_t num_common = std::min(items.size(), hashes.size());
    const bool same_size = items.size() == hashes.size();
    std::size_t index = 0;
    for (; index < num_common; ++index) {
      if (hash_of(items[index]) == hashes[index]) continue;
      if (!same_size) break;  // behind an element that was added or removed every other one is shifted
      report(place.items[index], element(name, index), "");
    }
    if (same_size) return;
    const std::string sizes =
        " (" + std::to_string(items.size()) + " elements, " + std::to_string(hashes.size()) + " when it was written)";
    report(index < place.items.size() ? place.items[index] : place, element(name, index), sizes);
  }

  void report(const Document& place, const std::string& path, const std::string& detail) {
    findings_.add(location(source_name_, place.line) + path + ": does not match its hash" + detail +
                  ": edited since it was written; compile again");
  }

  const Document& file_;
  std::string_view source_name_;
  Findings findings_;
};

}  // namespace

Json section_hashes(const Json::Object& sections) {
  Json::Object hashes;
  for (const auto& [name, section] : sections) {
    if (const auto* items = std::get_if<Json::Array>(&section.value())) {
      Json::Array item_hashes;
      item_hashes.reserve(items->size());
      for (const Json& item : *items) item_hashes.emplace_back(hash_of(item));
      hashes.emplace_back(name, std::move(item_hashes));
    } else if (const auto* members = std::get_if<Json::Object>(&section.value())) {
      Json::Object member_hashes;
      for (const auto& [key, member] : *members) member_hashes.emplace_back(key, hash_of(member));
      hashes.emplace_back(name, std::move(member_hashes));
    } else {
      hashes.emplace_back(name, hash_of(section));
    }
  }
  return hashes;
}

std::vector<std::string> edited_sections(const Json::Object& sections, ConfigReader& file, std::string_view source_name) {
  ConfigReader hashes = file.section("section_hashes");
  Comparison comparison(file.node(), source_name);
  for (const auto& [name, section] : sections) comparison.compare(name, section, hashes);
  hashes.finish();
  return comparison.take();
}

}  // namespace crossloom
