#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "support/fields.h"

namespace crossloom::fields_example {

enum class Encoding { kUnsigned, kTwosComplement };
inline constexpr std::array<std::string_view, 2> kEncodingNames = {"unsigned", "twos_complement"};
[[nodiscard]] inline std::span<const std::string_view> enum_names(Encoding) { return kEncodingNames; }

struct Adc {
  std::int64_t bits = 1;
  friend bool operator==(const Adc&, const Adc&) = default;
};

template <class Self, class Visitor>
requires SameStruct<Self, Adc>
void visit_fields(Self& self, Visitor&& visit) { visit(Field{"bits", "resolution", IntegerRange{1, 16}}, self.bits); }

/// One member of every supported type.
struct Chip {
  std::string name = "x";
  double read_volt = 0.25;
  bool phase_overlap = false;
  Encoding encoding = Encoding::kUnsigned;
  Adc adc;
  std::vector<std::int64_t> sizes;
  std::vector<std::string> notes;
  std::vector<Adc> spares;
  friend bool operator==(const Chip&, const Chip&) = default;
};

template <class Self, class Visitor>
requires SameStruct<Self, Chip>
void visit_fields(Self& self, Visitor&& visit) {
  visit(Field{"name", "name of the chip"}, self.name);
  visit(Field{"read_volt", "read voltage", NumberRange{0.0, 1.0}}, self.read_volt);
  visit(Field{"phase_overlap", "whether phases overlap"}, self.phase_overlap);
  visit(Field{"encoding", "encoding of inputs"}, self.encoding);
  visit(Field{"adc", "converter"}, self.adc);
  visit(Field{"sizes", "sizes", IntegerRange{0, 9}}, self.sizes);
  visit(Field{"notes", "notes"}, self.notes);
  visit(Field{"spares", "spare converters"}, self.spares);
}

}  // namespace crossloom::fields_example
