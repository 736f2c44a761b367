// XML piece by piece, for files of which no tree is made: a sheet may have a million rows.
// Shape:   names come without their prefixes. Text comes in pieces.
// Errors:  invalid_argument with the line for what is no XML, or has a DTD; exhausted for kMaxStreamDepth.
// Threads: belongs to one thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/status.h"
#include "document/archive/zip.h"

namespace tarn::document::office {

inline constexpr int kMaxStreamDepth = 1'000;

class XmlTaker {
 public:
  // Of the element that begins.
  class Attributes {
   public:
    explicit Attributes(const char** pairs) : pairs_(pairs) {}
    std::string_view get(std::string_view name) const;  // "" where there is none

   private:
    const char** pairs_;
  };

  virtual ~XmlTaker() = default;
  virtual void begin(std::string_view name, const Attributes& attributes) = 0;
  virtual void end(std::string_view name) = 0;
  virtual void text(std::string_view piece) = 0;
  virtual bool enough() const { return false; }  // nothing more is wanted
};

base::Status stream_xml(Zip& zip, const ZipMember& member, XmlTaker* taker);

}  // namespace tarn::document::office
