using PeerChat.TestKit;

namespace PeerChat.WebRtc.Tests.Mutation;

/// <summary>What takes mutated input in: a parser, or a machine in some state.</summary>
internal interface IMutationTarget
{
    /// <summary>How the report names it.</summary>
    string Name { get; }

    /// <summary>Of a thousand inputs, how many are for this target.</summary>
    int Share { get; }

    /// <summary>How often something was read as valid, by one of the parsers or a machine's layers: 0 would mean that all is noise.</summary>
    long Understood { get; }

    /// <summary>Brings the target into a state in which it takes input; not part of what is measured.</summary>
    void Prepare(Mutator mutator);

    /// <summary>Hands one mutated input over, and returns how many datagrams that made the target send.</summary>
    int Take(Mutator mutator);
}
