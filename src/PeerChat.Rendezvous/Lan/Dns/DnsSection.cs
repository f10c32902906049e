namespace PeerChat.Rendezvous.Lan.Dns;

/// <summary>The parts of a message that hold records, in the order in which they stand.</summary>
internal enum DnsSection
{
    /// <summary>Answers.</summary>
    Answer,

    /// <summary>What a probe would like to own.</summary>
    Authority,

    /// <summary>What is likely to be asked next.</summary>
    Additional,
}
