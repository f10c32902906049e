namespace PeerChat.Interop.Tests.WebRtc.Layers;

/// <summary>The openssl program.</summary>
internal static class OpenSsl
{
    /// <summary>Starts a command of it.</summary>
    public static RunningProgram Run(string arguments) =>
        new(
            new Dictionary<string, string>(StringComparer.Ordinal),
            null,
            ["openssl", .. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries)]
        );
}
