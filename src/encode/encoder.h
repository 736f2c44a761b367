// Text → unit vector. Passages and queries go through the same encoder, which is told which is which.
// Shape:   float32, `dimensions()` a text, L2 norm 1 (the zero vector for a text without words).
// Errors:  a missing or damaged model directory gives not_found or corruption with file and remedy.
// Threads: from any thread, many calls at once, on the cores of one budget: batch_queue.h says in which order.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/progress.h"
#include "base/status.h"
#include "encode/calibration.h"

namespace tarn::encode {

// What a text is. Some models were trained with words before it that say so ("query: ", "passage: "); the encoder puts
// them there.
enum class Role { query, passage };

// urgent: someone waits for an answer. Bulk work lets urgent batches go first.
enum class Urgency { urgent, bulk };

struct Input {
  Role role;
  std::string text;
};

// A text's vector, and its words in lower case, each with the unit vector that it has where it stands.
struct WordVectors {
  std::vector<float> text;  // as encode() gives it
  std::vector<std::string> words;
  std::vector<float> vectors;  // row-major, words.size() × dimensions()
};

class Encoder {
 public:
  virtual ~Encoder() = default;
  virtual size_t dimensions() const = 0;
  // Model, run time, their versions and precision: part of an index definition's hash.
  virtual const std::string& identity() const = 0;
  // What was fitted with this model; null where nothing was.
  virtual const Calibration* calibration() const = 0;
  // Row-major, inputs.size() × dimensions(). Texts longer than the model's limit are cut there.
  virtual base::Result<std::vector<float>> encode(std::span<const Input> inputs, Urgency urgency,
                                                  const base::Context& context) = 0;
  // Of each text itself and its words, up to where encode() cuts it.
  virtual base::Result<std::vector<WordVectors>> encode_words(std::span<const Input> inputs, Urgency urgency,
                                                              const base::Context& context) = 0;
};

// A vector that depends on the bytes of the text's words alone (hashed words, seeded directions): exact on every
// machine, for tests; texts that share words are near each other.
std::unique_ptr<Encoder> make_deterministic(size_t dimensions = 64, std::optional<Calibration> calibration = {});

struct ModelOptions {
  std::string directory;  // the model's: model_directory.h
  std::string plugin;     // path of the OpenVINO module (libtarn_openvino.so)
  int threads = 2;
  // "bf16": bfloat16 on machines that have it, float32 elsewhere; "f32": always float32. Part of the identity; the
  // bound by which machines may differ under one identity is in doc/design/encoder.md.
  std::string precision = "bf16";
};
// The encoder that the model's own configuration asks for; unsupported, with the file, what it says and what is
// supported, where there is none (family.h). Cheap: the identity is read from the directory at once, the run time and
// the weights are loaded by the first text.
base::Result<std::unique_ptr<Encoder>> make_encoder(const ModelOptions& options);

}  // namespace tarn::encode
