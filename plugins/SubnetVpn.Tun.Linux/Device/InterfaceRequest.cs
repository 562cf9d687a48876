using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace SubnetVpn.Tun.Linux.Device;

/// <summary><c>struct ifreq</c> of <c>linux/if.h</c> with the flags of its union.</summary>
[StructLayout(LayoutKind.Sequential, Size = 40)]
internal struct InterfaceRequest
{
    private NameBytes _name;
    public ushort Flags;

    /// <summary>The interface's name; the kernel writes the one it chose.</summary>
    public string Name
    {
        readonly get
        {
            ReadOnlySpan<byte> bytes = _name;
            var end = bytes.IndexOf((byte)0);
            return Encoding.UTF8.GetString(end < 0 ? bytes : bytes[..end]);
        }
        set
        {
            Span<byte> bytes = _name;
            bytes.Clear();
            Encoding.UTF8.GetBytes(value, bytes[..InterfaceName.MaxBytes]);
        }
    }

    [InlineArray(InterfaceName.MaxBytes + 1)]
    private struct NameBytes
    {
        private byte _first;
    }
}
