namespace PeerChat.Node.Control;

/// <summary>The other side answered with an error.</summary>
/// <param name="error">What it said.</param>
internal sealed class RpcErrorException(RpcError error) : Exception(error.Message)
{
    /// <summary>What it said.</summary>
    public RpcError Error => error;
}
