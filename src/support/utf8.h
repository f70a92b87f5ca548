#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace crossloom {

/// Offset of the first byte that is not part of well-formed UTF-8 (Unicode 15, table 3-7: no overlong forms, no surrogates), or
/// that is a control character other than tab, line feed and carriage return; nothing when the whole text is clean. Linear.
[[nodiscard]] std::optional<std::size_t> first_bad_text_byte(std::string_view text);

}  // namespace crossloom
