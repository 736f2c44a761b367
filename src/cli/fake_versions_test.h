// Fixed replies of the operations on versions, for FakeLake.
#pragma once

#include <vector>

#include "workspace/operations.h"

namespace tarn::cli {

inline std::vector<operation::Bound> fake_version_operations() {
  using namespace workspace;
  return {
      operation::bind<Tag>([](const TagRequest& r, const base::Context&) -> base::Result<TagReply> {
        const TagInfo all{"release-1", "2026-11-22T10:00:00Z", {{"main.docs", 12}, {"tarn.rejects", 0}}};
        if (r.name.empty()) return TagReply{"", {{"audit", "2026-11-20T08:15:00.5Z", {{"main.docs", 3}}}, all}};
        if (r.name == "taken") {
          return base::Status(base::Code::already_exists, "the tag 'taken' exists", "take another name");
        }
        return TagReply{r.remove ? "deleted" : "made", {all}};
      }),
      operation::bind<Vacuum>([](const VacuumRequest& r, const base::Context&) -> base::Result<VacuumReply> {
        return VacuumReply{r.dry_run,
                           {{"main.docs", 15, 2, 4, 12'345'678, 3, 1, {{"part-1.parquet", 12'000'000}}},
                            {"tarn.rejects", 0, 0, 0, 0, 0, 0, {}}},
                           {{"main.old", "main/_dropped-old-20261101T100000Z", "2026-11-01T10:00:00Z", 7, 65'000}},
                           3,
                           1'234'567,
                           21};
      }),
      operation::bind<Restore>([](const RestoreRequest& r, const base::Context&) -> base::Result<RestoreReply> {
        return RestoreReply{"main.docs", 12, 16, r.to == "12", 1169, 4};
      }),
      operation::bind<Diff>([](const DiffRequest&, const base::Context&) -> base::Result<DiffReply> {
        DiffReply reply;
        reply.table = "main.docs";
        reply.from = {11, "2026-11-21T10:00:00Z"};
        reply.to = {12, "2026-11-22T10:00:00Z"};
        reply.added = reply.removed = reply.changed = 1;
        reply.rows = {
            {"removed", "old.md", {{"title", "Old \x1b[2Jways", {}, {}, false}}},
            {"changed",
             "guide/intro.md",
             {{"title", "Intro", "Introduction", {}, false},
              {"body",
               {},
               {},
               {{12,
                 12,
                 {{"=", "The server listens on port "}, {"-", "8080 "}, {"+", "8276 "}, {"=", "by default.\n"}}}},
               true}}},
            {"added",
             "new.md",
             {{"title", {}, "New", {}, false}, {"labels", {}, json::Value::array({"a"}), {}, false}}}};
        reply.columns_added = {"lang"};
        reply.truncated = true;
        reply.files_read = 2;
        reply.files = 40;
        reply.took_ms = 12;
        return reply;
      }),
      operation::bind<Link>([](const LinkRequest& r, const base::Context&) -> base::Result<LinkReply> {
        if (r.remove) return LinkReply{"deleted", "main.tickets", "/data/tickets", "delta", {}, 0, 0, false};
        return LinkReply{"made", "main.tickets", "/data/tickets", "delta", 4, 1200, 3, !r.text.empty()};
      }),
      operation::bind<Forget>([](const ForgetRequest& r, const base::Context&) -> base::Result<ForgetReply> {
        ForgetReply reply;
        reply.id = r.id;
        reply.dry_run = r.dry_run;
        reply.took_ms = 321;
        if (r.id == "nobody") return reply;
        reply.found = true;
        reply.tables = {{"main.docs",
                         17,
                         3,
                         1,
                         {{"part-1.parquet", 12'000'000}, {"_tarn/lexical-ab12/0c8e.seg", 5'000'000}},
                         {"_tarn/bookmarks/0c8e/7.json"},
                         {3, 4, 5, 12}}};
        reply.receipts = {"_tarn/receipts/r-0c8e.json"};
        reply.tags = {"audit"};
        reply.notes = {"if its source still has it, the next pull brings it back: remove it there"};
        return reply;
      }),
  };
}

}  // namespace tarn::cli
