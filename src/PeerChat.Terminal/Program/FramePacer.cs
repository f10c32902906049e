namespace PeerChat.Terminal.Program;

/// <summary>Decides when to draw: at once after a pause, then at most sixty times a second.</summary>
public sealed class FramePacer
{
    /// <summary>Time between two frames; more cannot be seen.</summary>
    public static readonly TimeSpan FrameInterval = TimeSpan.FromSeconds(1) / 60;

    private TimeSpan _earliest = TimeSpan.MinValue;
    private bool _isDirty;

    /// <summary>When the next frame is due; null when nothing has changed, so that nobody wakes up for it.</summary>
    public TimeSpan? NextDeadline => _isDirty ? _earliest : null;

    /// <summary>Something has changed.</summary>
    public void HandleChange() => _isDirty = true;

    /// <summary>Whether to draw now; then nothing is left to draw.</summary>
    public bool TryTakeFrame(TimeSpan now)
    {
        if (!_isDirty || now < _earliest)
        {
            return false;
        }

        _isDirty = false;
        _earliest = now + FrameInterval;
        return true;
    }
}
