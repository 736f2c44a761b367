"""Rows of two engines side by side, as DuckDB's text of each cell; and Tarn's driver, lake_interop_writer."""
import json
import subprocess


def key(row):
    return tuple("" if cell is None else "=" + cell for cell in row)


def normal(answer):
    return sorted((list(row) for row in answer["rows"]), key=key)


def as_text(duck, relation_sql, data=None):
    """Rows as DuckDB's text of each cell, which is how Tarn's driver prints them. `data` (Arrow) is there as `answer`."""
    if data is not None:
        duck.register("answer", data)
    relation = duck.execute(f"SELECT CAST(COLUMNS(*) AS VARCHAR) FROM ({relation_sql})")
    return {"columns": [c[0] for c in relation.description], "rows": [list(row) for row in relation.fetchall()]}


class Comparison:
    def __init__(self, writer):
        self.writer = writer
        self.failures = []
        self.agreed = 0

    def tarn(self, *words):
        done = subprocess.run([self.writer, *map(str, words)], capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(f"lake_interop_writer {words[0]}: {done.stderr.strip()}")
        return json.loads(done.stdout) if done.stdout.strip() else None

    def refused(self, what, words, *arguments):
        """Tarn has to refuse this, saying all of `words`."""
        try:
            self.tarn(*arguments)
        except RuntimeError as error:
            missing = [word for word in words if word not in str(error)]
            if missing:
                self.failures.append(f"{what}: the refusal does not say {missing}: {error}")
            else:
                self.agreed += 1
                print(f"  {what}: refused by name")
            return
        self.failures.append(f"{what}: Tarn did it")

    def compare(self, what, got, expected):
        if [c.lower() for c in got["columns"]] != [c.lower() for c in expected["columns"]]:
            self.failures.append(f"{what}: columns {got['columns']}, expected {expected['columns']}")
            return
        left, right = normal(got), normal(expected)
        if left != right:
            only = [row for row in left if row not in right][:2], [row for row in right if row not in left][:2]
            self.failures.append(f"{what}: {len(left)} rows, expected {len(right)}; only in one of them: {only}")
        else:
            self.agreed += 1
            print(f"  {what}: {len(left)} rows agree")

    def attempt(self, what, work):
        try:
            return work()
        except BaseException as error:  # deltalake panics are not Exceptions
            if isinstance(error, KeyboardInterrupt):
                raise
            text = str(error).splitlines()[0][:400] if str(error) else ""
            self.failures.append(f"{what}: {type(error).__name__}: {text}")
            return None
