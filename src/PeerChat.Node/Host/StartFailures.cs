using PeerChat.Node.Storage;

namespace PeerChat.Node.Host;

/// <summary>What storage failures are to who wanted to start.</summary>
internal static class StartFailures
{
    /// <summary>Runs what opens a profile.</summary>
    /// <exception cref="NodeStartException">It failed; the message is the store's.</exception>
    public static T Guard<T>(Func<T> open)
    {
        try
        {
            return open();
        }
        catch (ProfileInUseException inUse)
        {
            throw new NodeStartException(NodeStartFailure.InUse, inUse.Message, inUse);
        }
        catch (StorageException failed)
        {
            throw Of(failed);
        }
    }

    /// <summary>The failure to tell.</summary>
    public static NodeStartException Of(StorageException failed) =>
        new(
            failed.Problem is StorageProblem.PassphraseNeeded or StorageProblem.PassphraseWrong
                ? NodeStartFailure.Locked
                : NodeStartFailure.Storage,
            failed.Message,
            failed
        );
}
