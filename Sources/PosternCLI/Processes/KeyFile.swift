internal import FoundationEssentials
internal import Glibc
internal import PosternCrypto

/// The file of the key under which secrets are sealed.
///
/// It is not in the database, and only its owner may read it.
enum KeyFile {
    /// Reads a key.
    ///
    /// - Throws: ``CommandFailure`` when it is missing, readable by others, or not a key.
    static func read(_ path: String) throws -> SealingKeyring {
        let text: String
        do {
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int ?? 0o600
            guard mode & 0o077 == 0 else {
                throw CommandFailure(
                    code: "key_file_exposed",
                    message:
                        "the key file \(path) can be read by others (mode \(String(mode, radix: 8))); run 'chmod 600 \(path)'"
                )
            }
            text = try String(contentsOfFile: path, encoding: .utf8)
        } catch let failure as CommandFailure {
            throw failure
        } catch {
            throw CommandFailure(
                code: "key_file_unreadable",
                message:
                    "cannot read the key file \(path): \(FileFault.reason(error)); set POSTERN_KEY_FILE to the file that 'postern up' or you made"
            )
        }
        do {
            return SealingKeyring(primary: try SealingKey(fileText: text))
        } catch {
            throw CommandFailure(code: "key_file_malformed", message: "the key file \(path) holds no key: \(error)")
        }
    }

    /// Makes a key if there is none.
    ///
    /// - Throws: ``CommandFailure`` when it cannot be written.
    static func makeIfMissing(_ path: String) throws {
        guard !FileManager.default.fileExists(atPath: path) else { return }
        do {
            let key = try SealingKey.generate()
            // Made with its mode: there is no moment at which others could read it.
            let previous = umask(0o077)
            defer { umask(previous) }
            guard
                FileManager.default.createFile(
                    atPath: path,
                    contents: Data(key.fileText.utf8),
                    attributes: [.posixPermissions: 0o600]
                )
            else { throw CommandFailure(code: "key_file_unwritable", message: "cannot write the key file \(path)") }
        } catch let failure as CommandFailure {
            throw failure
        } catch {
            throw CommandFailure(code: "key_file_unwritable", message: "cannot make the key file \(path): \(error)")
        }
    }
}
