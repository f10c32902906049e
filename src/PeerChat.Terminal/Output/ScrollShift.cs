namespace PeerChat.Terminal.Output;

/// <summary>A block of whole rows whose content moves up or down within itself.</summary>
/// <param name="Top">Its first row.</param>
/// <param name="Bottom">Its last row.</param>
/// <param name="Up">Rows by which the content moves up; negative for down.</param>
internal readonly record struct ScrollShift(int Top, int Bottom, int Up);
