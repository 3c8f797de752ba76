internal import PosternModel

/// Secret headers as they are given on the command line.
enum DestinationHeaders {
    /// Reads 'Name: value'; a value that is '-' is read from standard input, a line for each.
    ///
    /// - Throws: ``CommandFailure``.
    static func parse(_ texts: [String]) throws -> [(name: String, value: Secret)] {
        try HeaderText.parse(texts).map { header in
            (header.name, Secret(header.value == "-" ? try InputFile.line() : header.value))
        }
    }
}
