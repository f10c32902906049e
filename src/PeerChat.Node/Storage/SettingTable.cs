using System.Text;

namespace PeerChat.Node.Storage;

/// <summary>What the program remembers for itself between starts; what the user decides stands in the configuration file.</summary>
public sealed class SettingTable
{
    private const string Place = "settings.sealed";

    private readonly ProfileDatabase _database;
    private readonly StoreSeal _seal;

    internal SettingTable(ProfileDatabase database, StoreSeal seal)
    {
        _database = database;
        _seal = seal;
    }

    /// <summary>The value, or null where there is none.</summary>
    /// <param name="name">A fixed word of the program: it stands in the clear on the disk.</param>
    /// <exception cref="StorageException">The file cannot be read.</exception>
    public string? Read(string name) =>
        _database.ReadBytes("SELECT sealed FROM settings WHERE name = $1", name) is { } value
            ? Encoding.UTF8.GetString(_seal.Open(Place, Encoding.UTF8.GetBytes(name), value))
            : null;

    /// <summary>Keeps a value; null forgets it.</summary>
    /// <param name="name">A fixed word of the program: it stands in the clear on the disk.</param>
    /// <param name="value">Anything; it is sealed.</param>
    /// <exception cref="StorageException">It could not be written.</exception>
    public void Write(string name, string? value)
    {
        if (value is null)
        {
            _database.Write("DELETE FROM settings WHERE name = $1", name);
            return;
        }

        _database.Write(
            "INSERT INTO settings (name, sealed) VALUES ($1, $2) "
                + "ON CONFLICT (name) DO UPDATE SET sealed = excluded.sealed",
            name,
            _seal.Seal(Place, Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(value))
        );
    }
}
