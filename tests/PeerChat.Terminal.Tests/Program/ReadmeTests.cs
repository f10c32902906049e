using PeerChat.Terminal.Cells;
using PeerChat.Terminal.Host;
using PeerChat.Terminal.Widgets;
using Shouldly;
using Xunit;

namespace PeerChat.Terminal.Tests.Program;

/// <summary>The example of the README compiles, because it is a source of this project, and does what it says.</summary>
public sealed class ReadmeTests
{
    private const string Begin = "```csharp\n";
    private const string End = "```\n";

    [Fact]
    public void The_example_is_what_is_compiled_here()
    {
        var root = Repository();
        var path = Path.Combine(root, "src", "PeerChat.Terminal", "README.md");
        var readme = File.ReadAllText(path);
        var example = File.ReadAllText(
                Path.Combine(root, "tests", "PeerChat.Terminal.Tests", "Program", "NotesExample.cs")
            )
            .Replace("namespace PeerChat.Terminal.Tests.Program;\n\n", "", StringComparison.Ordinal);
        var from = readme.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        var to = readme.IndexOf(End, from, StringComparison.Ordinal);
        if (Environment.GetEnvironmentVariable("PEERCHAT_UPDATE_DOCS") == "1")
        {
            readme = readme[..from] + example + readme[to..];
            File.WriteAllText(path, readme);
            to = from + example.Length;
        }

        readme[from..to].ShouldBe(example, "run the tests with PEERCHAT_UPDATE_DOCS=1");
    }

    [Fact]
    public void The_example_keeps_what_is_typed()
    {
        using var terminal = new FakeTerminal(new TerminalSize(20, 4));
        var loop = NotesExample.Loop(
            terminal,
            TerminalEnvironment.Detect(name => name == "LANG" ? "C.UTF-8" : null)
        );
        loop.OnInput("milk\rbread \u0007\r"u8);
        loop.OnInput("\e"u8);

        var last = loop.Run(new NotesExample.State(LineEditor.Empty, []));

        last.Notes.ShouldBe(["milk", "bread "]);
        terminal.Screen.UnknownSequences.ShouldBeEmpty();
    }

    private static string Repository()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "PeerChat.Tui.sln")))
        {
            folder = Path.GetDirectoryName(folder).ShouldNotBeNull();
        }

        return folder;
    }
}
