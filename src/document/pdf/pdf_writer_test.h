// PDF files for tests, written object by object: pages of text at places, and whatever else a test adds by hand.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace tarn::document {

class PdfWriter {
 public:
  PdfWriter() {
    add("<< /Type /Catalog /Pages 2 0 R CATALOG >>");
    add("");  // the tree of pages
    add("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>");
    add("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>");
    add("<< /Type /Font /Subtype /Type1 /BaseFont /Courier /Encoding /WinAnsiEncoding >>");
  }

  // Gives the object's number.
  int add(std::string body) {
    objects_.push_back(std::move(body));
    return static_cast<int>(objects_.size());
  }
  int add_stream(std::string_view bytes, std::string_view keys = "") {
    return add("<< /Length " + std::to_string(bytes.size()) + " " + std::string(keys) + " >>\nstream\n" +
               std::string(bytes) + "\nendstream");
  }
  void set(int object, std::string body) { objects_[static_cast<size_t>(object - 1)] = std::move(body); }
  void catalog(std::string_view keys) { catalog_ += std::string(keys) + " "; }
  void info(std::string_view keys) { info_ = add("<< " + std::string(keys) + " >>"); }

  // A page of A4; gives its object's number.
  int page(std::string_view content, std::string_view keys = "") {
    const int stream = add_stream(content);
    pages_.push_back(add("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents " + std::to_string(stream) +
                         " 0 R /Resources << /Font << /F1 3 0 R /F2 4 0 R /F3 5 0 R >> >> " + std::string(keys) +
                         " >>"));
    return pages_.back();
  }

  std::string bytes(std::string_view trailer = "") {
    std::string kids;
    for (const int page : pages_) kids += std::to_string(page) + " 0 R ";
    if (objects_[1].empty()) {
      objects_[1] = "<< /Type /Pages /Count " + std::to_string(pages_.size()) + " /Kids [" + kids + "] >>";
    }
    const size_t mark = objects_[0].find("CATALOG");
    if (mark != std::string::npos) objects_[0].replace(mark, 7, catalog_);
    std::string out = "%PDF-1.7\n";
    std::vector<size_t> places;
    for (size_t i = 0; i < objects_.size(); ++i) {
      places.push_back(out.size());
      out += std::to_string(i + 1) + " 0 obj\n" + objects_[i] + "\nendobj\n";
    }
    const size_t table = out.size();
    out += "xref\n0 " + std::to_string(objects_.size() + 1) + "\n0000000000 65535 f \n";
    for (const size_t place : places) {
      std::string digits = std::to_string(place);
      out += std::string(10 - digits.size(), '0') + digits + " 00000 n \n";
    }
    out += "trailer\n<< /Size " + std::to_string(objects_.size() + 1) + " /Root 1 0 R ";
    if (info_ > 0) out += "/Info " + std::to_string(info_) + " 0 R ";
    return out + std::string(trailer) + " >>\nstartxref\n" + std::to_string(table) + "\n%%EOF\n";
  }

 private:
  std::vector<std::string> objects_;
  std::vector<int> pages_;
  std::string catalog_;
  int info_ = 0;
};

// Content of a page: words at a place, from the lower left corner; fonts are F1 (upright), F2 (bold), F3 (typewriter).
inline std::string text_at(double x, double y, std::string_view text, double size = 10, std::string_view font = "F1") {
  std::string escaped;
  for (const char c : text) {
    if (c == '(' || c == ')' || c == '\\') escaped += '\\';
    escaped += c;
  }
  return "BT /" + std::string(font) + " " + std::to_string(size) + " Tf " + std::to_string(x) + " " +
         std::to_string(y) + " Td (" + escaped + ") Tj ET\n";
}

// Lines below each other.
inline std::string lines_at(double x, double y, const std::vector<std::string>& lines, double size = 10,
                            double distance = 12, std::string_view font = "F1") {
  std::string out;
  for (const std::string& line : lines) {
    out += text_at(x, y, line, size, font);
    y -= distance;
  }
  return out;
}

inline std::string rule(double x0, double y0, double x1, double y1) {
  return std::to_string(x0) + " " + std::to_string(y0) + " m " + std::to_string(x1) + " " + std::to_string(y1) +
         " l S\n";
}

}  // namespace tarn::document
