using System.Text.Json.Serialization;

namespace PeerChat.Server.Contract;

/// <summary>What the server says: a line of JSON on its standard output, which <c>peerchat serve --json</c> hands on.</summary>
/// <param name="V">The version of the format.</param>
/// <param name="Time">When, in UTC.</param>
/// <param name="Event">
/// <c>listening</c>, <c>metrics</c>, <c>certificate</c> (taken into use), <c>certificate-failed</c> (the old one stays), <c>activity</c>
/// (once a minute, when there was any), <c>refused</c> (the first of its kind in a minute), <c>failed</c> (it ends), <c>stopped</c>.
/// </param>
internal sealed record ServeEvent(int V, string Time, string Event)
{
    /// <summary>Where it listens.</summary>
    public string? Url { get; init; }

    /// <summary>
    /// What is wrong: <c>in-use</c>, <c>not-allowed</c>, <c>no-such-address</c>, <c>listen</c>, <c>certificate</c>, <c>private-key</c>,
    /// <c>fault</c>; or why a connection was refused.
    /// </summary>
    public string? Problem { get; init; }

    /// <summary>The system's own words on it.</summary>
    public string? Detail { get; init; }

    /// <summary>Until when the certificate holds.</summary>
    public string? Until { get; init; }

    /// <summary>The address it is about, where addresses are logged.</summary>
    public string? Address { get; init; }

    /// <summary>Ids in use.</summary>
    public int? Users { get; init; }

    /// <summary>Messages handed on in the last minute.</summary>
    public long? Messages { get; init; }

    /// <summary>Connections and messages refused in the last minute.</summary>
    public long? Refused { get; init; }

    /// <summary>Whether it needs to be heard by whoever runs the server even where nothing is logged.</summary>
    [JsonIgnore]
    public bool IsFailure => Event == "failed";
}
