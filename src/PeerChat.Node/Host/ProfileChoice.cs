using PeerChat.Node.Profiles;
using PeerChat.Node.Storage;
using PeerChat.Rooms.Identity;

namespace PeerChat.Node.Host;

/// <summary>Which profile the user means: a name and a folder that belong together.</summary>
/// <param name="Name">The name to use.</param>
/// <param name="Folder">The profile's folder; it need not exist.</param>
/// <param name="Location">Where profiles lie.</param>
internal sealed record ProfileChoice(DisplayName Name, ProfileFolder Folder, ProfileLocation Location)
{
    /// <summary>Resolves the options.</summary>
    /// <exception cref="NodeStartException">No name is known, it breaks the rules, or the folder is somebody else's.</exception>
    public static ProfileChoice Resolve(NodeOptions options)
    {
        try
        {
            var location = ProfileLocation.Current();
            var given = options.ProfileDirectory is { } directory ? ProfileLocation.At(directory) : null;
            var owner = given?.ReadDisplayName();
            var text =
                options.User
                ?? owner
                ?? (given is null ? location.ReadLastUser() : null)
                ?? throw Usage("Say who you are: peerchat --user NAME (it is remembered for next time).");
            if (!DisplayName.TryCreate(text, out var name, out var error))
            {
                throw Usage($"'{text}' cannot be a name: {DisplayName.Explain(error)}");
            }

            var folder = given ?? location.Of(name.Folded.ToString());
            owner ??= folder.ReadDisplayName();
            if (owner is null || !DisplayName.TryCreate(owner, out var known, out _))
            {
                return new ProfileChoice(name, folder, location);
            }

            return known.Folded == name.Folded
                ? new ProfileChoice(known, folder, location)
                : throw Usage(
                    $"The profile in {folder.FullPath} belongs to {known}, not to {name}; leave --user or --profile out."
                );
        }
        catch (StorageException failed)
        {
            throw new NodeStartException(NodeStartFailure.Storage, failed.Message, failed);
        }
    }

    /// <summary>Remembers the choice for the next start without a name.</summary>
    public void Remember()
    {
        if (Folder.ReadDisplayName() is null)
        {
            Folder.WriteDisplayName(Name.ToString());
        }

        if (Folder == Location.Of(Name.Folded.ToString()))
        {
            Location.WriteLastUser(Name.ToString());
        }
    }

    private static NodeStartException Usage(string sentence) => new(NodeStartFailure.Usage, sentence);
}
