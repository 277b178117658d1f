// Node's own SQLite in the shape of the `sqlite3` package, whose binaries do not come from the npm registry.
// It is set as Klimop's is: WAL, and no wait for the disk.

const { DatabaseSync } = require("node:sqlite");

class Database {
  constructor(filename, _mode, opened) {
    this.filename = filename;
    this.connection = new DatabaseSync(filename);
    this.connection.exec("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL");
    this.statements = new Map();
    queueMicrotask(() => opened(null));
  }

  serialize(work) {
    work();
  }

  all(sql, ...rest) {
    this.answer(sql, rest, (statement, values) => [{ sql }, statement.all(values)]);
  }

  run(sql, ...rest) {
    this.answer(sql, rest, (statement, values) => {
      const { changes, lastInsertRowid } = statement.run(values);
      return [{ sql, changes, lastID: lastInsertRowid }];
    });
  }

  close(closed = () => {}) {
    this.connection.close();
    closed(null);
  }

  answer(sql, rest, execute) {
    const done = rest.pop() ?? (() => {});
    let answer;
    try {
      answer = execute(this.prepared(sql), storable(rest[0]));
    } catch (error) {
      done.call({ sql }, error);
      return;
    }
    done.call(answer[0], null, answer[1]);
  }

  prepared(sql) {
    if (!this.statements.has(sql)) this.statements.set(sql, this.connection.prepare(sql));
    return this.statements.get(sql);
  }
}

// SQLite has no booleans, and Node makes no numbers of them.
function storable(values = {}) {
  const pairs = Object.entries(values);
  return Object.fromEntries(pairs.map(([name, value]) => [name, typeof value === "boolean" ? Number(value) : value]));
}

module.exports = { Database, OPEN_READWRITE: 2, OPEN_CREATE: 4 };
