/// A request of a platform with what must come of it.
package struct Sample: Sendable, CustomStringConvertible {
    /// The name of both files without what follows the first dot.
    package let name: String
    /// The request.
    package let request: SampleRequest
    /// What must come of it.
    package let expectation: SampleExpectation

    /// Reads both files.
    ///
    /// - Throws: ``SampleError`` for either.
    package init(name: String, request: [UInt8], expectation: [UInt8]) throws(SampleError) {
        self.name = name
        self.request = try SampleRequest(request)
        self.expectation = try SampleExpectation(expectation)
    }

    package var description: String { self.name }
}
