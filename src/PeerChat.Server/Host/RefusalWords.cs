using PeerChat.Server.Exchange;

namespace PeerChat.Server.Host;

/// <summary>The names of refusals in metrics and events.</summary>
internal static class RefusalWords
{
    /// <summary>The name of one.</summary>
    public static string Of(Refusal reason) =>
        reason switch
        {
            Refusal.Parameters => "parameters",
            Refusal.Key => "key",
            Refusal.IdTaken => "id-taken",
            Refusal.Full => "full",
            Refusal.Address => "address",
            Refusal.TooLong => "too-long",
            Refusal.Rate => "rate",
            Refusal.Nonsense => "nonsense",
            Refusal.Slow => "slow",
            Refusal.Silent => "silent",
            _ => "none",
        };
}
