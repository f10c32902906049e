using System.Globalization;
using System.Text.Json;
using PeerChat.Server.Contract;

namespace PeerChat.Server.Host;

/// <summary>Writes events, a line each.</summary>
internal sealed class ServeLog(TextWriter output)
{
    /// <summary>The version of the format.</summary>
    public const int Version = 1;

    private readonly Lock _lock = new();

    /// <summary>An event of now.</summary>
    public static ServeEvent New(string what) =>
        new(
            Version,
            DateTime.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            what
        );

    /// <summary>Writes an event of which there is nothing more to say.</summary>
    public void Say(string what) => Write(New(what));

    /// <summary>Writes an event.</summary>
    public void Write(ServeEvent happened)
    {
        var line = JsonSerializer.Serialize(happened, ServeJson.Default.ServeEvent);
        lock (_lock)
        {
            try
            {
                output.WriteLine(line);
                output.Flush();
            }
            catch (IOException)
            {
                // Nobody listens any more: the end of our input, which comes with it, ends the server
            }
        }
    }
}
