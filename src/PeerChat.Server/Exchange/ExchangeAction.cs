namespace PeerChat.Server.Exchange;

/// <summary>What the exchange wants done with a connection.</summary>
internal abstract record ExchangeAction
{
    private ExchangeAction() { }

    /// <summary>Say this.</summary>
    /// <param name="Socket">The connection's number.</param>
    /// <param name="Text">A message.</param>
    public sealed record Send(int Socket, byte[] Text) : ExchangeAction;

    /// <summary>Close it, after what was said before.</summary>
    /// <param name="Socket">The connection's number.</param>
    /// <param name="Reason">Why.</param>
    public sealed record Close(int Socket, Refusal Reason) : ExchangeAction;
}
