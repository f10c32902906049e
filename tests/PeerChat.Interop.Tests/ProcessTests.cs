using Shouldly;
using Xunit;

namespace PeerChat.Interop.Tests;

/// <summary>Tests that run the program and the bots of the documents as real processes on loopback. They need python3 and a shell.</summary>
public abstract class ProcessTests : IDisposable
{
    private static readonly string Dll = Path.Combine(AppContext.BaseDirectory, "peerchat.dll");

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("peerchat-bots-");
    private readonly string _suffix = "-" + Convert.ToHexStringLower(Guid.NewGuid().ToByteArray())[..6];
    private readonly List<RunningProgram> _programs = [];

    /// <summary>The folder of the test, which goes away with it.</summary>
    protected string Folder => _root.FullName;

    /// <summary>The program started last.</summary>
    private protected RunningProgram Newest => _programs[^1];

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(isDisposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Ends the programs and removes the folder.</summary>
    protected virtual void Dispose(bool isDisposing)
    {
        _programs.ForEach(program => program.Dispose());
        _root.Delete(recursive: true);
    }

    /// <summary>The home folder of a user.</summary>
    protected string HomeOf(string user) =>
        Directory.CreateDirectory(Path.Combine(_root.FullName, user)).FullName;

    protected static void SkipUnlessAsked() =>
        Assert.SkipUnless(
            Environment.GetEnvironmentVariable("PEERCHAT_INTEROP") == "1",
            "Needs python3; .ci/run installs it and sets PEERCHAT_INTEROP=1."
        );

    protected static string Example(string name) =>
        TestHosts.RepositoryFile(Path.Combine("docs", "examples", name));

    // Other tests' users on this loopback are neighbours too.
    protected string NameOf(string user) => user + _suffix;

    protected void Send(string from, string to, string text, string home = "alice")
    {
        var sender = PeerChat(
            home,
            "",
            "send",
            "--user",
            from,
            "--to",
            to,
            text,
            "--wait",
            "delivered",
            "--timeout",
            "2m"
        );
        sender.WaitForExit().ShouldBe(0, sender.Errors);
    }

    private protected RunningProgram StartBot(string user, params string[] more) =>
        Start(
            "echo",
            null,
            [
                "python3",
                Example("echo_bot.py"),
                "--user",
                user,
                "--accept-any",
                "--cursor",
                Path.Combine(_root.FullName, "cursor"),
                .. more,
                "--peerchat",
                "dotnet",
                Dll,
            ]
        );

    private protected RunningProgram PeerChat(string home, string? input, params string[] arguments) =>
        Start(home, input, ["dotnet", Dll, .. arguments]);

    private protected RunningProgram Start(string home, string? input, params string[] command)
    {
        var program = new RunningProgram(
            new Dictionary<string, string>
            {
                ["PEERCHAT_HOME"] = HomeOf(home),
                ["PEERCHAT_INTERFACES"] = "loopback",
                ["PEERCHAT"] = $"dotnet {Dll}",
                ["DOTNET_NOLOGO"] = "1",
                ["PYTHONDONTWRITEBYTECODE"] = "1",
            },
            input,
            command
        );
        _programs.Add(program);
        return program;
    }
}
