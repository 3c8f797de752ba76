internal import NIOCore
internal import PosternConsumer
internal import PosternGateway
internal import PosternJSON
internal import PosternModel
internal import PosternPlatforms
internal import PosternStore

/// Turning a stored delivery into events, as the consumer does it: for every platform with a body of 1 KiB, and for one
/// that sends lists with longer ones.
enum NormalizeCases {
    @Sendable static func all() throws(CaseFailure) -> [MeasuredCase] {
        var cases: [MeasuredCase] = []
        for name in try PlatformRequest.platforms() {
            cases.append(
                MeasuredCase("normalize/\(name)") { () throws(CaseFailure) in
                    let request = try PlatformRequest(name)
                    return try Self.work(request, body: Array(request.body.readableBytesView))
                }
            )
        }
        for bytes in [8192, 65_536] {
            cases.append(
                MeasuredCase("normalize/hubspot, \(bytes) B of events", isLarge: bytes >= 65_536) {
                    () throws(CaseFailure) in
                    let request = try PlatformRequest(try PlatformRequest.name("hubspot"))
                    return try Self.work(request, body: try Self.list(of: request.body, bytes: bytes))
                }
            )
        }
        return cases
    }

    /// The first event of a list, as often as it fits.
    private static func list(of body: ByteBuffer, bytes: Int) throws(CaseFailure) -> [UInt8] {
        guard let document = try? JSONDocument(bytes: Array(body.readableBytesView)),
            let event = document.root.element(at: 0)
        else { throw .cannotPrepare("the sample is no list") }
        return JSONCases.list(of: Array(event.rawBytes), bytes: bytes)
    }

    private static func work(_ request: PlatformRequest, body: [UInt8]) throws(CaseFailure) -> MeasuredCase.Work {
        let normalizer = PlatformNormalizer(try PlatformRequest.catalog())
        let headers = StoredHeaders.encode(
            target: request.target,
            headers: request.headers,
            secretHeaders: request.verifier.secretHeaderNames,
            allocator: ByteBufferAllocator()
        )
        let content = DeliveryContent(
            lane: Lane(0),
            id: DeliveryID(UniqueID(high: 0x7000, low: 1)),
            organization: OrganizationID(UniqueID(high: 1, low: 1)),
            endpoint: EndpointID(UniqueID(high: 2, low: 1)),
            platform: request.platform.name.text,
            headers: Array(headers.readableBytesView),
            body: body
        )
        return { (count: Int) throws(CaseFailure) in
            for _ in 0..<count {
                let normalization = normalizer.normalize(content, parameters: request.parameters)
                guard case .events(let normalized, _, _) = normalization, !normalized.events.isEmpty else {
                    throw .wrongResult("\(request.platform.name): \(normalization)")
                }
            }
        }
    }
}
