using System.Net.Sockets;
using PeerChat.Node.Control;
using PeerChat.Node.Host;

namespace PeerChat.Node;

/// <summary>Sends one text through the node that runs already, in the least time: for a process that does nothing else.</summary>
/// <remarks>
/// The plain case of what a <see cref="NodeFace"/> does in all cases: the same protocol and the same requests, but one thread, a blocking socket
/// and a few texts read out of the answers, so that hardly anything has to be compiled at run time. Whatever is not plain (nobody listens, a
/// refusal, a chat that is not connected, a line that was not expected) ends it without a word, and the caller goes on with a face: the text has
/// the same <see cref="NodeCommand.SendText.Reference"/>, so that it goes out once however far this came.
/// </remarks>
public static class ExpressSend
{
    /// <summary>How long it waits for a line before it leaves the matter to a face, which tells the user what is going on.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Sends a text.</summary>
    /// <param name="options">The profile; what the options want of a node, the running one must have.</param>
    /// <param name="join">Opens the chat.</param>
    /// <param name="text">The text, checked.</param>
    /// <param name="reference">By which the node knows it again.</param>
    /// <param name="wanted">How far it is to come.</param>
    /// <param name="cancellation">The user's interruption.</param>
    /// <returns>Whether it came as far as wanted; false leaves everything to a face.</returns>
    /// <exception cref="NodeStartException">Which profile is meant cannot be found out.</exception>
    public static bool TrySend(
        NodeOptions options,
        NodeCommand join,
        string text,
        string reference,
        DeliveryState wanted,
        CancellationToken cancellation
    )
    {
        if (OperatingSystem.IsWindows() || options.Port is not null)
        {
            return false; // there it is a pipe; and which port is used has to be asked
        }

        var folder = ProfileChoice.Resolve(options).Folder;
        if (ControlAddress.ForClient(folder) is not { } path || !File.Exists(path))
        {
            return false;
        }

        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        using var interruption = cancellation.UnsafeRegister(
            static state => ((Socket)state!).Dispose(),
            socket
        );
        try
        {
            socket.ReceiveTimeout = socket.SendTimeout = (int)Patience.TotalMilliseconds;
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return PeerCredentials.Of(socket).IsUs
                && new ExpressConversation(socket).Send(options, join, text, reference, wanted);
        }
        catch (Exception failed) when (failed is SocketException or ObjectDisposedException)
        {
            return false;
        }
    }
}
