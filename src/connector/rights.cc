#include "connector/rights.h"

namespace tarn::connector {

std::string_view name_of(Rule::Kind kind) {
  switch (kind) {
    case Rule::Kind::read:
      return "read";
    case Rule::Kind::owner:
      return "owner";
    case Rule::Kind::deny:
      return "deny";
  }
  return "";
}

std::string_view name_of(Principal::Kind kind) {
  switch (kind) {
    case Principal::Kind::user:
      return "user";
    case Principal::Kind::group:
      return "group";
    case Principal::Kind::anyone:
      return "anyone";
  }
  return "";
}

}  // namespace tarn::connector
