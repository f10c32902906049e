using PeerChat.Node.Profiles;

namespace PeerChat.Node.Storage;

/// <summary>Waits for a file that another process has for a moment.</summary>
internal static class Patience
{
    private const int Attempts = 250; // with the pause, five seconds: a change takes milliseconds
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Opens a file; null when another process had it all the time.</summary>
    public static FileStream? TryOpen(Func<FileStream> open)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            try
            {
                return open();
            }
            catch (IOException busy) when (ProfileLock.IsHeldByAnother(busy))
            {
                Thread.Sleep(Pause);
            }
        }

        return null;
    }
}
