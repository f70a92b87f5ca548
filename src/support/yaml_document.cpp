#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <map>
#include <sstream>

#include "support/document.h"
#include "support/document_builder.h"
#include "support/error.h"

namespace crossloom {
namespace {

constexpr std::int64_t kMaxAliasNodes = 1'000'000;

std::int64_t line_of(const YAML::Mark& mark) { return mark.is_null() ? 0 : mark.line + 1; }

std::int64_t count_nodes(const Document& node) {
  std::int64_t count = 1;
  for (const Document& item : node.items) count += count_nodes(item);
  for (const auto& [key, member] : node.members) count += count_nodes(member);
  return count;
}

/// Passes yaml-cpp's events on to the builder. An anchored node is copied aside when it is complete and copied in at each
/// alias.
class YamlEvents final : public YAML::EventHandler {
 public:
  explicit YamlEvents(DocumentBuilder& builder) : builder_(builder) {}

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    refuse_as_key(mark);
    keep(anchor, builder_.value({.kind = Document::Kind::kNull, .line = line_of(mark)}));
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, const std::string& value) override {
    if (builder_.expects_key()) {
      builder_.key(value, line_of(mark));
      return;
    }
    // yaml-cpp marks a quoted scalar by the tag "!" and a plain one by "?".
    const bool is_text = tag == "!" || tag == "tag:yaml.org,2002:str";
    if (!is_text) refuse_tag(mark, tag);
    keep(anchor,
         builder_.value({.kind = Document::Kind::kScalar, .scalar = value, .is_quoted = is_text, .line = line_of(mark)}));
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    refuse_as_key(mark);
    const auto target = anchored_.find(anchor);
    if (target == anchored_.end()) builder_.fail(line_of(mark), "is an alias of a node that contains it");
    count_copy(target->second, line_of(mark));
    builder_.value(target->second);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(Document::Kind::kSequence, mark, tag, anchor);
  }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, YAML::EmitterStyle::value) override {
    open(Document::Kind::kMapping, mark, tag, anchor);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapEnd() override { close(); }

 private:
  void open(Document::Kind kind, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
    refuse_as_key(mark);
    refuse_tag(mark, tag);
    builder_.open(kind, line_of(mark));
    open_anchors_.push_back(anchor);
  }

  void close() {
    const YAML::anchor_t anchor = open_anchors_.back();
    open_anchors_.pop_back();
    keep(anchor, builder_.close());
  }

  void keep(YAML::anchor_t anchor, const Document& node) {
    if (anchor == YAML::NullAnchor) return;
    count_copy(node, node.line);
    anchored_[anchor] = node;
  }

  void count_copy(const Document& node, std::int64_t line) {
    num_copied_nodes_ += count_nodes(node);
    if (num_copied_nodes_ > kMaxAliasNodes) {
      builder_.fail(line, "aliases expand to more than " + std::to_string(kMaxAliasNodes) + " nodes");
    }
  }

  void refuse_as_key(const YAML::Mark& mark) const {
    if (builder_.expects_key()) builder_.fail(line_of(mark), "a key that is not a scalar, allowed: plain or quoted text");
  }

  void refuse_tag(const YAML::Mark& mark, const std::string& tag) const {
    if (tag.empty() || tag == "?" || tag == "!") return;
    builder_.fail(line_of(mark), "the tag " + tag + ", allowed: no tag or !!str");
  }

  DocumentBuilder& builder_;
  std::vector<YAML::anchor_t> open_anchors_;
  std::map<YAML::anchor_t, Document> anchored_;
  std::int64_t num_copied_nodes_ = 0;
};

}  // namespace

Document parse_yaml(std::string_view text, std::string_view source_name) {
  require_text(text, source_name);
  DocumentBuilder builder(source_name);
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    YamlEvents events(builder);
    parser.HandleNextDocument(events);
    DocumentBuilder second(source_name);
    YamlEvents second_events(second);
    if (parser.HandleNextDocument(second_events)) {
      throw UserError(location(source_name, 0) + "more than one YAML document, allowed: one");
    }
  } catch (const YAML::Exception& error) {
    throw UserError(location(source_name, line_of(error.mark)) + error.msg);
  }
  Document root = builder.take();
  if (root.kind == Document::Kind::kNull) throw UserError(location(source_name, 1) + "is empty");
  return root;
}

}  // namespace crossloom
