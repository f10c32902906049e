namespace PeerChat.Node.Control;

/// <summary>The numbers of errors: those of JSON-RPC 2.0, section 5.1, and PeerChat's own in the range left to servers.</summary>
internal static class RpcErrorCode
{
    /// <summary>The line is not JSON.</summary>
    public const int NotJson = -32700;

    /// <summary>The line is JSON, but no request.</summary>
    public const int NoRequest = -32600;

    /// <summary>There is no such method.</summary>
    public const int NoMethod = -32601;

    /// <summary>The parameters are not those of the method.</summary>
    public const int BadParams = -32602;

    /// <summary>A fault of the program's own.</summary>
    public const int Fault = -32603;

    /// <summary>The node did not do it; the data's <c>code</c> says why.</summary>
    public const int Refused = -32000;

    /// <summary>A version of the protocol that is not spoken here.</summary>
    public const int Version = -32001;

    /// <summary>Too many clients at once.</summary>
    public const int TooManyClients = -32002;

    /// <summary>The line is too long; the connection ends.</summary>
    public const int LineTooLong = -32003;
}
