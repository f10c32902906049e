namespace PeerChat.Node;

/// <summary>Where the passphrase of a profile's keys comes from. It is asked only where the keys are protected by one.</summary>
public interface IPassphrase
{
    /// <summary>The passphrase as UTF-8, or null where there is none, or none any more.</summary>
    /// <param name="attempt">How many were wrong before.</param>
    byte[]? Next(int attempt);
}
