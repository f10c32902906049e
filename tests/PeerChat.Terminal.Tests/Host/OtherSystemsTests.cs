using System.Runtime.InteropServices;
using System.Text;
using PeerChat.Terminal.Host;
using Shouldly;
using Xunit;

namespace PeerChat.Terminal.Tests.Host;

/// <summary>What can be known here of the forms for Windows and macOS; nobody has run them there.</summary>
public sealed class OtherSystemsTests
{
    [Fact]
    public void Keys_of_a_Windows_console_become_what_a_terminal_sends()
    {
        var input = new WindowsInput();
        WindowsCalls.InputRecord[] records =
        [
            Key('a'),
            Key('a', isDown: false),
            Key('\e'),
            Key('[', repeats: 0),
            Key('A', repeats: 3),
            Key('\0'), // Shift alone
        ];

        Encoding.UTF8.GetString(input.Take(records, out var resized)).ShouldBe("a\e[AAA");
        resized.ShouldBeFalse();
    }

    [Fact]
    public void Half_of_a_surrogate_pair_waits_for_the_other()
    {
        var input = new WindowsInput();
        input.Take([Key('x'), Key("👍"[0])], out _).ShouldBe("x"u8.ToArray());
        input.Take([Key("👍"[1]), Key('y')], out _).ShouldBe(Encoding.UTF8.GetBytes("👍y"));
    }

    [Fact]
    public void A_character_by_its_number_comes_when_Alt_goes_up()
    {
        var record = Key('é', isDown: false);
        record.VirtualKey = WindowsCalls.AltKey;

        new WindowsInput().Take([record], out _).ShouldBe(Encoding.UTF8.GetBytes("é"));
    }

    [Fact]
    public void A_new_size_is_told_beside_what_was_typed()
    {
        var size = new WindowsCalls.InputRecord { Kind = WindowsCalls.WindowSizeEvent, Character = 'q' };

        new WindowsInput().Take([Key('a'), size, Key('b')], out var resized).ShouldBe("ab"u8.ToArray());
        resized.ShouldBeTrue();
    }

    [Fact]
    public void Records_lie_in_memory_as_the_headers_of_Windows_say()
    {
        Marshal.SizeOf<WindowsCalls.InputRecord>().ShouldBe(20);
        Offset<WindowsCalls.InputRecord>(nameof(WindowsCalls.InputRecord.IsKeyDown)).ShouldBe(4);
        Offset<WindowsCalls.InputRecord>(nameof(WindowsCalls.InputRecord.Repeats)).ShouldBe(8);
        Offset<WindowsCalls.InputRecord>(nameof(WindowsCalls.InputRecord.Character)).ShouldBe(14);
        Offset<WindowsCalls.InputRecord>(nameof(WindowsCalls.InputRecord.ControlKeys)).ShouldBe(16);
        Marshal.SizeOf<WindowsCalls.ScreenBuffer>().ShouldBe(22);
        Offset<WindowsCalls.ScreenBuffer>(nameof(WindowsCalls.ScreenBuffer.Left)).ShouldBe(10);
    }

    [Fact]
    public void Numbers_of_macOS_are_those_of_its_headers()
    {
        var mac = UnixNumbers.MacOs;
        mac.TryAgain.ShouldBe(35); // sys/errno.h
        mac.StopSignal.ShouldBe(17); // sys/signal.h
        (mac.ReadWrite | mac.WithoutWaiting | mac.NoControllingTerminal | mac.CloseOnExec).ShouldBe(
            0x102_0006
        ); // fcntl.h
        mac.FlushInput.ShouldBe(1); // sys/termios.h
        mac.GetWindowSize.ShouldBe(IoRead('t', 104, 4 * sizeof(ushort))); // sys/ttycom.h
        mac.SettingsSize.ShouldBe((4 * sizeof(long)) + 20 + 4 + (2 * sizeof(long))); // flags, c_cc, padding, speeds
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_block_for_settings_holds_those_of_any_system(bool isMacOs) =>
        (isMacOs ? UnixNumbers.MacOs : UnixNumbers.Linux).SettingsSize.ShouldBeLessThanOrEqualTo(
            UnixCalls.SettingsSize
        );

    // _IOR of sys/ioccom.h
    private static nuint IoRead(char group, int number, int length) =>
        0x4000_0000u | ((nuint)length << 16) | ((nuint)group << 8) | (nuint)number;

    private static int Offset<T>(string field) => (int)Marshal.OffsetOf<T>(field);

    private static WindowsCalls.InputRecord Key(char character, bool isDown = true, ushort repeats = 1) =>
        new()
        {
            Kind = WindowsCalls.KeyEvent,
            IsKeyDown = isDown ? 1 : 0,
            Repeats = repeats,
            Character = character,
        };
}
