using PeerChat.Node.Profiles;
using PeerChat.Node.Storage;
using PeerChat.Tui.Settings;

namespace PeerChat.Tui.Commands.Options;

/// <summary>The user's configuration as options see it. A file that is not there or cannot be read says nothing: no file keeps PeerChat from starting.</summary>
internal sealed class UserConfiguration
{
    private readonly Lazy<ConfigFile?> _file = new(Load);

    /// <summary>What it says of a key, or of the one that falls back to; null for nothing.</summary>
    public string? Find(string key) => _file.Value?.Find(key)?.Value;

    /// <summary>Says what the file has wrong.</summary>
    public void WriteProblems(TextWriter errors)
    {
        if (_file.Value is { Problems.Count: > 0 } file)
        {
            ConfigProblems.Write(file, ProfileLocation.Current().ConfigPath, errors);
        }
    }

    /// <summary>Sets a key in the user's file.</summary>
    /// <returns>Why that was not possible, as a sentence; null where it was.</returns>
    public static string? Write(string key, string value)
    {
        try
        {
            ConfigFile.Update(
                ProfileLocation.Current().ConfigPath,
                ConfigurationKeys.All,
                file => file.Set(key, value)
            );
            return null;
        }
        catch (Exception failed) when (failed is ConfigException or StorageException)
        {
            return failed.Message;
        }
    }

    private static ConfigFile? Load()
    {
        try
        {
            var path = ProfileLocation.Current().ConfigPath;
            // Most have no file; making all keys would cost them a start
            return Path.Exists(path) ? ConfigFile.LoadForStart(path, ConfigurationKeys.All) : null;
        }
        catch (StorageException)
        {
            return null; // no home folder: whoever needs one says so
        }
    }
}
