namespace PeerChat.Pictures;

/// <summary>What decoding a picture may cost; a picture comes from somebody else, and a few bytes can claim any size.</summary>
public static class PictureLimits
{
    /// <summary>Pixels of a picture: more than any telephone's camera takes.</summary>
    public const int MaxPixels = 128 * 1024 * 1024;

    /// <summary>Pixels of one side: the most that a JPEG can say.</summary>
    public const int MaxSide = 65_535;

    /// <summary>Pixels that are held at once, where a format gives them in no order to be shown in: 64 MiB of colours.</summary>
    public const int MaxHeldPixels = 16 * 1024 * 1024;

    /// <summary>Passes over a progressive JPEG: encoders make about ten, and each costs work however few bytes it has.</summary>
    public const int MaxScans = 64;
}
