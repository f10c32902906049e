namespace PeerChat.Node.Profiles;

/// <summary>Something in the configuration file that PeerChat cannot use.</summary>
/// <param name="Line">The line, counted from 1; 0 where it is the whole file.</param>
/// <param name="Text">The sentence for the user.</param>
public sealed record ConfigProblem(int Line, string Text)
{
    /// <summary>The problem with the place where it is, as a sentence for the user.</summary>
    public string At(string path) => Line == 0 ? Text : $"{path}, line {Line}: {Text}";

    /// <inheritdoc/>
    public override string ToString() => Line == 0 ? Text : $"line {Line}: {Text}";
}
