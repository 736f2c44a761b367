// An operation of Tarn, declared once: every face (CLI, MCP, SQL functions, later HTTP) is made from this.
// Shape:   Operation is what can be said of it without running it. Declaration adds its types. Bound adds the handler,
//          and has forgotten the types: its Answer still has them, until a face asks for JSON.
//          In code an operation is a struct: `struct Show { static Declaration<ShowRequest, ShowReply> declare(); … };`
//          One that gives something piece by piece while it runs names its `Piece` and takes a Sink of them.
// Errors:  Bound::call returns invalid_argument for a request that does not fit, else what the handler returned.
// Threads: immutable; call() from any thread if the handler allows it.
#pragma once

#include <any>
#include <functional>
#include <initializer_list>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/progress.h"
#include "operation/field.h"

namespace tarn::operation {

struct Example {
  std::string command;  // runnable as it stands: "tarn search 'write-ahead log'"
  std::string doc;
};
struct Error {
  base::Code code;
  std::string when;
};

// Where an operation appears.
enum class Face : uint8_t {
  cli = 1,
  model = 2,    // a tool for language models
  network = 4,  // may be offered to other machines: reads no path that its caller names
  sql = 8,      // a function in SQL
};
class Faces {
 public:
  Faces(std::initializer_list<Face> faces) {
    for (const Face face : faces) bits_ |= static_cast<unsigned>(face);
  }
  bool has(Face face) const { return (bits_ & static_cast<unsigned>(face)) != 0; }

 private:
  unsigned bits_ = 0;
};

struct Operation {
  std::string name = {};  // "search"; the CLI's subcommand
  Faces faces = {Face::cli, Face::network};
  std::string tool = {};       // the name for models, where it is not `name`
  std::string doc = {};        // one line
  std::string help = {};       // paragraphs for people
  std::string tool_help = {};  // what a model must know to use it well; "" = doc
  std::vector<Example> examples = {};
  std::vector<Error> errors = {};
  bool read_only = true;
  bool destructive = false;  // asks first, where there is someone to ask
  bool summary = false;      // its reply only says how it went: --quiet leaves it out
  std::string list = {};     // the reply's field that holds its list: what --jsonl prints a line for each of; "" = none
  Shape request = {}, reply = {};

  const std::string& tool_name() const { return tool.empty() ? name : tool; }
  json::Value request_schema() const { return schema(request, Side::request); }
  json::Value reply_schema() const { return schema(reply, Side::reply); }
};

template <typename RequestType, typename ReplyType>
struct Declaration {
  using Request = RequestType;
  using Reply = ReplyType;

  Operation operation;
  // What a good reply means for the program: 1 where something was found wrong. Null: always 0.
  int (*exit_code)(const Reply&) = nullptr;
};

template <Described Request, Described Reply>
Declaration<Request, Reply> declare(Operation operation, int (*exit_code)(const Reply&) = nullptr) {
  operation.request = shape_of<Request>();
  operation.reply = shape_of<Reply>();
  return {std::move(operation), exit_code};
}

template <typename Op>
using RequestOf = typename decltype(Op::declare())::Request;
template <typename Op>
using ReplyOf = typename decltype(Op::declare())::Reply;

// A reply, or a piece of one, whose type is known to who asks for it.
class Answer {
 public:
  template <typename Reply>
    requires requires { Codec<Reply>::shape(); }
  explicit Answer(Reply reply, int exit_code = 0)
      : exit_code_(exit_code),
        reply_(std::move(reply)),
        encode_([](const std::any& held) { return Codec<Reply>::write(std::any_cast<const Reply&>(held)); }) {}

  // Null when it is of another type.
  template <typename Reply>
  const Reply* as() const {
    return std::any_cast<Reply>(&reply_);
  }
  json::Value json() const { return encode_(reply_); }
  int exit_code() const { return exit_code_; }

 private:
  int exit_code_;
  std::any reply_;
  json::Value (*encode_)(const std::any&);
};

// Takes rows or rounds as they come, and the failure of one that the rest outlives. False: no more are wanted.
// Empty where nobody takes them: then the reply holds what it can of them.
template <typename Piece>
using Sink = std::function<bool(base::Result<Piece>)>;

struct NoPiece {};
template <typename Op>
struct Streams {
  using Piece = NoPiece;
};
template <typename Op>
  requires requires { typename Op::Piece; }
struct Streams<Op> {
  using Piece = typename Op::Piece;
};
template <typename Op>
using SinkOf = Sink<typename Streams<Op>::Piece>;

// Empty for an empty one.
template <typename Piece>
Sink<Piece> typed(const Sink<Answer>& pieces) {
  if constexpr (std::is_same_v<Piece, NoPiece>) {
    return {};
  } else {
    if (!pieces) return {};
    return [&pieces](base::Result<Piece> piece) {
      return pieces(piece.ok() ? base::Result<Answer>(Answer(std::move(*piece)))
                               : base::Result<Answer>(piece.status()));
    };
  }
}

struct Bound {
  Operation operation;
  std::function<base::Result<Answer>(const json::Value& request, const Sink<Answer>& pieces,
                                     const base::Context& context)>
      handler;

  base::Result<Answer> call(const json::Value& request, const base::Context& context,
                            const Sink<Answer>& pieces = {}) const {
    return handler(request, pieces, context);
  }
};

// `handler` takes (const Request&, const base::Context&), between them a const SinkOf<Op>& where it streams, and
// returns a base::Result<Reply>.
template <typename Op, typename Handler>
Bound bind(Handler handler) {
  auto declared = Op::declare();
  const auto exit_code = declared.exit_code;
  return {std::move(declared.operation),
          [handler = std::move(handler), exit_code](const json::Value& request, const Sink<Answer>& pieces,
                                                    const base::Context& context) -> base::Result<Answer> {
            TARN_ASSIGN(const RequestOf<Op> decoded, decode<RequestOf<Op>>(request));
            const auto handled = [&]() -> base::Result<ReplyOf<Op>> {
              if constexpr (std::is_invocable_v<Handler, const RequestOf<Op>&, const base::Context&>) {
                return handler(decoded, context);
              } else {
                return handler(decoded, typed<typename Streams<Op>::Piece>(pieces), context);
              }
            };
            TARN_ASSIGN(ReplyOf<Op> reply, handled());
            const int code = exit_code ? exit_code(reply) : 0;
            return Answer(std::move(reply), code);
          }};
}

// A list of operations, in the order of the help.
template <typename... Ops>
struct List {
  static std::vector<Operation> declared() { return {Ops::declare().operation...}; }
  // Calls `visit.template operator()<Op>()` for each, until one returns true; whether one did.
  template <typename Visit>
  static bool any(Visit visit) {
    return (visit.template operator()<Ops>() || ...);
  }
};

// The bound operation of that name; null when there is none.
const Bound* find(const std::vector<Bound>& operations, std::string_view name);

}  // namespace tarn::operation
