// BERT written out in double, one text at a time: the slow reference that the encoder must agree with. Tests only.
#pragma once

#include <cmath>
#include <cstdint>
#include <vector>

#include "encode/openvino/module.h"

namespace tarn::encode {

class BertReference {
 public:
  using Row = std::vector<double>;

  explicit BertReference(const TarnBertModel& model) : m_(model), width_(static_cast<size_t>(model.hidden)) {}

  Row encode(const std::vector<int32_t>& ids) const {
    std::vector<Row> x;
    for (size_t i = 0; i < ids.size(); ++i) {
      Row row(width_);
      for (size_t d = 0; d < width_; ++d) {
        row[d] = double{m_.words[static_cast<size_t>(ids[i]) * width_ + d]} + m_.position_rows[i * width_ + d] +
                 m_.type_row[d];
      }
      x.push_back(normal(row, m_.norm, m_.norm_bias));
    }
    for (int32_t l = 0; l < m_.layer_count; ++l) x = layer(x, m_.layers[l]);
    Row mean(width_);
    for (const Row& row : x) mean = sum(mean, row);
    double squares = 0;
    for (double v : mean) squares += v * v;
    for (double& v : mean) v /= std::sqrt(squares);
    return mean;
  }

 private:
  static Row sum(const Row& a, const Row& b) {
    Row out(a);
    for (size_t d = 0; d < out.size(); ++d) out[d] += b[d];
    return out;
  }

  static Row linear(const Row& x, const float* matrix, const float* bias, size_t outputs) {
    Row out(outputs);
    for (size_t o = 0; o < outputs; ++o) {
      double value = bias[o];
      for (size_t i = 0; i < x.size(); ++i) value += x[i] * double{matrix[o * x.size() + i]};
      out[o] = value;
    }
    return out;
  }

  Row normal(const Row& x, const float* scale, const float* shift) const {
    double mean = 0, variance = 0;
    for (double v : x) mean += v / static_cast<double>(width_);
    for (double v : x) variance += (v - mean) * (v - mean) / static_cast<double>(width_);
    Row out(width_);
    for (size_t d = 0; d < width_; ++d) {
      out[d] = (x[d] - mean) / std::sqrt(variance + double{m_.epsilon}) * scale[d] + shift[d];
    }
    return out;
  }

  std::vector<Row> layer(const std::vector<Row>& x, const TarnBertLayer& w) const {
    std::vector<Row> query, key, value, out;
    for (const Row& row : x) {
      query.push_back(linear(row, w.query, w.query_bias, width_));
      key.push_back(linear(row, w.key, w.key_bias, width_));
      value.push_back(linear(row, w.value, w.value_bias, width_));
    }
    for (size_t i = 0; i < x.size(); ++i) {
      const Row attended = linear(attend(query[i], key, value), w.attention, w.attention_bias, width_);
      const Row y = normal(sum(attended, x[i]), w.attention_norm, w.attention_norm_bias);
      Row up = linear(y, w.up, w.up_bias, static_cast<size_t>(m_.intermediate));
      for (double& v : up) v = 0.5 * v * (1 + std::erf(v / std::sqrt(2.0)));
      out.push_back(normal(sum(linear(up, w.down, w.down_bias, width_), y), w.norm, w.norm_bias));
    }
    return out;
  }

  Row attend(const Row& query, const std::vector<Row>& key, const std::vector<Row>& value) const {
    const size_t head_width = width_ / static_cast<size_t>(m_.heads);
    Row out(width_);
    for (size_t head = 0; head < width_; head += head_width) {
      Row weight(key.size());
      double total = 0;
      for (size_t j = 0; j < key.size(); ++j) {
        double dot = 0;
        for (size_t d = head; d < head + head_width; ++d) dot += query[d] * key[j][d];
        total += weight[j] = std::exp(dot / std::sqrt(static_cast<double>(head_width)));
      }
      for (size_t j = 0; j < key.size(); ++j) {
        for (size_t d = head; d < head + head_width; ++d) out[d] += weight[j] / total * value[j][d];
      }
    }
    return out;
  }

  const TarnBertModel& m_;
  size_t width_;
};

}  // namespace tarn::encode
