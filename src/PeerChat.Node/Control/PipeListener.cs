using System.IO.Pipes;
using PeerChat.Node.Profiles;

namespace PeerChat.Node.Control;

/// <summary>The control socket on Windows: a named pipe that only its user can connect to.</summary>
/// <param name="folder">The profile.</param>
internal sealed class PipeListener(ProfileFolder folder) : IControlListener
{
    private const int BufferBytes = 64 * 1024; // the system's own default for sockets; a pipe's is nothing

    private readonly string _name = ControlAddress.PipeName(folder);

    /// <inheritdoc/>
    public async Task<ControlConnection> AcceptAsync(CancellationToken cancellation)
    {
        var pipe = Open();
        try
        {
            await pipe.WaitForConnectionAsync(cancellation);
            return new ControlConnection(pipe, 0);
        }
        catch
        {
            await pipe.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Withdraw()
    {
        // A pipe is gone with its last handle.
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // The pipe that waits ends with the accept's cancellation.
    }

    private NamedPipeServerStream Open()
    {
        try
        {
            return new NamedPipeServerStream(
                _name,
                PipeDirection.InOut,
                NamedPipeServerStream.MaxAllowedServerInstances,
                PipeTransmissionMode.Byte,
                PipeOptions.Asynchronous | PipeOptions.CurrentUserOnly,
                BufferBytes,
                BufferBytes
            );
        }
        catch (UnauthorizedAccessException taken)
        {
            throw new IOException("Another user's pipe has the name.", taken);
        }
    }
}
