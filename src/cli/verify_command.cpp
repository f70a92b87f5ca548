#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "cli/command.h"
#include "cli/console.h"
#include "cli/folder_checks.h"

namespace crossloom {
namespace {

std::vector<std::string> findings_of(const std::vector<FolderCheck>& checks) {
  std::vector<std::string> findings;
  for (const FolderCheck& check : checks) findings.insert(findings.end(), check.findings.begin(), check.findings.end());
  return findings;
}

std::string checks_text(const std::vector<FolderCheck>& checks) {
  std::string text;
  for (const FolderCheck& check : checks) {
    text += fmt::format("{:6}  {}\n", check.findings.empty() ? "ok" : "failed", check.name);
    for (const std::string& finding : check.findings) text += fmt::format("        {}\n", finding);
  }
  return text;
}

Json checks_json(const std::vector<FolderCheck>& checks) {
  Json::Array lines;
  for (const FolderCheck& check : checks) {
    lines.emplace_back(Json::Object{{"check", check.name}, {"ok", check.findings.empty()}});
  }
  Json::Array findings;
  for (const std::string& finding : findings_of(checks)) findings.emplace_back(finding);
  const bool is_ok = findings.empty();
  return Json::Object{{"ok", is_ok}, {"checks", std::move(lines)}, {"findings", std::move(findings)}};
}

ExitCode verify_command(const std::string& folder, Console& console) {
  const std::vector<FolderCheck> checks = check_folder(folder);
  console.print(checks_text(checks));
  console.print_json(checks_json(checks));
  const std::vector<std::string> findings = findings_of(checks);
  if (findings.empty()) return ExitCode::kDone;
  console.flush();
  fmt::print(stderr, "crossloom: error: {}{}\n", findings.front(),
             findings.size() == 1 ? "" : fmt::format(" (and {} more)", findings.size() - 1));
  return ExitCode::kUserError;
}

}  // namespace

Action define_verify(CLI::App& app) {
  auto folder = std::make_shared<std::string>();
  app.add_option("DIR", *folder, "the folder that compile wrote")->required()->type_name("");
  app.footer("Exit status 2 when a file is not what was written or cannot be right.");
  return [folder](Console& console) { return verify_command(*folder, console); };
}

}  // namespace crossloom
