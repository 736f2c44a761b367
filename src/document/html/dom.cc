#include "document/html/dom.h"

#include <algorithm>
#include <memory>

namespace tarn::document::dom {
namespace {

constexpr size_t kChunkBytes = size_t{32} << 10;
constexpr size_t kMaxOpenElements = 20'000;  // the parser looks through all of them at many tags

struct DestroyParser {
  void operator()(lxb_html_parser_t* p) const { lxb_html_parser_destroy(p); }
};

base::Status no_memory() { return {base::Code::exhausted, "the HTML parser ran out of memory"}; }

}  // namespace

base::Result<Page> Page::parse(std::string_view html) {
  std::unique_ptr<lxb_html_parser_t, DestroyParser> parser(lxb_html_parser_create());
  if (!parser || lxb_html_parser_init(parser.get()) != LXB_STATUS_OK) return no_memory();
  lxb_html_document_t* document = lxb_html_parse_chunk_begin(parser.get());
  if (!document) return no_memory();
  Page page(document);
  for (size_t at = 0; at < html.size(); at += kChunkBytes) {
    const std::string_view chunk = html.substr(at, kChunkBytes);
    if (lxb_html_parse_chunk_process(parser.get(), reinterpret_cast<const lxb_char_t*>(chunk.data()), chunk.size()) !=
        LXB_STATUS_OK) {
      return no_memory();
    }
    if (parser->tree->open_elements->length > kMaxOpenElements) {
      return base::Status(base::Code::exhausted, "its elements nest deeper than the limit kMaxOpenElements (" +
                                                     std::to_string(kMaxOpenElements) + ")");
    }
  }
  if (lxb_html_parse_chunk_end(parser.get()) != LXB_STATUS_OK) return no_memory();
  return page;
}

Page::Page(Page&& other) noexcept : document_(other.document_) { other.document_ = nullptr; }
Page::~Page() {
  if (document_) lxb_html_document_destroy(document_);
}

std::string_view text(const Node* n) {
  const lexbor_str_t& data = reinterpret_cast<const lxb_dom_character_data_t*>(n)->data;
  return data.data ? std::string_view(reinterpret_cast<const char*>(data.data), data.length) : std::string_view();
}

std::string_view attribute(const Node* n, std::string_view name) {
  if (!is_element(n)) return {};
  size_t length = 0;
  auto* element = reinterpret_cast<lxb_dom_element_t*>(const_cast<Node*>(n));
  const lxb_char_t* value =
      lxb_dom_element_get_attribute(element, reinterpret_cast<const lxb_char_t*>(name.data()), name.size(), &length);
  return value ? std::string_view(reinterpret_cast<const char*>(value), length) : std::string_view();
}

bool has_attribute(const Node* n, std::string_view name) {
  if (!is_element(n)) return false;
  auto* element = reinterpret_cast<lxb_dom_element_t*>(const_cast<Node*>(n));
  return lxb_dom_element_has_attribute(element, reinterpret_cast<const lxb_char_t*>(name.data()), name.size());
}

void set_attribute(Node* n, std::string_view name, std::string_view value) {
  lxb_dom_element_set_attribute(lxb_dom_interface_element(n), reinterpret_cast<const lxb_char_t*>(name.data()),
                                name.size(), reinterpret_cast<const lxb_char_t*>(value.data()), value.size());
}

std::string_view name(const Node* n) {
  if (!is_element(n)) return {};
  size_t length = 0;
  const lxb_char_t* name =
      lxb_dom_element_qualified_name(reinterpret_cast<lxb_dom_element_t*>(const_cast<Node*>(n)), &length);
  return name ? std::string_view(reinterpret_cast<const char*>(name), length) : std::string_view();
}

}  // namespace tarn::document::dom
