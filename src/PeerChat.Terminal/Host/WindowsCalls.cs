using System.Runtime.InteropServices;

namespace PeerChat.Terminal.Host;

/// <summary>The calls of kernel32 that <see cref="WindowsConsole"/> needs.</summary>
internal static unsafe partial class WindowsCalls
{
    public const int StandardInput = -10;
    public const int StandardOutput = -11;
    public const uint Utf8 = 65001;
    public const uint ProcessedInput = 0x1;
    public const uint WindowInput = 0x8;
    public const uint VirtualTerminalInput = 0x200;
    public const uint ProcessedOutput = 0x1;
    public const uint VirtualTerminalProcessing = 0x4;
    public const uint DisableNewlineAutoReturn = 0x8;
    public const ushort KeyEvent = 1;
    public const ushort WindowSizeEvent = 4;
    public const ushort AltKey = 0x12; // VK_MENU
    public const uint WaitObject0 = 0;
    public const uint Infinite = uint.MaxValue;

    [LibraryImport("kernel32", EntryPoint = "GetStdHandle")]
    public static partial nint GetStandardHandle(int which);

    [LibraryImport("kernel32")]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool GetConsoleMode(nint handle, out uint mode);

    [LibraryImport("kernel32")]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool SetConsoleMode(nint handle, uint mode);

    [LibraryImport("kernel32")]
    public static partial uint GetConsoleOutputCP();

    [LibraryImport("kernel32")]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool SetConsoleOutputCP(uint codePage);

    [LibraryImport("kernel32")]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool GetConsoleScreenBufferInfo(nint handle, out ScreenBuffer buffer);

    [LibraryImport("kernel32", EntryPoint = "ReadConsoleInputW")]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool ReadConsoleInput(
        nint handle,
        InputRecord* records,
        uint length,
        out uint read
    );

    [LibraryImport("kernel32")]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool WriteFile(
        nint handle,
        ReadOnlySpan<byte> bytes,
        uint length,
        out uint written,
        nint overlapped
    );

    [LibraryImport("kernel32")]
    public static partial uint WaitForMultipleObjects(
        uint count,
        nint* handles,
        [MarshalAs(UnmanagedType.Bool)] bool all,
        uint wait
    );

    /// <summary>CONSOLE_SCREEN_BUFFER_INFO.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct ScreenBuffer
    {
        public short BufferColumns;
        public short BufferRows;
        public short CursorColumn;
        public short CursorRow;
        public ushort Attributes;
        public short Left;
        public short Top;
        public short Right;
        public short Bottom;
        public short MaxColumns;
        public short MaxRows;
    }

    /// <summary>INPUT_RECORD with the key event that is read from it.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct InputRecord
    {
        public ushort Kind;
        public ushort Padding;
        public int IsKeyDown;
        public ushort Repeats;
        public ushort VirtualKey;
        public ushort ScanCode;
        public ushort Character;
        public uint ControlKeys;
    }
}
