namespace PeerChat.Benchmarks;

/// <summary>One line of the report.</summary>
/// <param name="Name">What was measured.</param>
/// <param name="Value">How it came out; not a number where it could not be measured.</param>
/// <param name="Unit">In what.</param>
/// <param name="Budget">What it may be at most; null where nothing was promised.</param>
/// <param name="Note">How often, or why not.</param>
internal sealed record Figure(string Name, double Value, string Unit, double? Budget = null, string Note = "")
{
    /// <summary>Whether it keeps to its budget; null where there is none, or nothing was measured.</summary>
    public bool? IsMet => Budget is { } most && !double.IsNaN(Value) ? Value <= most : null;
}
