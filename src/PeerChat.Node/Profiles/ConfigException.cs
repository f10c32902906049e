namespace PeerChat.Node.Profiles;

/// <summary>A key or a value that the configuration cannot hold; the message is the sentence for the user.</summary>
public sealed class ConfigException(string message) : Exception(message);
