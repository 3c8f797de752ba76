import PosternOutbound

extension OriginalRequest {
    /// A request as a platform might send it through a proxy, with everything that must not go on.
    static let sample = OriginalRequest(
        headers: Array(
            """
            :target: /v1/meta/0123
            host: hooks.example.com
            user-agent: facebookexternalua
            content-type: application/json; charset=utf-8
            content-length: 17
            x-hub-signature-256: sha256=00ff
            x-token: [secret]
            accept-encoding: gzip
            x-forwarded-for: 192.0.2.1
            x-forwarded-proto: https
            forwarded: for=192.0.2.1
            via: 1.1 proxy
            te: trailers
            expect: 100-continue
            webhook-id: theirs
            postern-attempt: 9
            ce-id: their-event
            : nameless
            nothing
            bad name: 1

            """.utf8
        ),
        body: Array(#"{"entry":[ 1.0 ]}"#.utf8)
    )
}
