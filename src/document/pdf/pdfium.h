// The functions of PDFium that the reader of PDF uses, from libpdfium.so, which is opened when the first PDF is read.
// Shape:   a table of functions under PDFium's own names, declared here; handles that close themselves.
// Errors:  unavailable where the library cannot be opened, or lacks a function.
// Threads: PDFium has one state for all: who calls it holds lock(), which one thread may take again for a part of what
//          it reads. In a worker there is one thread.
// Source:  PDFium's public interface (fpdfview, fpdf_text, fpdf_doc, fpdf_annot, fpdf_formfill, fpdf_edit,
//          fpdf_attachment, fpdf_structtree).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

#include "base/status.h"

namespace tarn::document::pdf {

struct FpdfDocument;
struct FpdfPage;
struct FpdfTextPage;
struct FpdfObject;
struct FpdfFont;
struct FpdfBookmark;
struct FpdfDest;
struct FpdfAction;
struct FpdfLink;
struct FpdfAnnotation;
struct FpdfAttachment;
struct FpdfForm;
struct FpdfStructTree;
struct FpdfStructElement;
struct FpdfSegment;

struct FpdfRect {
  float left, top, right, bottom;
};
struct FpdfMatrix {
  float a, b, c, d, e, f;
};
struct FpdfConfig {  // version 2
  int version;
  const char** font_paths;
  void* isolate;
  unsigned slot;
  void* platform;
  int renderer;
};
// Where PDFium asks for fonts that a file does not have; version 1.
struct FpdfFonts {
  int version;
  void (*release)(FpdfFonts*);
  void (*list)(FpdfFonts*, void* mapper);
  void* (*map)(FpdfFonts*, int weight, int italic, int charset, int pitch, const char* face, int* exact);
  void* (*get)(FpdfFonts*, const char* face);
  unsigned long (*data)(FpdfFonts*, void* font, unsigned table, unsigned char* to, unsigned long size);
  unsigned long (*face)(FpdfFonts*, void* font, char* to, unsigned long size);
  int (*charset)(FpdfFonts*, void* font);
  void (*close)(FpdfFonts*, void* font);
};
// What a form may ask of its viewer: nothing. Version 1 has fifteen callbacks and a pointer; here is room for more.
struct FpdfFormInfo {
  int version;
  void* callbacks[40];
};

// name, what it returns, its parameters. Texts are UTF-16 with a final zero; sizes are bytes, unless said.
#define TARN_PDFIUM(F)                                                                                \
  F(FPDF_InitLibraryWithConfig, void, (const FpdfConfig*))                                            \
  F(FPDF_LoadMemDocument64, FpdfDocument*, (const void*, size_t, const char*))                        \
  F(FPDF_CloseDocument, void, (FpdfDocument*))                                                        \
  F(FPDF_GetLastError, unsigned long, ())                                                             \
  F(FPDF_SetSystemFontInfo, void, (FpdfFonts*))                                                       \
  F(FPDF_GetPageCount, int, (FpdfDocument*))                                                          \
  F(FPDF_LoadPage, FpdfPage*, (FpdfDocument*, int))                                                   \
  F(FPDF_ClosePage, void, (FpdfPage*))                                                                \
  F(FPDF_GetPageBoundingBox, int, (FpdfPage*, FpdfRect*))                                             \
  F(FPDFPage_GetRotation, int, (FpdfPage*))                                                           \
  F(FPDF_GetMetaText, unsigned long, (FpdfDocument*, const char*, void*, unsigned long))              \
  F(FPDF_GetPageLabel, unsigned long, (FpdfDocument*, int, void*, unsigned long))                     \
  F(FPDFText_LoadPage, FpdfTextPage*, (FpdfPage*))                                                    \
  F(FPDFText_ClosePage, void, (FpdfTextPage*))                                                        \
  F(FPDFText_CountChars, int, (FpdfTextPage*))                                                        \
  F(FPDFText_GetUnicode, unsigned, (FpdfTextPage*, int))                                              \
  F(FPDFText_GetTextObject, FpdfObject*, (FpdfTextPage*, int))                                        \
  F(FPDFText_IsGenerated, int, (FpdfTextPage*, int))                                                  \
  F(FPDFText_HasUnicodeMapError, int, (FpdfTextPage*, int))                                           \
  F(FPDFText_GetFontSize, double, (FpdfTextPage*, int))                                               \
  F(FPDFText_GetMatrix, int, (FpdfTextPage*, int, FpdfMatrix*))                                       \
  F(FPDFText_GetCharOrigin, int, (FpdfTextPage*, int, double*, double*))                              \
  F(FPDFText_GetLooseCharBox, int, (FpdfTextPage*, int, FpdfRect*))                                   \
  F(FPDFTextObj_GetFont, FpdfFont*, (FpdfObject*))                                                    \
  F(FPDFTextObj_GetTextRenderMode, int, (FpdfObject*))                                                \
  F(FPDFFont_GetBaseFontName, size_t, (FpdfFont*, char*, size_t))                                     \
  F(FPDFFont_GetFlags, int, (FpdfFont*))                                                              \
  F(FPDFPage_CountObjects, int, (FpdfPage*))                                                          \
  F(FPDFPage_GetObject, FpdfObject*, (FpdfPage*, int))                                                \
  F(FPDFPageObj_GetType, int, (FpdfObject*))                                                          \
  F(FPDFPageObj_GetMatrix, int, (FpdfObject*, FpdfMatrix*))                                           \
  F(FPDFPageObj_GetMarkedContentID, int, (FpdfObject*))                                               \
  F(FPDFFormObj_CountObjects, int, (FpdfObject*))                                                     \
  F(FPDFFormObj_GetObject, FpdfObject*, (FpdfObject*, unsigned long))                                 \
  F(FPDFPath_CountSegments, int, (FpdfObject*))                                                       \
  F(FPDFPath_GetPathSegment, FpdfSegment*, (FpdfObject*, int))                                        \
  F(FPDFPath_GetDrawMode, int, (FpdfObject*, int*, int*))                                             \
  F(FPDFPathSegment_GetPoint, int, (FpdfSegment*, float*, float*))                                    \
  F(FPDFPathSegment_GetType, int, (FpdfSegment*))                                                     \
  F(FPDFPathSegment_GetClose, int, (FpdfSegment*))                                                    \
  F(FPDFBookmark_GetFirstChild, FpdfBookmark*, (FpdfDocument*, FpdfBookmark*))                        \
  F(FPDFBookmark_GetNextSibling, FpdfBookmark*, (FpdfDocument*, FpdfBookmark*))                       \
  F(FPDFBookmark_GetTitle, unsigned long, (FpdfBookmark*, void*, unsigned long))                      \
  F(FPDFBookmark_GetDest, FpdfDest*, (FpdfDocument*, FpdfBookmark*))                                  \
  F(FPDFBookmark_GetAction, FpdfAction*, (FpdfBookmark*))                                             \
  F(FPDFAction_GetDest, FpdfDest*, (FpdfDocument*, FpdfAction*))                                      \
  F(FPDFAction_GetURIPath, unsigned long, (FpdfDocument*, FpdfAction*, void*, unsigned long))         \
  F(FPDFDest_GetDestPageIndex, int, (FpdfDocument*, FpdfDest*))                                       \
  F(FPDFDest_GetLocationInPage, int, (FpdfDest*, int*, int*, int*, float*, float*, float*))           \
  F(FPDFLink_GetAction, FpdfAction*, (FpdfLink*))                                                     \
  F(FPDFLink_Enumerate, int, (FpdfPage*, int*, FpdfLink**))                                           \
  F(FPDFLink_GetAnnotRect, int, (FpdfLink*, FpdfRect*))                                               \
  F(FPDFPage_GetAnnotCount, int, (FpdfPage*))                                                         \
  F(FPDFPage_GetAnnot, FpdfAnnotation*, (FpdfPage*, int))                                             \
  F(FPDFPage_CloseAnnot, void, (FpdfAnnotation*))                                                     \
  F(FPDFAnnot_GetSubtype, int, (FpdfAnnotation*))                                                     \
  F(FPDFAnnot_GetRect, int, (FpdfAnnotation*, FpdfRect*))                                             \
  F(FPDFAnnot_GetFlags, int, (FpdfAnnotation*))                                                       \
  F(FPDFAnnot_GetStringValue, unsigned long, (FpdfAnnotation*, const char*, void*, unsigned long))    \
  F(FPDFAnnot_GetFormFieldType, int, (FpdfForm*, FpdfAnnotation*))                                    \
  F(FPDFAnnot_GetFormFieldName, unsigned long, (FpdfForm*, FpdfAnnotation*, void*, unsigned long))    \
  F(FPDFAnnot_GetFormFieldValue, unsigned long, (FpdfForm*, FpdfAnnotation*, void*, unsigned long))   \
  F(FPDFAnnot_GetFormFieldFlags, int, (FpdfForm*, FpdfAnnotation*))                                   \
  F(FPDFAnnot_GetOptionCount, int, (FpdfForm*, FpdfAnnotation*))                                      \
  F(FPDFAnnot_GetOptionLabel, unsigned long, (FpdfForm*, FpdfAnnotation*, int, void*, unsigned long)) \
  F(FPDFAnnot_IsChecked, int, (FpdfForm*, FpdfAnnotation*))                                           \
  F(FPDFDOC_InitFormFillEnvironment, FpdfForm*, (FpdfDocument*, FpdfFormInfo*))                       \
  F(FPDFDOC_ExitFormFillEnvironment, void, (FpdfForm*))                                               \
  F(FPDF_GetFormType, int, (FpdfDocument*))                                                           \
  F(FPDFDoc_GetAttachmentCount, int, (FpdfDocument*))                                                 \
  F(FPDFDoc_GetAttachment, FpdfAttachment*, (FpdfDocument*, int))                                     \
  F(FPDFAttachment_GetName, unsigned long, (FpdfAttachment*, void*, unsigned long))                   \
  F(FPDFAttachment_GetFile, int, (FpdfAttachment*, void*, unsigned long, unsigned long*))             \
  F(FPDF_StructTree_GetForPage, FpdfStructTree*, (FpdfPage*))                                         \
  F(FPDF_StructTree_Close, void, (FpdfStructTree*))                                                   \
  F(FPDF_StructTree_CountChildren, int, (FpdfStructTree*))                                            \
  F(FPDF_StructTree_GetChildAtIndex, FpdfStructElement*, (FpdfStructTree*, int))                      \
  F(FPDF_StructElement_GetType, unsigned long, (FpdfStructElement*, void*, unsigned long))            \
  F(FPDF_StructElement_CountChildren, int, (FpdfStructElement*))                                      \
  F(FPDF_StructElement_GetChildAtIndex, FpdfStructElement*, (FpdfStructElement*, int))                \
  F(FPDF_StructElement_GetChildMarkedContentID, int, (FpdfStructElement*, int))

struct Pdfium {
#define TARN_PDFIUM_MEMBER(name, result, parameters) result(*name) parameters = nullptr;
  TARN_PDFIUM(TARN_PDFIUM_MEMBER)
#undef TARN_PDFIUM_MEMBER
};

base::Result<const Pdfium*> pdfium();
std::recursive_mutex& lock();

// A handle of PDFium's with the function that closes it.
template <typename T>
using Handle = std::unique_ptr<T, void (*)(T*)>;

// UTF-16 as PDFium gives it, little-endian, with or without its final zero → UTF-8 without controls.
std::string from_utf16(const std::u16string& text);

// Sizes of UTF-16.
inline constexpr unsigned long kMaxTextBytes = 1 << 20;
inline constexpr unsigned long kMaxNameBytes = 2'000;  // of a label, an attachment, an entry of the outline

// Calls a function that fills a buffer and returns how many bytes it has or needs. A longer text is "", and `over` says
// so.
template <typename Call>
std::string text_of(const Call& call, unsigned long most_bytes = kMaxTextBytes, bool* over = nullptr) {
  const unsigned long bytes = call(nullptr, 0UL);
  if (over && bytes > most_bytes) *over = true;
  if (bytes < 2 || bytes > most_bytes) return {};
  std::u16string buffer(bytes / 2 + 1, u'\0');
  call(buffer.data(), bytes);
  buffer.resize(bytes / 2);
  return from_utf16(buffer);
}

}  // namespace tarn::document::pdf
