using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace SubnetVpn.Discovery.Mdns.Dns;

/// <summary>Writes messages, with names compressed.</summary>
internal sealed class DnsMessageWriter
{
    private readonly List<byte> _bytes = [];
    private readonly Dictionary<string, int> _names = new(StringComparer.Ordinal);

    private DnsMessageWriter()
    {
    }

    /// <summary>Writes a message.</summary>
    /// <param name="message">The message; what it holds is ours, so that a text that is too long is a bug.</param>
    public static byte[] Write(DnsMessage message)
    {
        var writer = new DnsMessageWriter();
        // The id is zero in mDNS (RFC 6762, 18.1); its responses are authoritative (18.4).
        writer.Add(0);
        writer.Add(message.IsResponse ? DnsFormat.ResponseFlag | DnsFormat.AuthoritativeFlag : 0);
        writer.Add(message.Questions.Count);
        writer.Add(message.Answers.Count);
        writer.Add(0);
        writer.Add(message.Additionals.Count);
        foreach (var question in message.Questions)
        {
            writer.Add(question.Name);
            writer.Add((ushort)question.Type);
            writer.Add(DnsFormat.ClassIn);
        }
        foreach (var record in message.Answers.Concat(message.Additionals))
            writer.Add(record);
        return [.. writer._bytes];
    }

    private void Add(DnsRecord record)
    {
        Add(record.Name);
        Add((ushort)record.Type);
        Add(DnsFormat.ClassIn | (record.IsUnique ? DnsFormat.UniqueFlag : 0));
        Span<byte> ttl = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(ttl, record.Ttl);
        _bytes.AddRange(ttl);
        var lengthAt = _bytes.Count;
        Add(0);
        if (record.Target is { } target)
        {
            Add(target);
        }
        else
        {
            foreach (var text in record.Texts)
            {
                _bytes.Add(checked((byte)text.Length));
                _bytes.AddRange(text);
            }
            if (record.Texts.Count == 0)
                _bytes.Add(0);
        }
        BinaryPrimitives.WriteUInt16BigEndian(CollectionsMarshal.AsSpan(_bytes)[lengthAt..], checked((ushort)(_bytes.Count - lengthAt - sizeof(ushort))));
    }

    private void Add(DnsName name)
    {
        string[] labels = [.. name.Labels];
        for (var i = 0; i < labels.Length; i++)
        {
            var rest = DnsName.KeyOf(labels.AsSpan(i));
            if (_names.TryGetValue(rest, out var known))
            {
                Add((DnsFormat.PointerMask << 8) | known);
                return;
            }
            if (_bytes.Count <= DnsFormat.MaxPointerTarget)
                _names.Add(rest, _bytes.Count);
            _bytes.Add((byte)labels[i].Length);
            _bytes.AddRange(Encoding.Latin1.GetBytes(labels[i]));
        }
        _bytes.Add(0);
    }

    private void Add(int number)
    {
        _bytes.Add((byte)(number >> 8));
        _bytes.Add((byte)number);
    }
}
