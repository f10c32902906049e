using Google.Protobuf;
using PeerChat.Node.Storage.Records;

namespace PeerChat.Node.Storage;

/// <summary>What the user wants of each chat; under the empty name stands what all chats go by.</summary>
public sealed class ChatSettingTable
{
    private const string Place = "chat_settings.sealed";

    private readonly ProfileDatabase _database;
    private readonly StoreSeal _seal;

    internal ChatSettingTable(ProfileDatabase database, StoreSeal seal)
    {
        _database = database;
        _seal = seal;
    }

    /// <summary>What stands for a chat; nothing decided where nothing does.</summary>
    /// <exception cref="StorageException">The file cannot be read.</exception>
    public ChatSetting Read(string chat)
    {
        var key = _seal.Index(Place, chat);
        if (_database.ReadBytes("SELECT sealed FROM chat_settings WHERE chat_key = $1", key) is not { } kept)
        {
            return new ChatSetting();
        }

        try
        {
            var record = ChatSettingRecord.Parser.ParseFrom(_seal.Open(Place, key, kept));
            return new ChatSetting(
                record.HasReadReceipts ? record.ReadReceipts : null,
                record.HasTyping ? record.Typing : null,
                record.HasAutoFetch && Enum.IsDefined((AutoFetch)record.AutoFetch)
                    ? (AutoFetch)record.AutoFetch
                    : null
            );
        }
        catch (InvalidProtocolBufferException exception)
        {
            throw SqliteProblem.Damaged(_database.Path, exception);
        }
    }

    /// <summary>Keeps what the user wants of a chat.</summary>
    /// <exception cref="StorageException">It could not be written.</exception>
    public void Write(string chat, ChatSetting setting)
    {
        var record = new ChatSettingRecord();
        if (setting.ReadReceipts is { } receipts)
        {
            record.ReadReceipts = receipts;
        }

        if (setting.Typing is { } typing)
        {
            record.Typing = typing;
        }

        if (setting.AutoFetch is { } files)
        {
            record.AutoFetch = (int)files;
        }

        var key = _seal.Index(Place, chat);
        _database.Write(
            "INSERT INTO chat_settings (chat_key, sealed) VALUES ($1, $2) "
                + "ON CONFLICT (chat_key) DO UPDATE SET sealed = excluded.sealed",
            key,
            _seal.Seal(Place, key, record.ToByteArray())
        );
    }
}
