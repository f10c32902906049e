using PeerChat.Tui.Commands.Options;
using PeerChat.Tui.Commands.Table;
using PeerChat.Tui.Languages;

namespace PeerChat.Tui.Commands;

/// <summary>Which language the program speaks.</summary>
internal static class LanguageChoice
{
    private static Parameter Option => SharedParameters.Language;

    /// <summary>
    /// Chooses before the command line is read, so that what is wrong with it is said in the right language: <c>--lang</c>, else
    /// PEERCHAT_LANG, else the configuration, else the locale. What is no language is refused later, with all else that is wrong.
    /// </summary>
    public static Language Find(
        IReadOnlyList<string> arguments,
        Func<string, string?> environment,
        Func<string, string?> configuration
    )
    {
        var key = Option.Name[2..];
        var said =
            Given(arguments) ?? Filled(environment(ConfigurationKeys.VariableOf(key))) ?? configuration(key);
        return (said is null ? null : Language.Find(said)) ?? Language.OfLocale(environment);
    }

    /// <summary>Writes it into the configuration; the problem as a sentence, null for none.</summary>
    public static string? Remember(Language language) =>
        UserConfiguration.Write(Option.Name[2..], language.Tag);

    private static string? Filled(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static string? Given(IReadOnlyList<string> arguments)
    {
        for (var i = 0; i < arguments.Count && arguments[i] != "--"; i++)
        {
            if (arguments[i] == Option.Name && i + 1 < arguments.Count)
            {
                return arguments[i + 1];
            }

            if (arguments[i].StartsWith(Option.Name + "=", StringComparison.Ordinal))
            {
                return arguments[i][(Option.Name.Length + 1)..];
            }
        }

        return null;
    }
}
