namespace PeerChat.Interop.Tests.WebRtc;

/// <summary>Another stack for one test class; it starts when the first test asks for it.</summary>
public abstract class CounterpartFixture : IDisposable
{
    private IScriptedPeer? _peer;

    /// <summary>The stack.</summary>
    internal IScriptedPeer Peer => _peer ??= Start();

    /// <inheritdoc/>
    public virtual void Dispose()
    {
        _peer?.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Starts its process.</summary>
    internal abstract IScriptedPeer Start();
}
