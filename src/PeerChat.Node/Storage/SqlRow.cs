using SQLitePCL;

namespace PeerChat.Node.Storage;

/// <summary>The row at which a statement stands; of use until the next one is asked for.</summary>
/// <remarks>A value of another kind than is asked for was not written by this program, which its reader tells the user.</remarks>
internal readonly struct SqlRow(sqlite3_stmt statement)
{
    /// <summary>A number.</summary>
    /// <exception cref="InvalidCastException">It is something else.</exception>
    public long GetInt64(int column) =>
        Is(column, raw.SQLITE_INTEGER) ? raw.sqlite3_column_int64(statement, column) : throw Other(column);

    /// <summary>Bytes, copied.</summary>
    /// <exception cref="InvalidCastException">It is something else.</exception>
    public byte[] GetBytes(int column) =>
        Is(column, raw.SQLITE_BLOB)
            ? raw.sqlite3_column_blob(statement, column).ToArray()
            : throw Other(column);

    /// <summary>A text.</summary>
    /// <exception cref="InvalidCastException">It is something else.</exception>
    public string GetString(int column) =>
        Is(column, raw.SQLITE_TEXT)
            ? raw.sqlite3_column_text(statement, column).utf8_to_string()
            : throw Other(column);

    private bool Is(int column, int type) => raw.sqlite3_column_type(statement, column) == type;

    private static InvalidCastException Other(int column) =>
        new($"Column {column} holds a value of another kind.");
}
