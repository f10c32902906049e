using System.Text;

namespace PeerChat.Node.Storage;

/// <summary>What stands in the input lines, and what was entered there before.</summary>
public sealed class DraftTable
{
    /// <summary>How many lines of input are kept for a chat: shells keep as many by default.</summary>
    public const int MaxInputLines = 500;

    private const string DraftPlace = "drafts.sealed";
    private const string LinePlace = "input_lines.sealed";

    private readonly ProfileDatabase _database;
    private readonly StoreSeal _seal;

    internal DraftTable(ProfileDatabase database, StoreSeal seal)
    {
        _database = database;
        _seal = seal;
    }

    /// <summary>What stands in the input line of a chat; empty where nothing does.</summary>
    /// <exception cref="StorageException">The file cannot be read.</exception>
    public string Read(string chat)
    {
        var key = _seal.Index(DraftPlace, chat);
        return _database.ReadBytes("SELECT sealed FROM drafts WHERE chat_key = $1", key) is { } draft
            ? Text(_seal.Open(DraftPlace, key, draft))
            : "";
    }

    /// <summary>Keeps what stands in the input line; an empty text forgets it.</summary>
    /// <exception cref="StorageException">It could not be written.</exception>
    public void Write(string chat, string text)
    {
        var key = _seal.Index(DraftPlace, chat);
        if (text.Length == 0)
        {
            _database.Write("DELETE FROM drafts WHERE chat_key = $1", key);
            return;
        }

        _database.Write(
            "INSERT INTO drafts (chat_key, sealed) VALUES ($1, $2) "
                + "ON CONFLICT (chat_key) DO UPDATE SET sealed = excluded.sealed",
            key,
            _seal.Seal(DraftPlace, key, Encoding.UTF8.GetBytes(text))
        );
    }

    /// <summary>The lines entered in a chat, oldest first, at most <see cref="MaxInputLines"/>.</summary>
    /// <exception cref="StorageException">The file cannot be read.</exception>
    public IReadOnlyList<string> ReadInputLines(string chat)
    {
        var key = _seal.Index(LinePlace, chat);
        return _database.Read(
            "SELECT sealed FROM input_lines WHERE chat_key = $1 ORDER BY number",
            row => Text(_seal.Open(LinePlace, key, row.GetBytes(0))),
            key
        );
    }

    /// <summary>Adds a line; the oldest go where there are too many.</summary>
    /// <exception cref="StorageException">It could not be written.</exception>
    public void AddInputLine(string chat, string line)
    {
        var key = _seal.Index(LinePlace, chat);
        _database.Write(
            "INSERT INTO input_lines (chat_key, sealed) VALUES ($1, $2)",
            key,
            _seal.Seal(LinePlace, key, Encoding.UTF8.GetBytes(line))
        );
        _database.Write(
            "DELETE FROM input_lines WHERE chat_key = $1 AND number <= ("
                + "SELECT number FROM input_lines WHERE chat_key = $1 ORDER BY number DESC LIMIT 1 OFFSET $2)",
            key,
            (long)MaxInputLines
        );
    }

    /// <summary>Forgets lines that were entered in a chat.</summary>
    /// <exception cref="StorageException">It could not be written.</exception>
    public void RemoveInputLines(string chat, IReadOnlySet<string> lines)
    {
        var key = _seal.Index(LinePlace, chat);
        var numbers = _database.Read(
            "SELECT number, sealed FROM input_lines WHERE chat_key = $1",
            row => (Number: row.GetInt64(0), Text: Text(_seal.Open(LinePlace, key, row.GetBytes(1)))),
            key
        );
        foreach (var (number, text) in numbers)
        {
            if (lines.Contains(text))
            {
                _database.Write("DELETE FROM input_lines WHERE number = $1", number);
            }
        }
    }

    /// <summary>Gives everything of one chat to another, behind what that one has: a name not met before became a key.</summary>
    /// <remarks>A draft of the new chat stays; the old chat's is then forgotten.</remarks>
    /// <exception cref="StorageException">It could not be written.</exception>
    public void Move(string oldChat, string newChat)
    {
        if (oldChat.Equals(newChat, StringComparison.Ordinal))
        {
            return;
        }

        if (Read(newChat).Length == 0)
        {
            Write(newChat, Read(oldChat));
        }

        Write(oldChat, "");
        foreach (var line in ReadInputLines(oldChat))
        {
            AddInputLine(newChat, line);
        }

        _database.Write("DELETE FROM input_lines WHERE chat_key = $1", _seal.Index(LinePlace, oldChat));
    }

    private static string Text(byte[] bytes) => Encoding.UTF8.GetString(bytes);
}
