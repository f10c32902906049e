using System.Text.Json.Serialization;

namespace PeerChat.Node;

/// <summary>How something is that was looked at.</summary>
[JsonConverter(typeof(KebabCaseEnumConverter<DiagnosisVerdict>))]
public enum DiagnosisVerdict
{
    /// <summary>It works.</summary>
    Good,

    /// <summary>It is not known yet, or cannot be known.</summary>
    Unknown,

    /// <summary>It does not work.</summary>
    Bad,

    /// <summary>It is not used.</summary>
    Off,
}
