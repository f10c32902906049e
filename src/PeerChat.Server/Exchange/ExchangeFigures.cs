namespace PeerChat.Server.Exchange;

/// <summary>What a server has done since it started.</summary>
internal sealed class ExchangeFigures
{
    private readonly long[] _refused = new long[Enum.GetValues<Refusal>().Length];

    /// <summary>Ids registered, reconnections included.</summary>
    public long Registered { get; set; }

    /// <summary>Messages handed on at once.</summary>
    public long Forwarded { get; set; }

    /// <summary>Messages that waited and were fetched.</summary>
    public long FetchedLater { get; set; }

    /// <summary>Messages that nobody came for.</summary>
    public long Expired { get; set; }

    /// <summary>Messages that found no place to wait.</summary>
    public long Overflowed { get; set; }

    /// <summary>Counts a refusal.</summary>
    public void Refuse(Refusal reason) => _refused[(int)reason]++;

    /// <summary>How often something was refused for a reason.</summary>
    public long RefusedFor(Refusal reason) => _refused[(int)reason];
}
