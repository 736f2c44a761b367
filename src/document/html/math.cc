#include "document/html/math.h"

#include <vector>

#include "base/ascii.h"

namespace tarn::document {
namespace {

using dom::attribute;
using dom::Node;

// "{\displaystyle x}" → "x": how MediaWiki and MathJax wrap what was written.
std::string unwrapped(std::string_view tex) {
  std::string out(base::trimmed(tex));
  for (std::string_view wrap : {"{\\displaystyle", "{\\textstyle", "{\\scriptstyle"}) {
    if (out.starts_with(wrap) && out.ends_with('}')) {
      out = std::string(base::trimmed(std::string_view(out).substr(wrap.size(), out.size() - wrap.size() - 1)));
    }
  }
  return out;
}

std::string text_below(Node* root) {
  std::string out;
  dom::walk(
      root,
      [&](Node* n) {
        if (dom::is_text(n)) out += dom::text(n);
        return true;
      },
      [](Node*) {});
  return out;
}

std::string tex_annotation(Node* math) {
  std::string tex;
  dom::walk(
      math,
      [&](Node* n) {
        if (tex.empty() && dom::name(n) == "annotation" && attribute(n, "encoding").find("tex") != std::string::npos) {
          tex = unwrapped(text_below(n));
        }
        return true;
      },
      [](Node*) {});
  return tex;
}

// What parts the children of an element, of which the second is an exponent, an index, a denominator.
std::string_view between(std::string_view name, size_t child) {
  if (child == 0) return {};
  if (name == "msup" || name == "mover") return "^";
  if (name == "msub" || name == "munder") return "_";
  if (name == "msubsup" || name == "munderover") return child == 1 ? "_" : "^";
  if (name == "mfrac") return "/";
  return {};
}

}  // namespace

std::string formula_text(Node* math) {
  if (std::string tex = tex_annotation(math); !tex.empty()) return tex;
  if (std::string tex = unwrapped(attribute(math, "alttext")); !tex.empty()) return tex;
  struct Open {
    std::string text;
    size_t children = 0;
  };
  std::vector<Open> open(1);
  dom::walk(
      math,
      [&](Node* n) {
        if (dom::is_text(n)) {
          open.back().text += base::trimmed(dom::text(n));
          return false;
        }
        const std::string_view name = dom::name(n);
        if (!dom::is_element(n) || name.starts_with("annotation")) return false;
        open.emplace_back();
        return true;
      },
      [&](Node* n) {
        std::string text = std::move(open.back().text);
        open.pop_back();
        Open& parent = open.back();
        const std::string_view name = dom::name(n), above = n == math ? std::string_view() : dom::name(n->parent);
        if (name == "msqrt") text = "\xE2\x88\x9A(" + text + ")";
        if (name == "mtr" || name == "mlabeledtr") text += "; ";
        if (name == "mtd") text += " ";
        const std::string_view sign = between(above, parent.children);
        const bool grouped =
            text.size() > 1 && (!sign.empty() || above == "mfrac") && (name == "mrow" || name == "mfrac");
        if (grouped) text = "(" + text + ")";
        parent.text.append(sign).append(text);
        ++parent.children;
      });
  return std::string(base::trimmed(open.back().text));
}

}  // namespace tarn::document
