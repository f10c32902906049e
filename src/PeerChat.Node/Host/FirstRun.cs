using PeerChat.Node.Profiles;
using PeerChat.Node.Storage;
using PeerChat.Rooms.Identity;

namespace PeerChat.Node.Host;

/// <summary>What has to be known before a node can run for somebody who has never run one.</summary>
public static class FirstRun
{
    /// <summary>Whether nobody said who the user is: no option, no profile's folder, and no name used before.</summary>
    public static bool NeedsName(NodeOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.User is not null || options.ProfileDirectory is not null)
        {
            return false;
        }

        try
        {
            return ProfileLocation.Current().ReadLastUser() is null;
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
