namespace PeerChat.Node.Transport;

/// <summary>Interface names that the user gave and the machine does not have.</summary>
/// <param name="Unknown">The names that do not exist.</param>
/// <param name="Existing">The names that do.</param>
internal sealed record InterfaceFault(IReadOnlyList<string> Unknown, IReadOnlyList<string> Existing)
{
    /// <inheritdoc/>
    public override string ToString() =>
        $"There is no network interface called {string.Join(" or ", Unknown)}; "
        + $"there are: {string.Join(", ", Existing)} (and \"{InterfaceSelection.LoopbackAlias}\" for this machine alone).";
}
