namespace PeerChat.Node.Control;

/// <summary>The methods that are not commands of the node, by their names on the wire.</summary>
internal static class RpcMethod
{
    /// <summary>Says who one is, and which version of the protocol one speaks.</summary>
    public const string Hello = "hello";

    /// <summary>Begins to listen.</summary>
    public const string Subscribe = "subscribe";

    /// <summary>Ends listening.</summary>
    public const string Unsubscribe = "unsubscribe";

    /// <summary>Whether somebody is there.</summary>
    public const string Ping = "ping";

    /// <summary>The list of all methods.</summary>
    public const string Methods = "methods";

    /// <summary>Asks the owner to give the profile to another process.</summary>
    public const string HandOver = "hand-over";

    /// <summary>Ends the connection once everything was answered.</summary>
    public const string Goodbye = "goodbye";

    /// <summary>All methods, the node's commands included, in order.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        .. SurfaceJson
            .Commands.Keys.Concat([Hello, Subscribe, Unsubscribe, Ping, Methods, HandOver, Goodbye])
            .Order(StringComparer.Ordinal),
    ];
}
