using Microsoft.Data.Sqlite;

namespace PeerChat.Node.Storage;

/// <summary>Reads what can be read of a table whose file is damaged: from both ends of each hole.</summary>
/// <remarks>
/// SQLite reads a table page by page, in the order of its key, and stops at a page that is none. So rows are read up to there, then from the
/// end backwards; where keys are numbers, rows behind the hole are looked for in steps that double, and read back to the hole.
/// </remarks>
internal sealed class DamagedTable(SqliteConnection file, string table, string columns, string key)
{
    private const int LongestStep = 40; // 2^40 rows are more than any file has

    private readonly bool _isOneColumn = !key.Contains(',', StringComparison.Ordinal);

    /// <summary>Whether everything could be read.</summary>
    public bool IsWhole { get; private set; } = true;

    /// <summary>The rows; the key comes first in each.</summary>
    public IEnumerable<object[]> Rows()
    {
        object? last = null;
        while (true)
        {
            var end = new Ending();
            foreach (var row in Walk(After(last), "", end, last))
            {
                last = _isOneColumn ? row[0] : null;
                yield return row;
            }

            if (end.IsEnd)
            {
                yield break;
            }

            IsWhole = false;
            var beyond = last is long number ? FindBeyond(number) : null;
            var before = beyond is { } limit ? $"{key} < {limit}" : "";
            foreach (var row in Walk(And(After(last), before), "DESC", new Ending(), last))
            {
                yield return row;
            }

            if (beyond is not { } next)
            {
                yield break;
            }

            last = next - 1;
        }
    }

    private string After(object? last) => last is null ? "" : $"{key} > $1";

    private static string And(string one, string other) =>
        one.Length == 0 ? other
        : other.Length == 0 ? one
        : $"{one} AND {other}";

    // The least key found behind the hole; null where none is.
    private long? FindBeyond(long last)
    {
        for (var step = 0; step < LongestStep; step++)
        {
            if (last > long.MaxValue - (1L << step))
            {
                return null;
            }

            var end = new Ending();
            if (Walk($"{key} > $1", "", end, last + (1L << step)).FirstOrDefault() is { } row)
            {
                return (long)row[0];
            }

            if (end.IsEnd)
            {
                return null; // there is nothing more
            }
        }

        return null;
    }

    private IEnumerable<object[]> Walk(string condition, string order, Ending end, object? value)
    {
        using var command = file.CreateCommand();
        var by = string.Join(", ", key.Split(", ").Select(column => $"{column} {order}"));
        var where = condition.Length > 0 ? $"WHERE {condition}" : "";
#pragma warning disable CA2100 // all parts are texts of this program, and numbers
        command.CommandText = $"SELECT {columns} FROM {table} NOT INDEXED {where} ORDER BY {by}";
#pragma warning restore CA2100
        if (value is not null)
        {
            command.Parameters.AddWithValue("$1", value);
        }

        using var reader = TryOpen(command);
        while (reader is not null)
        {
            var row = new object[reader.FieldCount];
            switch (TryRead(reader, row))
            {
                case true:
                    yield return row;
                    break;
                case false:
                    end.IsEnd = true;
                    yield break;
                default:
                    yield break;
            }
        }
    }

    private static SqliteDataReader? TryOpen(SqliteCommand command)
    {
        try
        {
            return command.ExecuteReader();
        }
        catch (SqliteException)
        {
            return null; // the hole
        }
    }

    // Null at the hole, false at the end
    private static bool? TryRead(SqliteDataReader reader, object[] row)
    {
        try
        {
            return reader.Read() && reader.GetValues(row) == row.Length;
        }
        catch (SqliteException)
        {
            return null;
        }
    }

    private sealed class Ending
    {
        public bool IsEnd { get; set; }
    }
}
