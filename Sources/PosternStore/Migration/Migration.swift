internal import PosternCrypto

/// One numbered step of the schema, as compiled into the program.
package struct Migration: Sendable, Equatable {
    /// Its place in the order, from 1.
    package let number: Int32
    /// Its file's name without the extension: `0001_foundation`.
    package let name: String
    /// The statements.
    package let sql: String
    /// SHA-256 of the file in lowercase hexadecimal digits; tells that an applied file was changed afterwards.
    package let digest: String

    /// Reads a migration from a file's name and contents.
    ///
    /// - Throws: ``MigrationError/malformedName(_:)`` unless the name is four digits, an underscore and a word, or
    ///   ``MigrationError/digestFailed(_:)``.
    package init(name: String, contents: [UInt8]) throws(MigrationError) {
        let digits = name.prefix { $0.isASCII && $0.isNumber }
        guard digits.utf8.count == 4, name.dropFirst(4).first == "_", name.utf8.count > 5, let number = Int32(digits),
            number > 0
        else { throw .malformedName(name) }
        self.number = number
        self.name = name
        self.sql = String(decoding: contents, as: UTF8.self)
        do {
            self.digest = try HashStream.digest(.sha256, contents.span).hexadecimal
        } catch {
            throw .digestFailed(error)
        }
    }
}
