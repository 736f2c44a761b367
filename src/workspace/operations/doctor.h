// doctor: the installation.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "operation/operation.h"

namespace tarn::workspace {

class Databases;
class LakeStore;
struct OpenOptions;
class Tables;
class Workers;

struct DoctorRequest {};
struct DoctorCheck {
  std::string name;
  std::string status;  // ok, warn, fail
  std::string detail;
  std::optional<std::string> fix;
};
struct DoctorReply {
  bool ok = false;  // nothing failed
  std::vector<DoctorCheck> checks;
};

struct Doctor {
  static operation::Declaration<DoctorRequest, DoctorReply> declare();
  static base::Result<DoctorReply> run(const DoctorRequest& request, const OpenOptions& options, Tables& tables,
                                       LakeStore& lake, Databases& databases, Workers& workers,
                                       const base::Context& context);
};

}  // namespace tarn::workspace

namespace tarn::operation {

template <>
struct Describe<workspace::DoctorRequest> {
  static auto fields() { return std::tuple{}; }
};
template <>
struct Describe<workspace::DoctorCheck> {
  static auto fields() {
    using R = workspace::DoctorCheck;
    return std::tuple{
        field("name", &R::name, "what was looked at"),
        field("status", &R::status, "ok, warn or fail"),
        field("detail", &R::detail, "what was seen"),
        field("fix", &R::fix, "what to do about it"),
    };
  }
};
template <>
struct Describe<workspace::DoctorReply> {
  static auto fields() {
    using R = workspace::DoctorReply;
    return std::tuple{
        field("ok", &R::ok, "nothing failed"),
        field("checks", &R::checks, "one by one"),
    };
  }
};

}  // namespace tarn::operation
