using System.Diagnostics;
using Shouldly;
using Xunit;

namespace PeerChat.Interop.Tests;

/// <summary>The full screen in tmux, and in a tmux in a tmux, as over a jump host.</summary>
public sealed class TmuxTests : ProcessTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly string Dll = Path.Combine(AppContext.BaseDirectory, "peerchat.dll");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_screen_is_whole_in_tmux_and_in_a_tmux_inside_one(bool isNested)
    {
        SkipUnlessAsked();
        var inner = Path.Combine(Folder, "inner");
        var outer = Path.Combine(Folder, "outer");
        var program =
            $"env PEERCHAT_HOME={HomeOf("alice")} PEERCHAT_INTERFACES=loopback LANG=C.UTF-8 dotnet {Dll} --user {NameOf("alice")} --room notes --lang ja";
        var command = isNested
            ? $"env -u TMUX tmux -S {inner} -f /dev/null new-session '{program}'"
            : program;
        try
        {
            Tmux(outer, "-f", "/dev/null", "new-session", "-d", "-s", "a", "-x", "80", "-y", "24", command);
            await ShowsAsync(outer, NameOf("alice") + "~");
            await ShowsAsync(outer, "notes");
            Tmux(outer, "send-keys", "-t", "a:", "-l", "こんにちは 👩‍👩‍👧‍👦 ok");
            await ShowsAsync(outer, "こんにちは");
            Tmux(outer, "send-keys", "-t", "a:", "Enter");
            await ShowsAsync(outer, "ok\n");
            // One Backspace takes the last cluster and nothing else
            Tmux(outer, "send-keys", "-t", "a:", "-l", "ab日");
            await ShowsAsync(outer, "ab日");
            Tmux(outer, "send-keys", "-t", "a:", "BSpace");
            await ShowsAsync(
                outer,
                screen =>
                    !screen.Contains("ab日", StringComparison.Ordinal)
                    && screen.Contains("> ab", StringComparison.Ordinal),
                "> ab"
            );
            Tmux(outer, "resize-window", "-t", "a:", "-x", "40", "-y", "10");
            await ShowsAsync(
                outer,
                screen =>
                    screen.Split('\n').Max(line => line.Length) <= 40
                    && screen.Contains("ok", StringComparison.Ordinal),
                "40x10"
            );
            Tmux(outer, "send-keys", "-t", "a:", "C-c");
            Tmux(outer, "send-keys", "-t", "a:", "-l", "/quit");
            Tmux(outer, "send-keys", "-t", "a:", "Enter");
            await UntilAsync(() => !IsRunning(outer), "the end of the session");
        }
        finally
        {
            _ = Run("tmux", "-S", outer, "kill-server");
            _ = Run("tmux", "-S", inner, "kill-server");
        }
    }

    private static Task ShowsAsync(string socket, string text) =>
        ShowsAsync(socket, screen => screen.Contains(text, StringComparison.Ordinal), text);

    private static async Task ShowsAsync(string socket, Func<string, bool> holds, string what)
    {
        var screen = "";
        await UntilAsync(
            () => holds(screen = Run("tmux", "-S", socket, "capture-pane", "-p", "-t", "a:").Output),
            what,
            () => screen
        );
    }

    // tmux tells nobody when a screen has changed, so it is asked again
    private static async Task UntilAsync(Func<bool> holds, string what, Func<string>? state = null)
    {
        var from = Stopwatch.GetTimestamp();
        while (!holds())
        {
            Stopwatch
                .GetElapsedTime(from)
                .ShouldBeLessThan(Patience, $"'{what}' did not come:\n{state?.Invoke()}");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TestContext.Current.CancellationToken);
        }
    }

    private static bool IsRunning(string socket) =>
        Run("tmux", "-S", socket, "has-session", "-t", "a").Code == 0;

    private static void Tmux(string socket, params string[] arguments) =>
        Run("tmux", ["-S", socket, .. arguments]).Code.ShouldBe(0, string.Join(' ', arguments));

    private static (int Code, string Output) Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Remove("TMUX");
        start.Environment["LANG"] = "C.UTF-8";
        start.Environment["LC_ALL"] = "C.UTF-8";
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        _ = errors.Result;
        process.WaitForExit();
        return (process.ExitCode, output);
    }
}
