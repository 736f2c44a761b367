#!/usr/bin/env python3
"""The public Python SDK of the Model Context Protocol drives the real `tarn mcp`: both eras, every tool, cancelling, rude clients.

Runs itself again in the virtual environment that requirements.txt fills (hashes checked); without it, it fails.
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
PAGES = {
    "backup.md": "# Backup\n\n## Restoring\n\nRun the restore command to bring a backup back. The server must be stopped first.\n",
    "ports.md": "# Network\n\nThe server listens on port 8276 by default. Set the port in the configuration file.\n",
    "water.md": "# Water\n\nA tarn is a small mountain lake, often left by a glacier.\n",
}
TOOLS = ["search", "fetch", "ask", "sql", "list_tables", "describe_table", "diff"]


def enter(venv):
    python = Path(venv) / "bin" / "python"
    if not python.exists():
        sys.exit(f"drive: {venv} is not there. Run:\n  python3 -m venv {venv}\n"
                 f"  {venv}/bin/pip install --require-hashes --no-deps -r {HERE / 'requirements.txt'}")
    if Path(sys.prefix).resolve() != Path(venv).resolve():
        os.execv(python, [str(python), *sys.argv])


parser = argparse.ArgumentParser()
parser.add_argument("--tarn", required=True)
parser.add_argument("--venv", required=True)
arguments = parser.parse_args()
enter(arguments.venv)

import anyio  # noqa: E402
from jsonschema import Draft202012Validator  # noqa: E402
from mcp import Client  # noqa: E402
from mcp.client.stdio import StdioServerParameters  # noqa: E402
from mcp.shared.exceptions import MCPError  # noqa: E402


class Unexpected(Exception):
    pass


def expect(condition, what):
    if not condition:
        raise Unexpected(what)


def causes(error):
    if isinstance(error, BaseExceptionGroup):
        return [cause for each in error.exceptions for cause in causes(each)]
    return [error]


def server(lake):
    return StdioServerParameters(command=arguments.tarn, args=["mcp", "--lake", lake, "--model", "deterministic"])


def text_of(result):
    expect(len(result.content) == 1 and result.content[0].type == "text", f"one text item was wanted: {result}")
    return json.loads(result.content[0].text)


async def use_every_tool(client, era):
    listed = (await client.list_tools()).tools
    expect([tool.name for tool in listed] == TOOLS, f"{era}: the tools are {[tool.name for tool in listed]}")
    for tool in listed:
        Draft202012Validator.check_schema(tool.input_schema)
        Draft202012Validator.check_schema(tool.output_schema)
        expect(tool.input_schema["type"] == "object" and tool.output_schema["type"] == "object", f"{tool.name}: schemas of objects")
    schemas = {tool.name: tool.output_schema for tool in listed}

    async def call(name, **given):
        result = await client.call_tool(name, given)
        expect(not result.is_error, f"{era}: {name} failed: {result}")
        expect(text_of(result) == result.structured_content, f"{era}: {name}: text and structured content differ")
        Draft202012Validator(schemas[name]).validate(result.structured_content)
        return result.structured_content

    tables = await call("list_tables")
    expect([table["table"] for table in tables["tables"]] == ["main.docs"], f"{era}: {tables}")
    described = await call("describe_table", table="main.docs")
    expect(described["rows"] == len(PAGES) and any(c["name"] == "body" for c in described["columns"]), f"{era}: {described}")
    found = await call("search", query="mountain lake", mode="lexical", k=2)
    first = found["results"][0]
    expect({"id", "title", "url"} <= first.keys() and first["title"] == "Water", f"{era}: {found}")
    document = await call("fetch", id=first["id"])
    expect(document["id"] == first["id"] and "glacier" in document["text"], f"{era}: {document}")
    expect(document.keys() >= {"id", "title", "text", "url", "metadata"}, f"{era}: {document}")
    asked = await call("ask", question="Which port does the server listen on?")
    if asked["found"]:
        for citation in asked["citations"]:
            body = (await call("fetch", id=f"{citation['table']}/{citation['id']}"))["text"].encode()
            expect(body[slice(*citation["span"])].decode() == citation["quote"], f"{era}: not a quote: {citation}")
    rows = await call("sql", query="select title, length(body) as n from main.docs order by title", max_rows=2)
    expect(rows["truncated"] and [row[0] for row in rows["rows"]] == ["Backup", "Network"], f"{era}: {rows}")

    async def refused(name, code, **given):
        result = await client.call_tool(name, given)
        expect(result.is_error and text_of(result)["code"] == code, f"{era}: {name} {given}: {result}")
        expect(text_of(result)["message"], f"{era}: no message")

    await refused("search", "invalid_argument", querry="x")
    await refused("search", "invalid_argument", query="x", k=0)
    await refused("describe_table", "not_found", table="main.none")
    await refused("sql", "invalid_argument", query="select nothing_like_this")
    for attack in ["select * from read_text('/etc/passwd')", "copy main.docs to '/tmp/stolen.csv'", "create table main.x as select 1",
                   "delete from main.docs", "drop table main.docs", "insert into main.docs select * from main.docs",
                   "set enable_external_access=true", "install httpfs", "attach '/tmp/stolen.db'", "select 1; select 2",
                   "explain select * from main.docs", "select sql from duckdb_views()", "select current_query()",
                   "select stats(title) from main.docs", "from query('from main.docs')", "from query_table('x.parquet')", "from 'x.parquet'"]:
        result = await client.call_tool("sql", {"query": attack})
        expect(result.is_error, f"{era}: {attack} was let through: {result}")
    try:
        await client.call_tool("pull", {"source": "/etc"})
        raise Unexpected(f"{era}: pull is no tool")
    except MCPError as error:
        expect(error.error.code == -32602, f"{era}: {error}")


async def find_nothing_deleted(client, era, lake):
    """A page that a pull took out lies in a data file still: no statement, filter or error gives back a word of it or a file's name."""
    file = str(next(Path(lake).glob("main/docs/part-*.parquet")))

    async def told(tool, said_before, **given):
        result = await client.call_tool(tool, given)
        said = json.dumps(result.model_dump(), default=str)
        for known in said_before:
            said = said.replace(known, "")
        expect("canary7Q" not in said and ".parquet" not in said, f"{era}: {given}: {said}")
        return result

    for statement in [f"from '{file}'", f"from read_parquet('{file}')", f"from read_blob('{file}')", f"from glob('{lake}/**')",
                      f"from '{lake}/main/*/*.parquet'", f"summarize '{file}'", f"describe '{file}'", f"from parquet_metadata('{file}')",
                      f"from sniff_csv('{file}')", f"from query_table('{file}')", f"with x as (from '{file}') select 1",
                      f"select (select count(*) from '{file}')", "explain analyze from main.docs", "from duckdb_views()",
                      "from sqlite_master", "from duckdb_settings()", "select current_setting('allowed_directories')",
                      "select current_query()", "select stats(title), stats(body) from main.docs", "from sql_auto_complete('from ')",
                      "select json_serialize_plan('from main.docs')"]:
        result = await told("sql", [file, ".parquet'"], query=statement)
        expect(result.is_error, f"{era}: {statement} was let through: {result}")
    for column in ["title", "body", "extra", "id"]:
        for statement in ["from main.docs", f"select {column}::blob from main.docs", f"select min({column}), max({column}) from main.docs",
                          f"select count(*) from main.docs where {column}::varchar::blob is not null", "summarize main.docs",
                          f"select count(*) from main.docs where regexp_replace('x', {column}::varchar, '') > ''"]:
            await told("sql", [], query=statement)
        oracle = f"select count(*) from main.docs where '12'[case when {column}::varchar like '%canary7_%' then 9007199254741777 else 1 end] > ''"
        expect(not (await told("sql", [], query=oracle)).is_error, f"{era}: {column}: the deleted row makes a statement fail")
        for condition in [f"{column}::varchar::blob = 'x'", f"{column}::varchar::integer = 1", "docs::varchar::integer = 1",
                          "columns('tarn.*')::integer = 1"]:
            await told("search", [], query="lake", mode="lexical", filter=condition)


async def cancel_a_call(client, era):
    """What takes long is given up: the next call is answered at once, and the server does not go on with the first."""
    slow = "select count(*) from range(200000000000) t(i) where hash(i) = 1"
    with anyio.move_on_after(1.0) as scope:
        await client.call_tool("sql", {"query": slow})
    expect(scope.cancelled_caught, f"{era}: the slow query was not slow")
    started = time.monotonic()
    result = await client.call_tool("list_tables", {})
    expect(not result.is_error and time.monotonic() - started < 5, f"{era}: a cancelled call is in the way")


async def drive(lake):
    for mode, version in [("legacy", "2025-11-25"), ("auto", "2026-07-28"), ("2026-07-28", "2026-07-28")]:
        with anyio.fail_after(240):
            async with Client(server(lake), mode=mode) as client:
                expect(client.protocol_version == version, f"{mode}: speaks {client.protocol_version}")
                if mode != "2026-07-28":
                    expect(client.server_info.name == "tarn" and client.server_info.version, f"{mode}: {client.server_info}")
                    expect(client.instructions, f"{mode}: no instructions")
                await use_every_tool(client, mode)
                await find_nothing_deleted(client, mode, lake)
                await cancel_a_call(client, mode)
                started = time.monotonic()
        took = time.monotonic() - started
        expect(took < 2, f"{mode}: ended {took:.1f} s after its input: the cancelled call goes on")
        print(f"{mode}: {version}, {len(TOOLS)} tools", flush=True)


def be_rude(lake):
    """Bytes of every kind, then the end of the input: only JSON comes back, and the server leaves with 0."""
    lines = [b"", b"{", b"[]", b"\xff\xfe\x00", b"null", b'{"jsonrpc":"2.0","id":1}', b"[" * 5000, b'{"jsonrpc":"2.0","id":"' + b"x" * (17 << 20) + b'"}',
             b'{"jsonrpc":"2.0","id":7,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{}}}',
             b'{"jsonrpc":"2.0","id":8,"method":"tools/call","params":{"name":"sql","arguments":{"query":"select 42"}}}',
             b'{"jsonrpc":"2.0","id":9,"method":"no/such"}']
    done = subprocess.run([arguments.tarn, "mcp", "--lake", lake], input=b"\n".join(lines) + b"\n", capture_output=True, timeout=60)
    expect(done.returncode == 0, f"rude: rc {done.returncode}, {done.stderr.decode()}")
    answers = {str(message.get("id")): message for message in map(json.loads, done.stdout.splitlines())}
    expect(answers["7"]["result"]["protocolVersion"] == "2025-06-18", "rude: no handshake")
    expect(answers["8"]["result"]["structuredContent"]["rows"] == [[42]], f"rude: {answers['8']}")
    expect(answers["9"]["error"]["code"] == -32601, f"rude: {answers['9']}")
    print("rude: answered by the book", flush=True)


with tempfile.TemporaryDirectory(prefix="tarn-mcp-") as folder:
    pages = Path(folder) / "pages"
    pages.mkdir()
    for name, text in PAGES.items():
        (pages / name).write_text(text)
    lake = str(Path(folder) / "lake")
    pull = [arguments.tarn, "pull", str(pages), "--lake", lake, "--model", "deterministic", "--quiet"]
    gone = pages / "gone.md"
    gone.write_text("# canary7Q \\x({[\n\nA canary7Q that is taken out again.\n")
    subprocess.run(pull, check=True, timeout=120)
    gone.unlink()
    subprocess.run(pull, check=True, timeout=120)
    try:
        anyio.run(drive, lake)
        be_rude(lake)
    except BaseException as error:
        if not all(isinstance(cause, Unexpected) for cause in causes(error)):
            raise
        sys.exit("\n".join(f"drive: {cause}" for cause in causes(error)))
    subprocess.run([arguments.tarn, "check", "--lake", lake, "--quiet"], check=True, timeout=120, stdout=subprocess.DEVNULL)
