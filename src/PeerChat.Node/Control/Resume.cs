namespace PeerChat.Node.Control;

/// <summary>Where a face stopped listening, so that it can go on from there.</summary>
/// <param name="Run">The run of the node it listened to; null where it knows none.</param>
/// <param name="After">The number of the last event it took in during that run; 0 for none.</param>
/// <param name="AfterArrival">
/// The greatest <see cref="ChatMessage.Arrival"/> it has, or null where it wants no missed messages. It counts when the events themselves
/// are gone: another run, or more events since than the log holds.
/// </param>
internal sealed record Resume(string? Run, long After, long? AfterArrival = null);
