// BERT with mean pooling as an OpenVINO graph over the caller's weights, which are not copied.
// Shape:   inputs ids i32 [rows, length] and mask f32 [rows, length], both dynamic; output f32 [rows, hidden], L2 norm
//          1.
// Source:  Devlin et al., BERT (2019), section 3 and appendix A; Reimers and Gurevych, Sentence-BERT (2019), section 3
//          for the pooling.
#pragma once

#include <memory>
#include <openvino/core/model.hpp>

#include "encode/openvino/module.h"

namespace tarn::encode::openvino {

std::shared_ptr<ov::Model> bert_graph(const TarnBertModel& model);

}  // namespace tarn::encode::openvino
