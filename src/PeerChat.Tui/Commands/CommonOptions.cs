using System.CommandLine;
using PeerChat.Node;

namespace PeerChat.Tui.Commands;

/// <summary>The options that every command takes.</summary>
internal sealed class CommonOptions
{
    /// <summary><c>--user NAME</c>.</summary>
    public Option<string?> User { get; } =
        new("--user", "-u")
        {
            Description = "Your name; the last one used when left out. First use makes its key pair.",
            HelpName = "NAME",
        };

    /// <summary><c>--profile DIR</c>.</summary>
    public Option<string?> Profile { get; } =
        new("--profile")
        {
            Description = "The folder of the profile, instead of the platform's place.",
            HelpName = "DIR",
        };

    /// <summary><c>--interface NAME</c>, repeatable.</summary>
    public Option<string[]> Interface { get; } =
        new("--interface")
        {
            Description =
                "Use only this network interface (repeatable; 'loopback' fits every system; also PEERCHAT_INTERFACES=a,b).",
            HelpName = "NAME",
            DefaultValueFactory = _ => [],
        };

    /// <summary><c>--port N</c>.</summary>
    public Option<int?> Port { get; } =
        new("--port")
        {
            Description = "The UDP port to use; when left out, 27717 or any free one.",
            HelpName = "N",
        };

    /// <summary>Puts the options on a command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(User);
        command.Options.Add(Profile);
        command.Options.Add(Interface);
        command.Options.Add(Port);
    }

    /// <summary>What a node is started with, as far as these options say.</summary>
    public NodeOptions Read(ParseResult parsed) =>
        new()
        {
            User = parsed.GetValue(User),
            ProfileDirectory = parsed.GetValue(Profile),
            Interfaces = parsed.GetValue(Interface) ?? [],
            Port = parsed.GetValue(Port),
        };
}
