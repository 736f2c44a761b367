#include "encode/openvino/graph.h"

#include <cmath>
#include <openvino/opsets/opset13.hpp>

namespace tarn::encode::openvino {
namespace {

using Value = ov::Output<ov::Node>;
namespace op = ov::opset13;

// Added to the attention's scores where a key is padding: far below any score, and finite in bfloat16.
constexpr float kMasked = -10000.0f;

class BertGraph {
 public:
  explicit BertGraph(const TarnBertModel& model) : m_(model), hidden_(static_cast<size_t>(model.hidden)) {}

  std::shared_ptr<ov::Model> build() const {
    const auto ids = std::make_shared<op::Parameter>(ov::element::i32, ov::PartialShape{-1, -1});
    const auto mask = std::make_shared<op::Parameter>(ov::element::f32, ov::PartialShape{-1, -1});
    Value x = embeddings(ids);
    const Value padding = multiply(subtract(scalar(1.0f), mask), scalar(kMasked));
    const Value bias = unsqueeze(padding, {1, 2});  // [rows, 1 (heads), 1 (queries), keys]
    for (int32_t i = 0; i < m_.layer_count; ++i) x = layer(x, bias, m_.layers[i]);
    const auto result = std::make_shared<op::Result>(pooled(x, mask));
    const auto tokens = std::make_shared<op::Result>(x);
    return std::make_shared<ov::Model>(ov::ResultVector{result, tokens}, ov::ParameterVector{ids, mask}, "bert");
  }

 private:
  Value embeddings(const Value& ids) const {
    const Value words = weight(m_.words, {static_cast<size_t>(m_.vocabulary), hidden_});
    const Value rows = std::make_shared<op::Gather>(words, ids, integers({}, {0}));
    const Value length =
        std::make_shared<op::Gather>(std::make_shared<op::ShapeOf>(ids), integers({1}, {1}), integers({}, {0}));
    // Every token of a text has type 0, so its row joins the positions' rows once, when the graph is compiled.
    const Value places =
        add(weight(m_.position_rows, {static_cast<size_t>(m_.positions), hidden_}), weight(m_.type_row, {1, hidden_}));
    const Value first =
        std::make_shared<op::Slice>(places, integers({1}, {0}), length, integers({1}, {1}), integers({1}, {0}));
    return layer_norm(add(rows, first), m_.norm, m_.norm_bias);
  }

  Value layer(const Value& x, const Value& bias, const TarnBertLayer& w) const {
    const Value query = by_head(linear(x, w.query, w.query_bias, hidden_, hidden_));
    const Value key = by_head(linear(x, w.key, w.key_bias, hidden_, hidden_));
    const Value value = by_head(linear(x, w.value, w.value_bias, hidden_, hidden_));
    const Value context = std::make_shared<op::ScaledDotProductAttention>(query, key, value, bias, false);
    const Value joined = reshape(transpose(context), {0, 0, m_.hidden});
    const Value attended = linear(joined, w.attention, w.attention_bias, hidden_, hidden_);
    const Value y = layer_norm(add(attended, x), w.attention_norm, w.attention_norm_bias);
    const auto inner = static_cast<size_t>(m_.intermediate);
    const Value up =
        std::make_shared<op::Gelu>(linear(y, w.up, w.up_bias, inner, hidden_), ov::op::GeluApproximationMode::ERF);
    return layer_norm(add(linear(up, w.down, w.down_bias, hidden_, inner), y), w.norm, w.norm_bias);
  }

  // The mean over the tokens that are not padding, at length 1.
  Value pooled(const Value& x, const Value& mask) const {
    const Value column = unsqueeze(mask, {2});
    const Value sum = std::make_shared<op::ReduceSum>(multiply(x, column), integers({1}, {1}));
    const Value count = std::make_shared<op::ReduceSum>(column, integers({1}, {1}));
    const Value mean = std::make_shared<op::Divide>(sum, count);
    return std::make_shared<op::NormalizeL2>(mean, integers({1}, {1}), 1e-24f, ov::op::EpsMode::MAX);
  }

  Value linear(const Value& x, const float* matrix, const float* bias, size_t outputs, size_t inputs) const {
    return add(std::make_shared<op::MatMul>(x, weight(matrix, {outputs, inputs}), false, true),
               weight(bias, {outputs}));
  }

  Value layer_norm(const Value& x, const float* scale, const float* shift) const {
    const Value normal =
        std::make_shared<op::MVN>(x, integers({1}, {-1}), true, m_.epsilon, ov::op::MVNEpsMode::INSIDE_SQRT);
    return add(multiply(normal, weight(scale, {hidden_})), weight(shift, {hidden_}));
  }

  Value by_head(const Value& x) const { return transpose(reshape(x, {0, 0, m_.heads, m_.hidden / m_.heads})); }
  static Value transpose(const Value& x) { return std::make_shared<op::Transpose>(x, integers({4}, {0, 2, 1, 3})); }
  static Value reshape(const Value& x, const std::vector<int64_t>& shape) {
    return std::make_shared<op::Reshape>(x, integers({shape.size()}, shape), true);
  }
  static Value unsqueeze(const Value& x, const std::vector<int64_t>& axes) {
    return std::make_shared<op::Unsqueeze>(x, integers({axes.size()}, axes));
  }
  static Value add(const Value& a, const Value& b) { return std::make_shared<op::Add>(a, b); }
  static Value subtract(const Value& a, const Value& b) { return std::make_shared<op::Subtract>(a, b); }
  static Value multiply(const Value& a, const Value& b) { return std::make_shared<op::Multiply>(a, b); }
  static Value scalar(float value) { return std::make_shared<op::Constant>(ov::element::f32, ov::Shape{}, value); }
  static Value integers(const ov::Shape& shape, const std::vector<int64_t>& values) {
    return std::make_shared<op::Constant>(ov::element::i64, shape, values);
  }
  // Shares the caller's memory: a constant with an owner that owns nothing.
  static Value weight(const float* data, const ov::Shape& shape) {
    return std::make_shared<op::Constant>(ov::element::f32, shape, data, std::shared_ptr<void>());
  }

  const TarnBertModel& m_;
  size_t hidden_;
};

}  // namespace

std::shared_ptr<ov::Model> bert_graph(const TarnBertModel& model) { return BertGraph(model).build(); }

}  // namespace tarn::encode::openvino
