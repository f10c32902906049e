namespace PeerChat.Server.Contract;

/// <summary>What <c>peerchat serve</c> gives the server: one line of JSON on its standard input, which then stays open.</summary>
internal sealed record ServeSettings
{
    /// <summary>Where to listen: <c>HOST:PORT</c>, with an IP address, <c>localhost</c> or <c>*</c>; port 0 takes any free one.</summary>
    public required string[] Listen { get; init; }

    /// <summary>Below which path; begins and ends with a slash.</summary>
    public string Path { get; init; } = "/";

    /// <summary>The key that clients have to know.</summary>
    public string Key { get; init; } = "peerjs";

    /// <summary>The file of the certificate and its chain, PEM; null for no TLS.</summary>
    public string? Certificate { get; init; }

    /// <summary>The file of the private key, PEM; null where the certificate's file holds it too.</summary>
    public string? PrivateKey { get; init; }

    /// <summary>Ids at once.</summary>
    public required int MaxConnections { get; init; }

    /// <summary>Ids of one address at once.</summary>
    public required int MaxPerAddress { get; init; }

    /// <summary>Bytes of one message.</summary>
    public required int MaxMessageBytes { get; init; }

    /// <summary>Messages a second of one id.</summary>
    public required int MessagesPerSecond { get; init; }

    /// <summary>The loopback port of the metrics; null for none.</summary>
    public int? MetricsPort { get; init; }

    /// <summary>Whether a reverse proxy on this machine says whom it speaks for (X-Forwarded-For).</summary>
    public bool IsBehindProxy { get; init; }

    /// <summary>Whether log lines name addresses.</summary>
    public bool LogsAddresses { get; init; }
}
