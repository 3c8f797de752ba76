/// The fields of a form body as Twilio and Mailchimp sign them.
///
/// Names in byte order, the values of one name in byte order, equal pairs once, everything run together.
///
/// Source: twilio-python 9.13.0, `RequestValidator.compute_signature` (read 2026-11-21).
enum SortedForm {
    /// Feeds the fields of `body` to a hash.
    static func feed<Sink: MessageSink & ~Copyable>(_ body: [UInt8], into sink: inout Sink) {
        let pairs = FormBody(bytes: body).pairs.sorted { left, right in
            let names = Self.compare(left.name.utf8.span, right.name.utf8.span)
            return names == 0 ? Self.compare(left.value.utf8.span, right.value.utf8.span) < 0 : names < 0
        }
        for (index, pair) in pairs.enumerated() {
            if index > 0, Self.compare(pairs[index - 1].name.utf8.span, pair.name.utf8.span) == 0,
                Self.compare(pairs[index - 1].value.utf8.span, pair.value.utf8.span) == 0
            {
                continue
            }
            sink.update(pair.name.utf8.span)
            sink.update(pair.value.utf8.span)
        }
    }

    /// Below zero when `left` comes first, zero when both are the same bytes; strings compare by Unicode instead.
    private static func compare(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Int {
        for index in 0..<min(left.count, right.count) where left[index] != right[index] {
            return left[index] < right[index] ? -1 : 1
        }
        return left.count - right.count
    }
}
