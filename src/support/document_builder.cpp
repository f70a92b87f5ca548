#include "support/document_builder.h"

#include <algorithm>
#include <utility>

#include "support/error.h"
#include "support/utf8.h"

namespace crossloom {
namespace {

constexpr std::size_t kMaxDepth = 64;

}  // namespace

void DocumentBuilder::open(Document::Kind kind, std::int64_t line) {
  if (open_.size() == kMaxDepth) fail(line, "is nested deeper than " + std::to_string(kMaxDepth) + " levels");
  open_.push_back({.node = {.kind = kind, .line = line}});
}

const Document& DocumentBuilder::close() {
  Document node = std::move(open_.back().node);
  open_.pop_back();
  if (node.kind == Document::Kind::kMapping) refuse_repeated_keys(node);
  return value(std::move(node));
}

void DocumentBuilder::key(std::string text, std::int64_t line) {
  Frame& frame = open_.back();
  frame.key = std::move(text);
  frame.key_line = line;
  frame.has_key = true;
}

const Document& DocumentBuilder::value(Document node) {
  if (open_.empty()) {
    root_ = std::move(node);
    is_complete_ = true;
    return root_;
  }
  Frame& frame = open_.back();
  if (frame.node.kind == Document::Kind::kSequence) return frame.node.items.emplace_back(std::move(node));
  node.line = frame.key_line;
  frame.has_key = false;
  return frame.node.members.emplace_back(std::move(frame.key), std::move(node)).second;
}

bool DocumentBuilder::expects_key() const {
  return !open_.empty() && open_.back().node.kind == Document::Kind::kMapping && !open_.back().has_key;
}

void DocumentBuilder::fail(std::int64_t line, const std::string& message) const {
  const std::string where = path();
  throw UserError(location(source_name_, line) + (where.empty() ? "" : where + ": ") + message);
}

std::string DocumentBuilder::path() const {
  std::string path;
  for (const Frame& frame : open_) {
    if (frame.node.kind == Document::Kind::kSequence) {
      path += '[' + std::to_string(frame.node.items.size()) + ']';
    } else if (frame.has_key) {
      path += (path.empty() ? "" : ".") + frame.key;
    }
  }
  return path;
}

void DocumentBuilder::refuse_repeated_keys(const Document& mapping) const {
  std::vector<const std::pair<std::string, Document>*> by_key;
  by_key.reserve(mapping.members.size());
  for (const auto& member : mapping.members) by_key.push_back(&member);
  std::ranges::stable_sort(by_key, {}, [](const auto* member) -> const std::string& { return member->first; });
  const auto repeated =
      std::ranges::adjacent_find(by_key, {}, [](const auto* member) -> const std::string& { return member->first; });
  if (repeated == by_key.end()) return;
  const auto& [key, first] = **repeated;
  const Document& second = (*std::next(repeated))->second;
  const std::string where = path();
  throw UserError(location(source_name_, second.line) + where + (where.empty() ? "" : ".") + key +
                  ": repeated key, allowed once (first on line " + std::to_string(first.line) + ")");
}

void require_text(std::string_view text, std::string_view source_name) {
  const auto offset = first_bad_text_byte(text);
  if (!offset) return;
  const auto line = 1 + std::ranges::count(text.substr(0, *offset), '\n');
  throw UserError(location(source_name, line) + "is not UTF-8 text (byte " + std::to_string(*offset) + " of the file)");
}

std::string location(std::string_view source_name, std::int64_t line) {
  std::string begin(source_name);
  if (line > 0) begin += ':' + std::to_string(line);
  return begin + ": ";
}

}  // namespace crossloom
