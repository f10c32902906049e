using PeerChat.Tui.Commands.Table;

namespace PeerChat.Tui.Commands.Help;

/// <summary>How a command is called, in a line.</summary>
internal static class Usage
{
    /// <summary>The line.</summary>
    public static string Of(CommandRow row)
    {
        var parts = new List<string> { "peerchat" };
        if (!row.IsRoot)
        {
            parts.Add(row.Name);
        }

        parts.AddRange(
            row.Parameters.Where(parameter => parameter.IsPositional)
                .Select(parameter => $"[{parameter.Placeholder}]")
        );
        parts.AddRange(
            row.Parameters.Where(parameter => parameter is { IsPositional: false, IsHidden: false })
                .Select(Form)
        );
        if (row.TakesProfile)
        {
            parts.Add("[PROFILE OPTIONS]");
        }

        if (row.IsRoot)
        {
            parts.Add("[COMMAND]");
        }

        return string.Join(' ', parts);
    }

    private static string Form(Parameter parameter) =>
        (parameter.IsFlag ? $"[{parameter.Name}]" : $"[{parameter.Name} {parameter.Placeholder}]")
        + (parameter.IsRepeatable ? "..." : "");
}
