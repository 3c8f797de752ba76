extension SmugglingCase {
    private static let echoed = Outcome.served(["begin POST /echo"], bytes: 5)
    private static let begun = ["begin POST /echo"]

    /// Lengths that lie or contradict each other.
    static let lengths: [SmugglingCase] = [
        .fields("RFC 9110, 8.6", "one length", "Content-Length: 5", echoed),
        .fields("RFC 9110, 5.5", "blanks before the length", "Content-Length: \t 5", echoed),
        .fields("RFC 9110, 5.5", "blanks behind the length", "Content-Length: 5  ", echoed),
        .fields("RFC 9110, 8.6", "leading zeros", "Content-Length: 005", echoed),
        .fields("RFC 9112, 6.3", "the same length twice", "Content-Length: 5\r\nContent-Length: 5", .refused(400)),
        .fields("RFC 9112, 6.3", "two lengths", "Content-Length: 5\r\nContent-Length: 0", .refused(400)),
        .fields("RFC 9112, 6.3", "two lengths, case varied", "Content-Length: 5\r\ncontent-LENGTH: 0", .refused(400)),
        .fields("RFC 9112, 6.3", "a list of equal lengths", "Content-Length: 5, 5", .refused(400)),
        .fields("RFC 9112, 6.3", "a list of lengths", "Content-Length: 0, 5", .refused(400)),
        .fields("RFC 9110, 8.6", "an empty length", "Content-Length:", .refused(400)),
        .fields("RFC 9110, 8.6", "a negative length", "Content-Length: -5", .refused(400)),
        .fields("RFC 9110, 8.6", "a plus sign", "Content-Length: +5", .refused(400)),
        .fields("RFC 9110, 8.6", "hexadecimal", "Content-Length: 0x5", .refused(400)),
        .fields("RFC 9110, 8.6", "a fraction", "Content-Length: 5.0", .refused(400)),
        .fields("RFC 9110, 8.6", "an underscore", "Content-Length: 0_5", .refused(400)),
        .fields("RFC 9110, 8.6", "a blank inside", "Content-Length: 5 5", .refused(400)),
        .fields("RFC 9110, 8.6", "a vertical tab", "Content-Length: \u{0B}5", .refused(400)),
        .fields("RFC 9110, 8.6", "digits beyond ASCII", "Content-Length: \u{B2}", .refused(400)),
        .fields("RFC 9110, 8.6", "quotes", "Content-Length: \"5\"", .refused(400)),
        .fields("RFC 9110, 8.6", "2^64 + 5", "Content-Length: 18446744073709551621", .refused(400)),
        .fields("RFC 9110, 8.6", "2^63", "Content-Length: 9223372036854775808", .refused(400)),
        .fields("RFC 9110, 8.6", "forty digits", "Content-Length: \(String(repeating: "9", count: 40))", .refused(400)),
        .fields("RFC 9112, 5.1", "a blank before the colon", "Content-Length : 5", .refused(400)),
        .fields("RFC 9112, 5.1", "a tab before the colon", "Content-Length\t: 5", .refused(400)),
        .fields("RFC 9112, 5.2", "a folded length", "Content-Length:\r\n 5", .refused(400)),
        .fields("RFC 9112, 5.2", "a length folded into Host", " Content-Length: 5", .refused(400)),
        .fields("RFC 9112, 2.2", "a bare LF behind it", "Content-Length: 5\nX: y", .refused(400)),
        .fields("RFC 9112, 2.2", "a bare CR before it", "X: y\rContent-Length: 5", .refused(400)),
        .fields("RFC 9110, 5.5", "a NUL in it", "Content-Length: 5\u{0}", .refused(400)),
        .fields("RFC 9110, 5.1", "a NUL in its name", "Content-Length\u{0}: 5", .refused(400)),
        .fields(
            "RFC 9112, 6.3",
            "an underscore in its name: no body, and no request in what follows",
            "Content_Length: 5",
            .last(["begin POST /echo"], [200, 400])
        ),
        SmugglingCase(
            "RFC 9112, 6.3",
            "more bytes than announced",
            "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nhello",
            .last(["begin POST /echo"], [200, 400])
        ),
        SmugglingCase(
            "RFC 9112, 6.2",
            "a body that is a request",
            "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 36\r\n\r\nGET /hidden HTTP/1.1\r\nHost: hidden\r\n\r\n",
            .served(["begin POST /echo"], bytes: 36)
        ),
        SmugglingCase(
            "RFC 9110, 9.3.1",
            "GET with a body that is a request",
            "GET /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 36\r\n\r\nGET /hidden HTTP/1.1\r\nHost: hidden\r\n\r\n",
            .served(["begin GET /echo"], bytes: 36)
        ),
        SmugglingCase(
            "RFC 9112, 9.3",
            "a body nobody wants that is a request",
            "POST /now HTTP/1.1\r\nHost: a\r\nContent-Length: 36\r\n\r\nGET /hidden HTTP/1.1\r\nHost: hidden\r\n\r\n",
            .served(["begin POST /now"])
        ),
    ]

    /// Transfer codings, alone and beside a length.
    static let codings: [SmugglingCase] = [
        .coding("RFC 9112, 7.1", "chunked", "Transfer-Encoding: chunked", echoed),
        .coding("RFC 9112, 7", "chunked in capitals", "TRANSFER-ENCODING: CHUNKED", echoed),
        .coding("RFC 9110, 5.5", "blanks before chunked", "Transfer-Encoding:\t chunked", echoed),
        .coding("RFC 9110, 5.5", "blanks behind chunked", "Transfer-Encoding: chunked  ", echoed),
        .coding("RFC 9112, 11.2", "a tab behind chunked", "Transfer-Encoding: chunked\t", .refused(400)),
        .coding(
            "RFC 9112, 6.3",
            "a length, then chunked",
            "Content-Length: 5\r\nTransfer-Encoding: chunked",
            .refused(400)
        ),
        .coding(
            "RFC 9112, 6.3",
            "chunked, then a length",
            "Transfer-Encoding: chunked\r\nContent-Length: 5",
            .refused(400)
        ),
        .coding(
            "RFC 9112, 6.3",
            "chunked and length zero",
            "Content-Length: 0\r\nTransfer-Encoding: chunked",
            .refused(400)
        ),
        .coding("RFC 9112, 6.1", "chunked twice", "Transfer-Encoding: chunked, chunked", .refused(400)),
        .coding(
            "RFC 9112, 6.1",
            "chunked on two lines",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
            .refused(400)
        ),
        .coding("RFC 9112, 6.3", "chunked, not last", "Transfer-Encoding: chunked, identity", .refused(400)),
        .coding(
            "RFC 9112, 6.3",
            "chunked on a line, not last",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: gzip",
            .refused(400)
        ),
        .coding("RFC 9112, 6.3", "xchunked", "Transfer-Encoding: xchunked", .refused(400)),
        .coding("RFC 9112, 6.3", "chunkedx", "Transfer-Encoding: chunkedx", .refused(400)),
        .coding("RFC 9112, 6.3", "x chunked", "Transfer-Encoding: x chunked", .refused(400)),
        .coding("RFC 9112, 6.3", "identity", "Transfer-Encoding: identity", .refused(400)),
        .coding("RFC 9112, 6.3", "gzip", "Transfer-Encoding: gzip", .refused(400)),
        .coding("RFC 9112, 6.3", "an empty coding", "Transfer-Encoding:", .refused(400)),
        .coding(
            "RFC 9112, 6.3",
            "an empty coding and a length",
            "Transfer-Encoding:\r\nContent-Length: 5",
            .refused(400)
        ),
        .coding("RFC 9112, 7", "chunked with a parameter", "Transfer-Encoding: chunked;a=b", .refused(400)),
        .coding("RFC 9112, 7", "quoted", "Transfer-Encoding: \"chunked\"", .refused(400)),
        .coding("RFC 9110, 5.5", "a vertical tab before it", "Transfer-Encoding: \u{0B}chunked", .refused(400)),
        .coding("RFC 9110, 5.5", "a NUL behind it", "Transfer-Encoding: chunked\u{0}", .refused(400)),
        .coding("RFC 9112, 5.1", "a blank before the colon", "Transfer-Encoding : chunked", .refused(400)),
        .coding("RFC 9112, 5.2", "folded", "Transfer-Encoding:\r\n chunked", .refused(400)),
        .coding("RFC 9112, 5.2", "the colon folded", "Transfer-Encoding\r\n : chunked", .refused(400)),
        .coding("RFC 9112, 2.2", "behind a bare CR", "X: y\rTransfer-Encoding: chunked", .refused(400)),
        .coding("RFC 9112, 2.2", "behind a bare LF", "X: y\nTransfer-Encoding: chunked", .refused(400)),
        .coding("RFC 9112, 6.1", "gzip under chunked", "Transfer-Encoding: gzip, chunked", .refused(501)),
        .coding(
            "RFC 9112, 6.1",
            "gzip under chunked, on two lines",
            "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked",
            .refused(501)
        ),
        .coding(
            "RFC 9112, 6.3",
            "an underscore in its name: no body, and no request in what follows",
            "Transfer_Encoding: chunked",
            .last(["begin POST /echo"], [200, 400])
        ),
        SmugglingCase(
            "RFC 9112, 6.1",
            "chunked from HTTP/1.0",
            "POST /echo HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            .refused(400)
        ),
        SmugglingCase(
            "RFC 9112, 6.1",
            "chunked and a length from HTTP/1.0",
            "POST /echo HTTP/1.0\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            .refused(400)
        ),
    ]

    /// Chunks that lie.
    static let chunkForms: [SmugglingCase] = [
        .chunks(
            "RFC 9112, 7.1",
            "leading zeros and capitals",
            "0000A\r\n0123456789\r\n000\r\n\r\n",
            .served(begun, bytes: 10)
        ),
        .chunks("RFC 9112, 7.1.1", "extensions", "5;a=b;c=\"d;e\"\r\nhello\r\n0;f\r\n\r\n", echoed),
        .chunks(
            "RFC 9112, 7.1.2",
            "trailers that forge Host and more",
            "5\r\nhello\r\n0\r\nHost: other\r\nAuthorization: x\r\nX:\r\n\r\n",
            echoed
        ),
        .chunks(
            "RFC 9110, 6.5.1",
            "a trailer that forges a length",
            "5\r\nhello\r\n0\r\nContent-Length: 900\r\n\r\n",
            .refused(400, begun: begun)
        ),
        .chunks(
            "RFC 9110, 6.5.1",
            "a trailer that forges a coding",
            "5\r\nhello\r\n0\r\nTransfer-Encoding: gzip\r\n\r\n",
            .refused(400, begun: begun)
        ),
        .chunks(
            "RFC 9112, 7.1",
            "a size beyond 64 bits",
            "10000000000000005\r\nhello\r\n0\r\n\r\n",
            .refused(400, begun: begun)
        ),
        .chunks("RFC 9112, 7.1", "a negative size", "-5\r\nhello\r\n0\r\n\r\n", .refused(400, begun: begun)),
        .chunks("RFC 9112, 7.1", "a plus sign", "+5\r\nhello\r\n0\r\n\r\n", .refused(400, begun: begun)),
        .chunks("RFC 9112, 7.1", "0x", "0x5\r\nhello\r\n0\r\n\r\n", .refused(400, begun: begun)),
        .chunks("RFC 9112, 7.1", "an underscore", "0_5\r\nhello\r\n0\r\n\r\n", .refused(400, begun: begun)),
        .chunks("RFC 9112, 7.1", "no size", "\r\nhello\r\n0\r\n\r\n", .refused(400, begun: begun)),
        .chunks(
            "RFC 9112, 7.1",
            "an extension without a size",
            ";a=b\r\nhello\r\n0\r\n\r\n",
            .refused(400, begun: begun)
        ),
        .chunks("RFC 9112, 7.1", "a blank before the size", " 5\r\nhello\r\n0\r\n\r\n", .refused(400, begun: begun)),
        .chunks("RFC 9112, 7.1", "a blank behind the size", "5 \r\nhello\r\n0\r\n\r\n", .refused(400, begun: begun)),
        .chunks("RFC 9112, 7.1", "a tab behind the size", "5\t\r\nhello\r\n0\r\n\r\n", .refused(400, begun: begun)),
        .chunks("RFC 9112, 7.1", "a bare LF behind the size", "5\nhello\r\n0\r\n\r\n", .refused(400, begun: begun)),
        .chunks("RFC 9112, 7.1", "a bare CR behind the size", "5\rhello\r\n0\r\n\r\n", .refused(400, begun: begun)),
        .chunks("RFC 9112, 7.1", "a bare LF behind the data", "5\r\nhello\n0\r\n\r\n", .refused(400, begun: begun)),
        .chunks("RFC 9112, 7.1", "a bare CR behind the data", "5\r\nhello\r0\r\n\r\n", .refused(400, begun: begun)),
        .chunks("RFC 9112, 7.1", "nothing behind the data", "5\r\nhello0\r\n\r\n", .refused(400, begun: begun)),
        .chunks(
            "RFC 9112, 7.1",
            "more data than the size says",
            "4\r\nhello\r\n0\r\n\r\n",
            .refused(400, begun: begun)
        ),
        .chunks(
            "RFC 9112, 7.1",
            "less data than the size says",
            "7\r\nhello\r\n0\r\n\r\n",
            .refused(400, begun: begun)
        ),
        .chunks("RFC 9112, 7.1", "no last chunk", "5\r\nhello\r\n", .refused(400, begun: begun)),
        .chunks(
            "RFC 9112, 7.1.1",
            "a bare LF in an extension",
            "5;a\nhello\r\n0\r\n\r\n",
            .refused(400, begun: begun)
        ),
        .chunks(
            "RFC 9112, 7.1.1",
            "a bare CR in an extension",
            "5;a\rb\r\nhello\r\n0\r\n\r\n",
            .refused(400, begun: begun)
        ),
        .chunks(
            "RFC 9112, 7.1.1",
            "a bare LF in a quoted extension",
            "5;a=\"\n\"\r\nhello\r\n0\r\n\r\n",
            .refused(400, begun: begun)
        ),
        .chunks(
            "RFC 9112, 7.1.1",
            "a NUL in an extension",
            "5;a\u{0}\r\nhello\r\n0\r\n\r\n",
            .refused(400, begun: begun)
        ),
        .chunks(
            "RFC 9112, 7.1.1",
            "a huge extension",
            "5;a=\(String(repeating: "b", count: 200_000))\r\nhello\r\n0\r\n\r\n",
            .refused(400, begun: begun)
        ),
        .chunks(
            "RFC 9112, 7.1.1",
            "an extension on every one of many small chunks",
            String(repeating: "1;a=\(String(repeating: "b", count: 200))\r\nx\r\n", count: 1000) + "0\r\n\r\n",
            .refused(400, begun: begun)
        ),
        .chunks(
            "RFC 9112, 7.1.2",
            "a trailer without a colon",
            "5\r\nhello\r\n0\r\nX\r\n\r\n",
            .refused(400, begun: begun)
        ),
        .chunks(
            "RFC 9112, 5.1",
            "a trailer with a blank before its colon",
            "5\r\nhello\r\n0\r\nX : y\r\n\r\n",
            .refused(400, begun: begun)
        ),
        .chunks(
            "RFC 9112, 5.1",
            "a trailer without a name",
            "5\r\nhello\r\n0\r\n: y\r\n\r\n",
            .refused(400, begun: begun)
        ),
        .chunks(
            "RFC 9112, 5.2",
            "a folded trailer",
            "5\r\nhello\r\n0\r\nX: y\r\n z\r\n\r\n",
            .refused(400, begun: begun)
        ),
        .chunks(
            "RFC 9112, 2.2",
            "a bare LF in the trailers",
            "5\r\nhello\r\n0\r\nX: y\n\r\n",
            .refused(400, begun: begun)
        ),
        .chunks(
            "RFC 9112, 7.1",
            "a bare LF after the last chunk",
            "5\r\nhello\r\n0\r\n\n",
            .refused(400, begun: begun)
        ),
        .chunks(
            "RFC 6585, 5",
            "trailers beyond the limit of fields",
            "5\r\nhello\r\n0\r\nX: \(String(repeating: "y", count: 30_000))\r\n\r\n",
            .refused(431, begun: begun)
        ),
    ]
}
