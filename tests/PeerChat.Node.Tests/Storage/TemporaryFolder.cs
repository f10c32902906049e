using PeerChat.Node.Profiles;
using PeerChat.Node.Storage;
using PeerChat.Rooms.Crypto;
using PeerChat.TestKit;

namespace PeerChat.Node.Tests.Storage;

/// <summary>A real folder that is gone after the test.</summary>
public sealed class TemporaryFolder : IDisposable
{
    private static readonly SystemKeySource Keys = new();
    private static int _lastSeed;

    /// <summary>The folder.</summary>
    public string FullPath { get; } = Directory.CreateTempSubdirectory("peerchat-test-").FullName;

    /// <summary>A profile in it.</summary>
    public ProfileFolder Profile => ProfileLocation.At(In("profile"));

    /// <summary>A path in the folder.</summary>
    public string In(string name) => Path.Combine(FullPath, name);

    /// <summary>Opens the profile as its owner, each time with other randomness.</summary>
    public ProfileStore OpenOwner() => OpenOwner(Profile);

    /// <summary>Opens some profile as its owner.</summary>
    public static ProfileStore OpenOwner(ProfileFolder folder) =>
        ProfileStore.OpenOwner(folder, Keys, new SeededEntropy(NextSeed()));

    /// <summary>Opens the profile beside its owner.</summary>
    public ProfileStore OpenReadOnly() =>
        ProfileStore.OpenReadOnly(Profile, Keys, new SeededEntropy(NextSeed()));

    /// <summary>What a power cut at this moment would leave: the files as they are, in another profile.</summary>
    public ProfileFolder CopyAsAfterPowerCut()
    {
        var copy = ProfileLocation.At(In("copy-" + NextSeed()));
        copy.Create();
        foreach (var file in new[] { "identity.keys", "history.db", "history.db-wal" })
        {
            var source = Path.Combine(Profile.FullPath, file);
            if (File.Exists(source))
            {
                File.Copy(source, Path.Combine(copy.FullPath, file));
            }
        }

        return copy;
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(FullPath, recursive: true);

    private static int NextSeed() => Interlocked.Increment(ref _lastSeed);
}
