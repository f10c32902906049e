namespace PeerChat.Node.Profiles;

/// <summary>Something in the configuration file that PeerChat cannot use.</summary>
/// <param name="Line">The line, counted from 1.</param>
/// <param name="Text">The sentence for the user.</param>
public sealed record ConfigProblem(int Line, string Text)
{
    /// <inheritdoc/>
    public override string ToString() => $"line {Line}: {Text}";
}
