using System.Reflection;

namespace PeerChat.Tui.Commands;

/// <summary>The program's version.</summary>
internal static class ProgramVersion
{
    /// <summary>As it is printed.</summary>
    public static string Text { get; } =
        typeof(ProgramVersion)
            .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
            ?.InformationalVersion.Split('+')[0]
        ?? "unknown";
}
