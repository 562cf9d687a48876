using System.Runtime.InteropServices;

namespace SubnetVpn.Tun.Linux.Native;

/// <summary><c>struct pollfd</c> of <c>asm-generic/poll.h</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PollEntry(int descriptor, short events)
{
    public int Descriptor = descriptor;
    public short Events = events;
    public short Occurred;
}
