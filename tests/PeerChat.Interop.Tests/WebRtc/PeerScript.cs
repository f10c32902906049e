using System.Text.Json;
using System.Text.Json.Serialization;

namespace PeerChat.Interop.Tests.WebRtc;

/// <summary>The scripts of the other side, and how arguments are handed to them.</summary>
internal static class PeerScript
{
    /// <summary>Members without a value are left out, as in a call that does not name them.</summary>
    public static readonly JsonSerializerOptions WithoutNulls = new()
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>A script that is built in.</summary>
    public static string Read(string name)
    {
        using var stream =
            typeof(PeerScript).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{name} is not built in.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
