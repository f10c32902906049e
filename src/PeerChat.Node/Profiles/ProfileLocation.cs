using System.Text;
using PeerChat.Node.Storage;
using PeerChat.Rooms.Crypto;

namespace PeerChat.Node.Profiles;

/// <summary>Where profiles and the configuration lie on this machine.</summary>
public sealed class ProfileLocation
{
    /// <summary>The variable that moves everything to one folder, for tests and for portable use.</summary>
    public const string HomeVariable = "PEERCHAT_HOME";

    private const string LastUserFile = "last-profile";
    private const string ConfigFileName = "config";
    private const int FolderNameBytes = 16; // 128 bits: two names never share a folder by accident
    private const long MaxLastUserBytes = 4096; // far above any name; a guard against reading something else

    private ProfileLocation(string root, string configFolder)
    {
        Root = root;
        ConfigPath = Path.Combine(configFolder, ConfigFileName);
    }

    /// <summary>The folder that holds one folder per user.</summary>
    public string Root { get; }

    /// <summary>The configuration file; it need not exist.</summary>
    public string ConfigPath { get; }

    /// <summary>The places that the environment and the platform name.</summary>
    /// <exception cref="StorageException">No home folder is known.</exception>
    public static ProfileLocation Current() =>
        Resolve(
            OperatingSystem.IsWindows() ? HostPlatform.Windows
                : OperatingSystem.IsMacOS() ? HostPlatform.MacOS
                : HostPlatform.Xdg,
            Environment.GetEnvironmentVariable,
            Environment.GetFolderPath(Environment.SpecialFolder.UserProfile)
        );

    /// <summary>The folder that the user named with <c>--profile</c>.</summary>
    public static ProfileFolder At(string directory) => new(Path.GetFullPath(directory));

    /// <summary>The folder of a user.</summary>
    /// <param name="foldedName">The name after case folding, so that Alice and alice are one.</param>
    public ProfileFolder Of(string foldedName)
    {
        var hash = Digest.Labelled("profile folder", Encoding.UTF8.GetBytes(foldedName)).ToArray();
        return new ProfileFolder(Path.Combine(Root, Convert.ToHexStringLower(hash, 0, FolderNameBytes)));
    }

    /// <summary>The profiles under the root, by folder name; those that cannot be looked into are left out.</summary>
    public IReadOnlyList<ProfileFolder> List()
    {
        try
        {
            return !Directory.Exists(Root)
                ? []
                :
                [
                    .. Directory
                        .EnumerateDirectories(Root)
                        .Order(StringComparer.Ordinal)
                        .Select(path => new ProfileFolder(path))
                        .Where(folder => folder.Exists),
                ];
        }
        catch (Exception exception) when (FileProblem.Is(exception))
        {
            return [];
        }
    }

    /// <summary>The name used last on this machine, or null where none is remembered.</summary>
    public string? ReadLastUser()
    {
        var path = Path.Combine(Root, LastUserFile);
        try
        {
            var file = new FileInfo(path);
            if (!file.Exists || file.Length > MaxLastUserBytes)
            {
                return null;
            }

            var name = File.ReadAllText(path).Trim();
            return name.Length == 0 ? null : name;
        }
        catch (Exception exception) when (FileProblem.Is(exception))
        {
            return null; // only a convenience; the user is asked for the name instead
        }
    }

    /// <summary>Remembers a name for the next start without one.</summary>
    /// <exception cref="StorageException">It could not be written.</exception>
    public void WriteLastUser(string name)
    {
        var path = Path.Combine(Root, LastUserFile);
        try
        {
            PrivateFile.CreateFolder(Root);
            PrivateFile.Replace(path, Encoding.UTF8.GetBytes(name + "\n"), isShared: true);
        }
        catch (Exception exception) when (FileProblem.Is(exception))
        {
            throw FileProblem.Explain(exception, "The name used last could not be remembered", path);
        }
    }

    /// <summary>The places for a given platform and environment.</summary>
    internal static ProfileLocation Resolve(
        HostPlatform platform,
        Func<string, string?> variable,
        string homeFolder
    )
    {
        if (variable(HomeVariable) is { Length: > 0 } home)
        {
            var everything = Path.GetFullPath(home);
            return new ProfileLocation(everything, everything);
        }

        if (homeFolder.Length == 0)
        {
            throw new StorageException(
                StorageProblem.Other,
                $"No home folder is known, so PeerChat has no place for its files; set {HomeVariable} to a folder."
            );
        }

        switch (platform)
        {
            case HostPlatform.Windows:
                // History can be large, so it stays on the machine; the configuration roams with the user.
                var local = Base("LOCALAPPDATA", Path.Combine(homeFolder, "AppData", "Local"));
                var roaming = Base("APPDATA", Path.Combine(homeFolder, "AppData", "Roaming"));
                return new ProfileLocation(
                    Path.Combine(local, "PeerChat"),
                    Path.Combine(roaming, "PeerChat")
                );
            case HostPlatform.MacOS:
                var support = Path.Combine(homeFolder, "Library", "Application Support", "PeerChat");
                return new ProfileLocation(support, support);
            default:
                var data = Base("XDG_DATA_HOME", Path.Combine(homeFolder, ".local", "share"));
                var config = Base("XDG_CONFIG_HOME", Path.Combine(homeFolder, ".config"));
                return new ProfileLocation(Path.Combine(data, "peerchat"), Path.Combine(config, "peerchat"));
        }

        // The XDG specification has relative paths ignored; anywhere else they would be a mistake too.
        string Base(string name, string otherwise) =>
            variable(name) is { Length: > 0 } path && Path.IsPathRooted(path) ? path : otherwise;
    }
}
