using PeerChat.Node.Profiles;
using PeerChat.Node.Storage;
using PeerChat.Rooms.Identity;

namespace PeerChat.Node.Host;

/// <summary>What has to be known before a node can run for somebody who has never run one.</summary>
public static class FirstRun
{
    /// <summary>Whether nobody said who the user is: no option, and no name used before, or in the profile's folder that was given.</summary>
    public static bool NeedsName(NodeOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.User is not null)
        {
            return false;
        }

        try
        {
            return options.ProfileDirectory is { } directory
                ? ProfileLocation.At(directory).ReadDisplayName() is null
                : ProfileLocation.Current().ReadLastUser() is null;
        }
        catch (StorageException)
        {
            return false; // starting says what is wrong
        }
    }

    /// <summary>Why a text cannot be a name, as a sentence; null where it can.</summary>
    public static string? ProblemOf(string name) =>
        DisplayName.TryCreate(name, out _, out var error) ? null : DisplayName.Explain(error);
}
