namespace PeerChat.Tui.Commands.Options;

/// <summary>What an option is worth, and who said so.</summary>
/// <param name="Values">The values as they were written; none where nobody says one; flags are <c>yes</c> or <c>no</c>.</param>
/// <param name="Source">Where they come from.</param>
/// <param name="Origin">The option, variable or key that says it, as the user writes it; empty for a default.</param>
internal sealed record OptionValue(IReadOnlyList<string> Values, OptionSource Source, string Origin)
{
    /// <summary>The one value; null for none.</summary>
    public string? Single => Values.Count > 0 ? Values[^1] : null;
}
