using System.Globalization;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace PeerChat.Node.Storage;

/// <summary>One compiled statement, used over and over.</summary>
/// <remarks>
/// SQLite's own interface below the provider's commands: a command looks its parameters up by name, makes a reader and asks for each
/// value's kind several times, which cost as much as SQLite itself when ten thousand entries come at once.
/// </remarks>
internal sealed class SqlStatement : IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;
    private readonly int[] _places;

    /// <summary>Compiles a statement.</summary>
    /// <exception cref="SqliteException">It cannot be compiled.</exception>
    public SqlStatement(sqlite3 database, string sql)
    {
        _database = database;
        Check(raw.sqlite3_prepare_v3(database, sql, raw.SQLITE_PREPARE_PERSISTENT, out _statement));
        // SQLite counts parameters with a dollar as names, in the order in which they first stand in the text.
        _places = new int[raw.sqlite3_bind_parameter_count(_statement)];
        for (var i = 0; i < _places.Length; i++)
        {
            _places[i] = raw.sqlite3_bind_parameter_index(
                _statement,
                string.Create(CultureInfo.InvariantCulture, $"${i + 1}")
            );
        }
    }

    /// <summary>The row at which it stands.</summary>
    public SqlRow Row => new(_statement);

    /// <summary>Gives the parameters $1, $2, … their values: bytes, numbers, texts, or nothing as <see cref="DBNull"/>.</summary>
    /// <exception cref="ArgumentException">There are fewer values than parameters.</exception>
    public void Bind(ReadOnlySpan<object> values)
    {
        if (values.Length < _places.Length)
        {
            throw new ArgumentException(
                $"{values.Length} values were given for {_places.Length} parameters.",
                nameof(values)
            );
        }

        for (var i = 0; i < _places.Length; i++)
        {
            Check(
                values[i] switch
                {
                    byte[] bytes => raw.sqlite3_bind_blob(_statement, _places[i], bytes),
                    ReadOnlyMemory<byte> bytes => raw.sqlite3_bind_blob(_statement, _places[i], bytes.Span),
                    long number => raw.sqlite3_bind_int64(_statement, _places[i], number),
                    int number => raw.sqlite3_bind_int64(_statement, _places[i], number),
                    string text => raw.sqlite3_bind_text(_statement, _places[i], text),
                    DBNull => raw.sqlite3_bind_null(_statement, _places[i]),
                    var other => throw new ArgumentException(
                        $"{other.GetType()} is no value of a column.",
                        nameof(values)
                    ),
                }
            );
        }
    }

    /// <summary>Goes to the next row; false behind the last one.</summary>
    /// <exception cref="SqliteException">It failed.</exception>
    public bool Step()
    {
        var code = raw.sqlite3_step(_statement);
        if (code is raw.SQLITE_ROW or raw.SQLITE_DONE)
        {
            return code == raw.SQLITE_ROW;
        }

        Check(code);
        return false;
    }

    /// <summary>Runs it to its end and returns how many rows it changed.</summary>
    /// <exception cref="SqliteException">It failed.</exception>
    public int Run()
    {
        while (Step()) { }

        return raw.sqlite3_changes(_database);
    }

    /// <summary>Makes it ready for the next use, and lets go of what it read and of the values.</summary>
    public void Reset()
    {
        _ = raw.sqlite3_reset(_statement); // says once more what the last step said
        _ = raw.sqlite3_clear_bindings(_statement);
    }

    /// <inheritdoc/>
    public void Dispose() => _statement.Dispose();

    private void Check(int code) => SqliteException.ThrowExceptionForRC(code, _database);
}
