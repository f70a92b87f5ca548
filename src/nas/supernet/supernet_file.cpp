#include "nas/supernet/supernet_file.h"

#include "compiler/ir/structure_hash.h"
#include "nas/supernet/shared_layout.h"
#include "support/error.h"
#include "support/json.h"
#include "training/binary_file.h"

namespace crossloom {
namespace {

constexpr std::string_view kKind = "supernet";
constexpr int kVersion = 1;

void write_list(BinaryWriter& writer, const std::vector<double>& values) {
  writer.number(static_cast<std::int64_t>(values.size()));
  for (const double value : values) writer.real(value);
}

std::vector<double> read_list(BinaryReader& reader) {
  std::vector<double> values(reader.length(sizeof(double)));
  for (double& value : values) value = reader.real();
  return values;
}

}  // namespace

std::string supernet_space(const SearchSpace& space) {
  std::string layers;
  for (const Genotype& genotype : single_changes(space, largest_genotype(space)))
    layers += structure_hash(build_network(space, subnetwork_of(space, genotype)));
  return space.name + ' ' + content_hash(layers);
}

std::string values_hash(const Supernet& supernet) {
  const std::vector<float>& values = supernet.values;
  return content_hash(std::string_view(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float)));
}

void write_supernet(const std::string& path, const Supernet& supernet) {
  BinaryWriter writer;
  writer.text(supernet.space);
  writer.text(supernet.data);
  writer.real(supernet.validation_fraction);
  writer.number(supernet.seed);
  writer.number(supernet.num_epochs);
  writer.real(supernet.normalization.scale);
  write_list(writer, supernet.normalization.mean);
  write_list(writer, supernet.normalization.deviation);
  writer.halves(supernet.values);
  write_sealed(path, kKind, kVersion, writer.bytes());
}

Supernet read_supernet(const std::string& path, const SearchSpace& space) {
  const std::string bytes = read_sealed(path, kKind, kVersion);
  BinaryReader reader(bytes, path);
  Supernet supernet;
  supernet.space = reader.text();
  supernet.data = reader.text();
  supernet.validation_fraction = reader.real();
  supernet.seed = reader.number();
  supernet.num_epochs = reader.number();
  supernet.normalization.scale = reader.real();
  supernet.normalization.mean = read_list(reader);
  supernet.normalization.deviation = read_list(reader);
  supernet.values = reader.halves();
  const std::string wanted = supernet_space(space);
  if (supernet.space != wanted)
    throw UserError(path + ": is of another space (" + supernet.space + ", the search's is " + wanted + ")");
  const std::size_t count = SharedLayout(space).num_parameters();
  if (supernet.values.size() != count)
    throw UserError(path + ": has " + std::to_string(supernet.values.size()) + " numbers, the space " + std::to_string(count));
  return supernet;
}

}  // namespace crossloom
