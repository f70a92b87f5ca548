#include "training/teachers.h"

#include <fmt/format.h>

#include <utility>

#include "training/batch_score.h"
#include "training/classifier_head.h"
#include "training/device_network.h"

namespace crossloom {

struct Teachers::Teacher {
  Teacher(TrainableNetwork trained, Device device)
      : start(std::move(trained)),
        hash(content_hash_of(start)),
        computed(start.network,
                 {.parameters = start.values.parameters.data(), .statistics = start.values.statistics.data(), .device = device},
                 DepthwiseGradient::kOwn) {
    computed.to_device();
  }

  TrainableNetwork start;
  std::string hash;
  DeviceNetwork computed;
};

Teachers::Teachers(std::vector<TrainableNetwork> networks, double share, Device device) : share_(share) {
  teachers_.reserve(networks.size());
  for (TrainableNetwork& network : networks) teachers_.push_back(std::make_unique<Teacher>(std::move(network), device));
}

Teachers::~Teachers() = default;

std::string Teachers::problem(const TensorShape& shape, std::int64_t num_classes) const {
  for (const auto& teacher : teachers_) {
    std::string problem = classifier_problem(teacher->start.network, shape, num_classes);
    if (!problem.empty()) return problem;
  }
  return {};
}

void Teachers::teach(LabelledBatch& batch) const {
  const NoGradients no_gradients;
  const auto share = static_cast<float>(share_);
  const float part = share / static_cast<float>(teachers_.size());
  for (float& target : batch.targets) target *= 1.0F - share;
  for (const auto& teacher : teachers_) {
    const Variable logits = teacher->computed.module().logits(images_of(batch), BatchNormMode::kRunning);
    const std::vector<float> answers = apply(UnaryFunction::kSoftmax, logits).values();
    for (std::size_t i = 0; i < answers.size(); ++i) batch.targets[i] += part * answers[i];
  }
}

std::string Teachers::identity() const {
  std::string text = fmt::format("share {}", share_);
  for (const auto& teacher : teachers_) text += ", " + teacher->hash;
  return text;
}

std::pair<std::string, std::string> teachers_identity(const Teachers* teachers) {
  return {"teacher", teachers == nullptr ? "none" : teachers->identity()};
}

}  // namespace crossloom
