/// What is wrong in a platform definition, and where.
package struct DefinitionError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The file as the reader was given it.
    package let file: String
    /// The line, from 1; 0 when the file as a whole is meant.
    package let line: Int
    /// What is wrong and what would be right, as a sentence for the author of the file.
    package let reason: String

    /// Joins place and reason.
    package init(file: String, line: Int, reason: String) {
        self.file = file
        self.line = line
        self.reason = reason
    }

    /// `Platforms/x/platform.yaml:12: reason`, which editors make a link of.
    package var description: String {
        self.line > 0 ? "\(self.file):\(self.line): \(self.reason)" : "\(self.file): \(self.reason)"
    }
}
