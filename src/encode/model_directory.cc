#include "encode/model_directory.h"

#include <fmt/format.h>

#include "encode/mapped_file.h"

namespace tarn::encode {
namespace {

using base::Code;
using base::Result;
using base::Status;

Status damaged(const std::string& path, std::string why) {
  return {Code::corruption, path + ": " + std::move(why), "the file is damaged: install the model again"};
}

Status unsupported(const std::string& path, std::string why) {
  return {Code::unsupported, path + ": " + std::move(why), "use a model such as all-MiniLM-L6-v2"};
}

struct Module {
  std::string type, path;
};

// "sentence_transformers.models.Pooling" is Pooling: where the class stands differs between versions.
std::string class_of(const std::string& type) { return type.substr(type.rfind('.') + 1); }

Result<std::vector<Module>> read_modules(const std::string& path) {
  std::vector<Module> modules;
  TARN_ASSIGN(const auto file, read_json_if_there(path));
  if (!file) return std::vector<Module>{{"Transformer", ""}, {"Pooling", "1_Pooling"}};
  for (const json::Value& item : file->value.items()) {
    modules.push_back({class_of(item["type"].as_string()), item["path"].as_string()});
    if (modules.back().path.find("..") != std::string::npos) {
      return damaged(path, fmt::format("the module's path {} leaves the folder", json::write(item["path"])));
    }
  }
  if (modules.empty()) return damaged(path, "it lists no module");
  for (size_t i = 1; i < modules.size(); ++i) {
    if (modules[i].type == "Pooling" || modules[i].type == "Normalize") continue;
    return unsupported(path, fmt::format("module {} is \"{}\", after the first one only Pooling and Normalize are "
                                         "supported",
                                         i, modules[i].type));
  }
  return modules;
}

// How the tokens' vectors become one: the ways that are switched on, joined by '+'.
Status read_pooling(const std::string& path, ModelDirectory* made) {
  TARN_ASSIGN(const auto file, read_json_if_there(path));
  if (!file) return {};
  made->pooling_file = path;
  // One text in newer files, a switch for each way in older ones.
  std::string ways = file->value["pooling_mode"].as_string();
  bool said = !ways.empty();
  constexpr std::string_view kSwitch = "pooling_mode_";
  for (const auto& [name, value] : file->value.members()) {
    if (!name.starts_with(kSwitch)) continue;
    said = true;
    if (value.as_bool()) ways += (ways.empty() ? "" : "+") + name.substr(kSwitch.size());
  }
  if (said) made->pooling = ways == "mean" ? "mean_tokens" : ways;
  if (!file->value["include_prompt"].as_bool(true) && !(made->query_prompt + made->passage_prompt).empty()) {
    return unsupported(path, "include_prompt is false: the prompt's tokens would have to be left out");
  }
  return {};
}

Status read_prompts(const std::string& path, ModelDirectory* made) {
  TARN_ASSIGN(const auto file, read_json_if_there(path));
  if (!file) return {};
  const json::Value& prompts = file->value["prompts"];
  const std::string& fallback = file->value["default_prompt_name"].as_string();
  const auto find = [&](std::initializer_list<std::string_view> names) -> Result<std::string> {
    for (const std::string_view name : names) {
      const json::Value* prompt = name.empty() ? nullptr : prompts.find(name);
      if (prompt == nullptr) continue;
      if (!prompt->is_string() || prompt->as_string().size() > ModelDirectory::kMaxPromptBytes) {
        return damaged(
            path, fmt::format("the prompt \"{}\" is no text of up to {} bytes", name, ModelDirectory::kMaxPromptBytes));
      }
      return prompt->as_string();
    }
    return std::string();
  };
  TARN_ASSIGN(made->query_prompt, find({"query", fallback}));
  TARN_ASSIGN(made->passage_prompt, find({"document", "passage", fallback}));
  return {};
}

Status read_max_tokens(const std::string& path, ModelDirectory* made) {
  TARN_ASSIGN(const auto file, read_json_if_there(path));
  if (!file || file->value["max_seq_length"].is_null()) return {};
  const json::Value& most = file->value["max_seq_length"];
  if (!most.is_int() || most.as_int() < 2 || most.as_int() > ModelDirectory::kMaxTokens) {
    return damaged(path, fmt::format("max_seq_length is {}, not a number from 2 to {}", json::write(most),
                                     ModelDirectory::kMaxTokens));
  }
  made->max_tokens = static_cast<size_t>(most.as_int());
  return {};
}

Status read_kind(const Module& first, ModelDirectory* made) {
  const std::string path = made->path + "/config.json";
  if (first.type != "Transformer") {
    made->kind = first.type;
    made->kind_file = made->path + "/modules.json";
    TARN_ASSIGN(auto config, read_json_if_there(path));
    if (config) made->config = std::move(config->value), made->config_text = std::move(config->text);
    return {};
  }
  TARN_ASSIGN(JsonFile config, read_json(path));
  made->kind_file = path;
  made->kind = config.value["model_type"].as_string();
  if (made->kind.empty()) return damaged(path, "it says no model_type");
  made->config = std::move(config.value);
  made->config_text = std::move(config.text);
  return {};
}

}  // namespace

Result<JsonFile> read_json(const std::string& path) {
  TARN_ASSIGN(const auto file, MappedFile::open(path));
  auto value = json::parse(file->bytes(), kMaxConfigBytes);
  if (!value.ok()) return damaged(path, value.status().message());
  if (!value->is_object() && !value->is_array()) return damaged(path, "neither a JSON object nor a list");
  return JsonFile{*std::move(value), std::string(file->bytes())};
}

Result<std::optional<JsonFile>> read_json_if_there(const std::string& path) {
  auto file = read_json(path);
  if (file.status().code() == Code::not_found) return std::optional<JsonFile>();
  TARN_TRY(file);
  return std::optional(*std::move(file));
}

Result<ModelDirectory> ModelDirectory::read(const std::string& path) {
  ModelDirectory made;
  made.path = path;
  TARN_ASSIGN(const std::vector<Module> modules, read_modules(path + "/modules.json"));
  TARN_TRY(read_kind(modules.front(), &made));
  TARN_TRY(read_max_tokens(path + "/sentence_bert_config.json", &made));
  TARN_TRY(read_prompts(path + "/config_sentence_transformers.json", &made));
  for (const Module& module : modules) {
    if (module.type == "Pooling") TARN_TRY(read_pooling(path + "/" + module.path + "/config.json", &made));
  }
  return made;
}

}  // namespace tarn::encode
