#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/ir/network.h"
#include "nas/genotype.h"

namespace crossloom {

/// What a stage repeats.
enum class ElasticBlock {
  kInvertedResidual,  ///< 1x1 expansion, depthwise KxK, optional squeeze-excite, 1x1 projection (Howard et al., ICCV 2019)
  kBasicResidual,     ///< two KxK convolutions and a shortcut (He et al., CVPR 2016)
  kFire,              ///< 1x1 squeeze, then 1x1 and KxK side by side, half of the channels each (Iandola et al., 2016)
};
[[nodiscard]] inline std::span<const std::string_view> enum_names(ElasticBlock) {
  static constexpr std::array<std::string_view, 3> kNames = {"inverted_residual", "basic_residual", "fire"};
  return kNames;
}

/// Blocks one behind the other and what may be chosen of them. The first block has the stride; the others keep the extents.
struct ElasticStage {
  ElasticBlock block = ElasticBlock::kInvertedResidual;
  std::int64_t channels = 0;          ///< outputs of each block at width 1
  std::int64_t stride = 1;            ///< of the first block; of a fire stage, that of a 3x3 max pooling before it
  std::vector<double> widths;         ///< factors of the channels, one for the stage
  std::vector<std::int64_t> depths;   ///< numbers of blocks
  std::vector<std::int64_t> kernels;  ///< odd, one for each block
  std::vector<double> ratios;         ///< one for each block: inner channels over those that come in (inverted residual) or go
                                      ///< out (basic residual, fire: of the squeeze)
  Activation activation = Activation::kRelu;
  bool has_squeeze_excite = false;  ///< inverted residual
  friend bool operator==(const ElasticStage&, const ElasticStage&) = default;

  [[nodiscard]] std::int64_t max_depth() const;
};

/// The networks that a search chooses from: fixed layers around stages of elastic blocks, after Once-for-All (Cai et al., ICLR
/// 2020). The description of a space is a file under configs/search_spaces; docs/nas.md has its keys.
struct SearchSpace {
  std::string name;
  std::string source;
  std::vector<TensorShape> input_shapes;  ///< on offer
  bool has_signed_input = true;
  std::int64_t channel_divisor = 8;  ///< numbers of channels are rounded to multiples (divisible_channels)
  double width_multiplier = 1.0;     ///< of all channels but the classes, chosen before the search
  bool has_batch_norm = true;        ///< of the convolutions in blocks; biases otherwise
  std::vector<Layer> stem;           ///< each reads the one before it; channels at width multiplier 1
  std::vector<ElasticStage> stages;
  std::vector<Layer> head;  ///< likewise; its last convolution or linear layer is the classifier
  friend bool operator==(const SearchSpace&, const SearchSpace&) = default;
};

struct BlockChoice {
  std::int64_t kernel = 3;
  double ratio = 1.0;
  friend bool operator==(const BlockChoice&, const BlockChoice&) = default;
};

struct StageChoice {
  double width = 1.0;
  std::vector<BlockChoice> blocks;  ///< as many as the stage is deep
  friend bool operator==(const StageChoice&, const StageChoice&) = default;
};

/// One network of a space.
struct Subnetwork {
  TensorShape input_shape;
  std::vector<StageChoice> stages;
  friend bool operator==(const Subnetwork&, const Subnetwork&) = default;
};

/// Index in the head of the layer that tells the classes apart, its last convolution or linear layer; -1 when it has none.
[[nodiscard]] std::int64_t classifier_of(const SearchSpace& space);

/// `channels` rounded to the nearest multiple of `divisor`, but not below `divisor` nor more than a tenth below `channels`
/// (Howard et al., ICCV 2019; the authors' code).
[[nodiscard]] std::int64_t divisible_channels(double channels, std::int64_t divisor);

/// An integer gene for each choice of more than one value: its index among the values. In this order: `input`, then for each
/// stage `stageS.width`, `stageS.depth` and, for each block up to the deepest, `stageS.blockB.kernel` and
/// `stageS.blockB.ratio`; stages and blocks count from 1.
[[nodiscard]] std::vector<Gene> genes_of(const SearchSpace& space);

/// The genotype with the genes of blocks beyond the depth of their stage at 0. `genotype` may have further values behind those
/// of genes_of: they stay.
[[nodiscard]] Genotype without_inactive_genes(const SearchSpace& space, Genotype genotype);

/// The network a genotype stands for.
[[nodiscard]] Subnetwork subnetwork_of(const SearchSpace& space, const Genotype& genotype);

/// How many different networks there are; infinite beyond the range of a double.
[[nodiscard]] double num_subnetworks(const SearchSpace& space);

/// The widest and deepest network with the largest input, kernels and ratios.
[[nodiscard]] Genotype largest_genotype(const SearchSpace& space);

/// `base` with one gene changed: for each gene each of its values.
[[nodiscard]] std::vector<Genotype> single_changes(const SearchSpace& space, const Genotype& base);

/// The layers of a network. Layers of a block keep their names whatever is chosen elsewhere: `stageS_blockB_...`. Throws
/// UserError when an input is too small for the strides.
[[nodiscard]] Network build_network(const SearchSpace& space, const Subnetwork& subnetwork);

}  // namespace crossloom
