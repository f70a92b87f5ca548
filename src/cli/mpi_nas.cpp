#include "cli/nas_request.h"
#include "support/error.h"

namespace crossloom {
namespace {

[[noreturn]] void refuse(const std::string& command) { throw UserError(command + ": does not run under mpirun"); }

}  // namespace

ExitCode nas_train_command(const NasTrainRequest&, Console&) { refuse("nas train"); }

ExitCode nas_retrain_command(const NasRetrainRequest&, Console&) { refuse("nas retrain"); }

ExitCode nas_score_command(const NasScoreRequest&, Console&) { refuse("nas score"); }

void nas_test_front(const std::string&, const TrainRequest&, const std::string&) { refuse("nas report --data"); }

AccuracyScorer accuracy_scorer_of(const SearchFile&, const NasSearchRequest&) { refuse("nas search for accuracy"); }

}  // namespace crossloom
