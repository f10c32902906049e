using System.Text.Json;

namespace PeerChat.Node.Control;

/// <summary>A numbered event, with its JSON once somebody asked for it.</summary>
/// <remarks>Thread-safe. However many faces read it, it is serialised once.</remarks>
/// <param name="number">Its number in this run of the node; an event of a snapshot has the number of the last event before it.</param>
/// <param name="happened">The event.</param>
/// <param name="log">The log that counts its bytes; null for an event that stands in none.</param>
internal sealed class LoggedEvent(long number, NodeEvent happened, EventLog? log = null)
{
    // A lock for each event would be a seventh of what thousands of them take
    private static readonly Lock[] Gates = [.. Enumerable.Range(0, 16).Select(_ => new Lock())];

    private byte[]? _json;

    /// <summary>Its number in this run of the node, from 1.</summary>
    public long Number => number;

    /// <summary>The event.</summary>
    public NodeEvent Event => happened;

    /// <summary>The bytes it is counted with; the log's, under the log's lock.</summary>
    internal long Bytes { get; set; } = EventSize.Estimate(happened);

    /// <summary>One JSON object in UTF-8 on one line, with the discriminator <c>event</c>.</summary>
    public ReadOnlyMemory<byte> Json()
    {
        if (Volatile.Read(ref _json) is { } made)
        {
            return made;
        }

        byte[] json;
        lock (Gates[number % Gates.Length])
        {
            if (_json is not null)
            {
                return _json;
            }

            json = JsonSerializer.SerializeToUtf8Bytes(happened, SurfaceJson.Wire.NodeEvent);
            Volatile.Write(ref _json, json);
        }

        log?.AddBytes(this, json.Length);
        return json;
    }
}
