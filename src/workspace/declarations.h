// Each operation of Tarn declared once, with its types. registry.cc binds them to a Workspace; faces show them.
#pragma once

#include "workspace/descriptions.h"

namespace tarn::workspace {

using operation::Declared;

Declared<PullRequest, PullReply> declare_pull();
Declared<TablesRequest, TablesReply> declare_tables();
Declared<ShowRequest, ShowReply> declare_show();
Declared<HistoryRequest, HistoryReply> declare_history();
Declared<SqlRequest, SqlReply> declare_sql();
Declared<SearchRequest, SearchReply> declare_search();
Declared<AskRequest, AskReply> declare_ask();
Declared<VerifyRequest, VerifyReply> declare_verify();
Declared<FetchRequest, FetchReply> declare_fetch();
Declared<OptimizeRequest, OptimizeReply> declare_optimize();
Declared<CheckRequest, CheckReply> declare_check();
Declared<DoctorRequest, DoctorReply> declare_doctor();

}  // namespace tarn::workspace
