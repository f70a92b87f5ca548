#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace crossloom {

/// One element of a document, in the order of the start tags.
struct XmlElement {
  std::string name;
  std::map<std::string, std::string> attributes;  ///< entities resolved
  std::string text;                               ///< its own text, entities resolved
};

/// Reads XML as strictly as XML 1.0 asks of a document without DTD or comments: elements nested and closed, attributes quoted
/// and unique, no bare & or <, one root. A leading <!DOCTYPE html> is allowed. Throws std::runtime_error naming the byte.
[[nodiscard]] std::vector<XmlElement> read_xml(std::string_view text);

}  // namespace crossloom
