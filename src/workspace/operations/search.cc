#include "workspace/operations/search.h"

namespace tarn::workspace {

using base::Code;
using operation::Face;

operation::Declaration<SearchRequest, SearchReply> Search::declare() {
  operation::Operation o;
  o.name = "search";
  o.faces = {Face::cli, Face::model, Face::network};
  o.doc = "find documents by word, by meaning, or both";
  o.help =
      R"(Words are matched after stemming; "a phrase" keeps its order, +word must be there, -word must not; --word and
-40 are words. Small words (the, of) are not looked for beside others, unless they are in capitals (IT department)
or in a phrase. Each document is shown once, with its best passage. A filter is a SQL condition that decides what takes
part before anything is ranked.)";
  o.tool_help =
      "Search the lake's documents by word and meaning. Words, \"exact phrases\", +must and -not work. Returns results "
      "with id, title, url and the best passage; give an id to fetch for the whole document.";
  o.examples = {{"tarn search 'write-ahead log'", "both ways"},
                {"tarn search '\"point in time\" +recovery -windows' --mode lexical -k 5", "by word only"},
                {"tarn search backup --filter \"uri like '%admin%'\" --json", "among some documents, for a program"},
                {"tarn search backup --in main.docs --as-of 3", "as the table was at version 3"}};
  o.errors = {{Code::not_found, "a table or version is not there"},
              {Code::invalid_argument, "the filter does not parse"},
              {Code::unavailable, "semantic was asked for and no encoder is installed"}};
  o.list = "hits";
  return operation::declare<SearchRequest, SearchReply>(std::move(o));
}

}  // namespace tarn::workspace
