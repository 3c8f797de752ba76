/// Name and labels of one series, as its sample lines begin.
struct SeriesText: Sendable {
    private let name: String
    /// `platform="meta",outcome="accepted"`, without braces.
    private let labels: String

    init(name: String, labels: String) {
        self.name = name
        self.labels = labels
    }

    /// Writes one sample line.
    ///
    /// - Parameters:
    ///   - suffix: What follows the metric's name.
    ///   - bound: The value of the label `le`.
    ///   - value: The sample.
    ///   - output: Where it goes.
    func write(suffix: String = "", bound: String? = nil, value: String, to output: inout [UInt8]) {
        output += self.name.utf8
        output += suffix.utf8
        if bound != nil || !self.labels.isEmpty {
            output.append(UInt8(ascii: "{"))
            output += self.labels.utf8
            if let bound {
                if !self.labels.isEmpty { output.append(UInt8(ascii: ",")) }
                output += "le=\"\(bound)\"".utf8
            }
            output.append(UInt8(ascii: "}"))
        }
        output.append(UInt8(ascii: " "))
        output += value.utf8
        output.append(UInt8(ascii: "\n"))
    }
}
