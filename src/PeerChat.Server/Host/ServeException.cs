namespace PeerChat.Server.Host;

/// <summary>The server cannot do what its settings say.</summary>
/// <param name="problem">Which kind, as <see cref="Contract.ServeEvent.Problem"/> has it.</param>
/// <param name="what">The address or file it is about.</param>
/// <param name="detail">The system's own words.</param>
internal sealed class ServeException(string problem, string? what, string detail) : Exception(detail)
{
    /// <summary>Which kind.</summary>
    public string Problem => problem;

    /// <summary>The address or file it is about.</summary>
    public string? What => what;
}
