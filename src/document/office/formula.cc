#include "document/office/formula.h"

#include <string_view>

#include "document/office/package.h"

namespace tarn::document::office {
namespace {

using pugi::xml_node;

constexpr int kMaxDepth = 60;

std::string line(xml_node node, int depth);

std::string lines(xml_node node, int depth) {
  std::string out;
  for (const xml_node n : node.children()) out += line(n, depth + 1);
  return out;
}

// In brackets where it is more than a name or a number.
std::string one(xml_node node, int depth) {
  std::string inner = lines(node, depth);
  return inner.find_first_of(" +-*/=<>^,") == std::string::npos ? inner : "(" + inner + ")";
}

std::string line(xml_node node, int depth) {
  if (depth > kMaxDepth) return text_of(node);
  const std::string_view name = local(node);
  if (name == "t") {
    std::string text = text_of(node);
    // Signs that are not seen: the application of a function, a product.
    for (const std::string_view unseen : {"\xE2\x81\xA1", "\xE2\x81\xA2"}) {
      for (size_t at = text.find(unseen); at != std::string::npos; at = text.find(unseen, at)) text.replace(at, 3, " ");
    }
    return text;
  }
  if (name.ends_with("Pr")) return {};
  if (name == "f") return one(child(node, "num"), depth) + "/" + one(child(node, "den"), depth);
  if (name == "sSup") return one(child(node, "e"), depth) + "^" + one(child(node, "sup"), depth);
  if (name == "sSub") return one(child(node, "e"), depth) + "_" + one(child(node, "sub"), depth);
  if (name == "sSubSup") {
    return one(child(node, "e"), depth) + "_" + one(child(node, "sub"), depth) + "^" + one(child(node, "sup"), depth);
  }
  if (name == "rad") {
    const std::string degree = lines(child(node, "deg"), depth);
    return (degree.empty() ? "sqrt(" : "root" + degree + "(") + lines(child(node, "e"), depth) + ")";
  }
  if (name == "nary") {
    std::string sign(value(below(child(node, "naryPr"), "chr"), "val"));
    if (sign.empty()) sign = "\xE2\x88\xAB";
    const std::string from = one(child(node, "sub"), depth), to = one(child(node, "sup"), depth);
    return clean(sign) + (from.empty() ? "" : "_" + from) + (to.empty() ? "" : "^" + to) + " " +
           lines(child(node, "e"), depth);
  }
  if (name == "d") {
    std::string inner;
    for (const xml_node n : node.children()) {
      if (is(n, "e")) inner += (inner.empty() ? "" : ", ") + lines(n, depth);
    }
    return "(" + inner + ")";
  }
  if (name == "mr" || name == "eqArr") {  // a row of a matrix, lines below each other
    std::string inner;
    for (const xml_node n : node.children()) {
      if (is(n, "e")) inner += (inner.empty() ? "" : ", ") + lines(n, depth);
    }
    return inner + "; ";
  }
  return lines(node, depth);
}

}  // namespace

std::string formula_line(xml_node math) { return line(math, 0); }

}  // namespace tarn::document::office
