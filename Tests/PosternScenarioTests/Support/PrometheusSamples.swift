/// The samples of a page in Prometheus text format 0.0.4, read strictly.
///
/// Source: Prometheus, "Exposition formats", "Text format details".
struct PrometheusSamples {
    private struct Sample {
        let name: String
        let labels: [String]
        let value: Double
    }

    private let samples: [Sample]

    /// Reads a page.
    ///
    /// - Throws: ``ScenarioFailure`` with the first line that breaks the format, or a sample whose metric has no TYPE.
    init(_ text: String) throws {
        guard text.hasSuffix("\n") else { throw ScenarioFailure("the page does not end with a line feed") }
        var types: Set<Substring> = []
        var samples: [Sample] = []
        for line in text.split(separator: "\n") {
            if line.hasPrefix("# TYPE ") {
                let words = line.split(separator: " ")
                guard words.count == 4, ["counter", "gauge", "histogram", "summary"].contains(words[3]) else {
                    throw ScenarioFailure("a bad TYPE: \(line)")
                }
                guard types.insert(words[2]).inserted else { throw ScenarioFailure("a second TYPE: \(line)") }
                continue
            }
            if line.hasPrefix("# HELP ") { continue }
            let sample = try Self.sample(line)
            let base = ["_bucket", "_sum", "_count"].first { sample.name.hasSuffix($0) }
                .map { sample.name.dropLast($0.count) }
            guard types.contains(sample.name[...]) || base.map(types.contains) == true else {
                throw ScenarioFailure("no TYPE before: \(line)")
            }
            samples.append(sample)
        }
        self.samples = samples
    }

    /// The sum over all samples of a metric that carry these labels, each `name="value"`.
    func sum(_ name: String, _ labels: String...) -> Double {
        self.samples.filter { $0.name == name && labels.allSatisfy($0.labels.contains) }.reduce(0) { $0 + $1.value }
    }

    private static func sample(_ line: Substring) throws -> Sample {
        let name = line.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == ":" }
        var rest = line.dropFirst(name.count)
        var labels: [String] = []
        if rest.first == "{" {
            guard let end = rest.lastIndex(of: "}") else { throw ScenarioFailure("unclosed labels: \(line)") }
            labels = rest[..<end].dropFirst().split(separator: ",").map(String.init)
            rest = rest[rest.index(after: end)...]
            guard labels.allSatisfy({ $0.wholeMatch(of: #/[a-zA-Z_][a-zA-Z0-9_]*="[^"]*"/#) != nil }) else {
                throw ScenarioFailure("bad labels: \(line)")
            }
        }
        guard !name.isEmpty, rest.first == " ", let value = Self.value(rest.dropFirst()) else {
            throw ScenarioFailure("not a sample: \(line)")
        }
        return Sample(name: String(name), labels: labels, value: value)
    }

    private static func value(_ text: Substring) -> Double? {
        switch text {
        case "+Inf": .infinity
        case "NaN": .nan
        default: Double(text)
        }
    }
}
