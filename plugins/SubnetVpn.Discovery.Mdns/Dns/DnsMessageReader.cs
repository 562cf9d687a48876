namespace SubnetVpn.Discovery.Mdns.Dns;

/// <summary>Reads messages.</summary>
internal static class DnsMessageReader
{
    // More than any honest responder of this service sends; work per packet stays small.
    private const int MaxQuestions = 64;
    private const int MaxRecords = 512;

    /// <summary>Reads a message.</summary>
    /// <param name="packet">What came.</param>
    /// <param name="message">The message.</param>
    /// <returns>False when it breaks the format or a limit.</returns>
    public static bool TryRead(ReadOnlySpan<byte> packet, out DnsMessage message)
    {
        message = null!;
        var reader = new DnsReader(packet);
        if (!reader.TryReadUInt16(out _) || !reader.TryReadUInt16(out var flags) || (flags & DnsFormat.OpcodeAndCodeMask) != 0
            || !reader.TryReadUInt16(out var questionCount) || !reader.TryReadUInt16(out var answerCount)
            || !reader.TryReadUInt16(out var authorityCount) || !reader.TryReadUInt16(out var additionalCount)
            || questionCount > MaxQuestions || answerCount + authorityCount + additionalCount > MaxRecords)
            return false;
        var (questions, answers, authorities, additionals) = (new List<DnsQuestion>(), new List<DnsRecord>(), new List<DnsRecord>(), new List<DnsRecord>());
        if (!TryReadQuestions(ref reader, questionCount, questions) || !TryReadRecords(ref reader, packet, answerCount, answers)
            || !TryReadRecords(ref reader, packet, authorityCount, authorities) || !TryReadRecords(ref reader, packet, additionalCount, additionals))
            return false;
        message = new DnsMessage { IsResponse = (flags & DnsFormat.ResponseFlag) != 0, Questions = questions, Answers = answers, Additionals = additionals };
        return true;
    }

    private static bool TryReadQuestions(ref DnsReader reader, int count, List<DnsQuestion> questions)
    {
        for (; count > 0; count--)
        {
            if (!reader.TryReadName(out var name) || !reader.TryReadUInt16(out var type) || !reader.TryReadUInt16(out var @class))
                return false;
            if ((@class & DnsFormat.ClassMask) is DnsFormat.ClassIn or DnsFormat.ClassAny)
                questions.Add(new DnsQuestion(name, (DnsType)type));
        }
        return true;
    }

    private static bool TryReadRecords(ref DnsReader reader, ReadOnlySpan<byte> packet, int count, List<DnsRecord> records)
    {
        for (; count > 0; count--)
        {
            if (!reader.TryReadName(out var name) || !reader.TryReadUInt16(out var type) || !reader.TryReadUInt16(out var @class)
                || !reader.TryReadUInt32(out var ttl) || !reader.TryReadUInt16(out var length))
                return false;
            var start = reader.Position;
            if (!reader.TryRead(length, out var data))
                return false;
            if ((@class & DnsFormat.ClassMask) != DnsFormat.ClassIn)
                continue;
            // The first bit of a time to live is none of it (RFC 2181, 8).
            ttl = ttl > int.MaxValue ? 0 : ttl;
            var isUnique = (@class & DnsFormat.UniqueFlag) != 0;
            if (type == (ushort)DnsType.Ptr)
            {
                var inside = new DnsReader(packet[..(start + length)], start);
                if (!inside.TryReadName(out var target) || inside.Position != start + length)
                    return false;
                records.Add(new DnsRecord(name, ttl, target, [], isUnique));
            }
            else if (type == (ushort)DnsType.Txt)
            {
                var texts = new List<byte[]>();
                if (!TryReadTexts(data, texts))
                    return false;
                records.Add(new DnsRecord(name, ttl, null, texts, isUnique));
            }
        }
        return true;
    }

    private static bool TryReadTexts(ReadOnlySpan<byte> data, List<byte[]> texts)
    {
        while (data.Length > 0)
        {
            var length = data[0];
            if (length >= data.Length)
                return false;
            // An empty text stands for none (RFC 6763, 6.1).
            if (length > 0)
                texts.Add(data.Slice(1, length).ToArray());
            data = data[(length + 1)..];
        }
        return true;
    }
}
