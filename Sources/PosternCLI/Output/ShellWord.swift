internal import PosternModel

/// A word of a command line that is printed to be pasted.
enum ShellWord {
    /// The word as it is, or in quotes when a shell would see more than a word in it.
    ///
    /// Source: POSIX.1-2017, "Shell Command Language", section 2.2.2.
    static func quoted(_ word: String) -> String {
        let isPlain = !word.isEmpty && word.utf8.allSatisfy { $0.isLetterOrDigitASCII || "/._-+:@".utf8.contains($0) }
        return isPlain ? word : "'" + word.replacing("'", with: "'\\''") + "'"
    }
}
